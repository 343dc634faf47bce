use super::super::keys::Key;
use super::*;

fn row(name: &str) -> Row {
    Row {
        name: name.to_owned(),
        account: "123456789012".to_owned(),
        role: "admin".to_owned(),
        state: "11h 59m".to_owned(),
        works: true,
    }
}

fn drawn(rows: &[Row], size: (usize, usize), typed: &str) -> String {
    let mut list = List::new(rows, 0);
    typed.chars().for_each(|c| list.press(&Key::Char(c)));
    frame(&mut list, size, false, false)
}

#[test]
fn no_line_is_longer_than_the_terminal_is_wide_and_no_frame_higher() {
    let hostile = [
        "a".repeat(10_000),
        "\x1b[2J\x1b]0;title\x07".repeat(50),
        "山".repeat(3_000),
        "line\r\nbreak".to_owned(),
    ];
    let rows: Vec<Row> = hostile.iter().map(|name| row(name)).collect();
    for size in [(1, 1), (2, 5), (3, 20), (5, 40), (24, 80), (50, 200)] {
        for typed in ["", "a", &"x".repeat(300)] {
            let text = drawn(&rows, size, typed);
            assert!(
                !text.contains('\x07') && !text.contains("\x1b[2J"),
                "{text:?}"
            );
            let lines = text.split("\r\n").count();
            assert!(lines <= size.0.max(1), "{lines} lines in {size:?}");
        }
    }
}

#[test]
fn the_columns_stand_under_each_other() {
    let rows = [row("dev"), row("production")];
    let text = drawn(&rows, (24, 80), "");
    for begin in [15, 29, 36] {
        assert_eq!(
            text.matches(&format!("\x1b[{begin}G")).count(),
            2,
            "{text:?}"
        );
    }
    assert!(text.contains("2/2  enter"), "{text:?}");
}

/// A shorter name on a line where a longer one was.
#[test]
fn nothing_is_left_of_what_was_drawn_before() {
    let text = drawn(&[row("dev"), row("production")], (24, 80), "");
    for name in ["dev", "production"] {
        let end = text.find(name).unwrap() + name.len();
        let rest = text[end..].trim_start_matches("\x1b[0m");
        assert!(rest.starts_with("\x1b[K"), "{rest:?}");
    }
}

#[test]
fn what_fits_is_underlined() {
    let text = drawn(&[row("dev")], (24, 80), "dv 34 ad");
    let role = "\x1b[4ma\x1b[24m\x1b[4md\x1b[24mmin";
    assert!(text.contains(role), "{text:?}");
    assert!(
        text.contains("12\x1b[4m3\x1b[24m\x1b[4m4\x1b[24m5"),
        "{text:?}"
    );
    assert!(
        text.contains("\x1b[4md\x1b[24me\x1b[4mv\x1b[24m"),
        "{text:?}"
    );
}

use super::*;

fn row(name: &str, account: &str, role: &str) -> Row {
    Row {
        name: name.to_owned(),
        account: account.to_owned(),
        role: role.to_owned(),
        state: String::new(),
        works: true,
    }
}

fn rows() -> Vec<Row> {
    vec![
        row("default", "123456789012", ""),
        row("shop-prod", "210987654321", "admin"),
        row("shop-dev", "123456789012", "developer"),
    ]
}

fn typed(list: &mut List, text: &str) {
    text.chars().for_each(|c| list.press(&Key::Char(c)));
}

fn names<'r>(list: &mut List<'r>) -> Vec<&'r str> {
    list.shown(10).iter().map(|s| &*s.row.name).collect()
}

#[test]
fn a_name_an_account_and_a_role_are_found() {
    for (query, found) in [
        ("sdev", "shop-dev"),
        ("210987", "shop-prod"),
        ("admin", "shop-prod"),
        ("1234 devel", "shop-dev"),
        ("DEF", ""),
    ] {
        let rows = rows();
        let mut list = List::new(&rows, 0);
        typed(&mut list, query);
        assert_eq!(
            names(&mut list).first().copied().unwrap_or_default(),
            found,
            "{query}"
        );
    }
}

#[test]
fn what_fits_equally_stays_in_order() {
    let rows = [row("b1", "", ""), row("a1", "", ""), row("c1", "", "")];
    let mut list = List::new(&rows, 0);
    typed(&mut list, "1");
    assert_eq!(names(&mut list), ["b1", "a1", "c1"]);
}

#[test]
fn keys_edit_the_query_as_a_shell_does() {
    let rows = rows();
    let mut list = List::new(&rows, 0);
    typed(&mut list, "shop dev");
    list.press(&Key::DeleteWord);
    assert_eq!(list.query(), "shop ");
    list.press(&Key::DeleteWord);
    assert_eq!(list.query(), "");
    typed(&mut list, "ab");
    list.press(&Key::Backspace);
    assert_eq!((list.query(), list.counts()), ("a", (2, 3)));
    list.press(&Key::Clear);
    assert_eq!((list.query(), list.counts()), ("", (3, 3)));
    list.press(&Key::Backspace);
    assert_eq!(list.query(), "");
}

#[test]
fn the_chosen_row_is_always_among_those_shown() {
    let rows: Vec<Row> = (0..50).map(|n| row(&format!("p{n}"), "", "")).collect();
    let mut list = List::new(&rows, 30);
    let keys = [
        Key::Down,
        Key::PageDown,
        Key::PageDown,
        Key::PageDown,
        Key::Up,
        Key::PageUp,
        Key::Char('p'),
        Key::PageUp,
    ];
    for room in [1, 2, 7, 60] {
        for key in keys.iter().chain(&[Key::Clear, Key::PageDown]) {
            list.press(key);
            let shown = list.shown(room);
            assert_eq!(shown.len(), room.min(50));
            let chosen: Vec<_> = shown.iter().filter(|s| s.is_chosen).collect();
            assert_eq!(chosen.len(), 1, "{key:?} with {room}");
            let picked = list.picked().unwrap();
            assert_eq!(chosen[0].row, &rows[picked]);
        }
    }
}

#[test]
fn where_nothing_fits_nothing_is_picked() {
    let rows = rows();
    let mut list = List::new(&rows, 0);
    typed(&mut list, "zzz");
    for key in [Key::Down, Key::Up, Key::PageDown] {
        list.press(&key);
    }
    assert_eq!((list.picked(), list.counts()), (None, (0, 3)));
    list.press(&Key::Clear);
    assert_eq!(list.picked(), Some(0));
}

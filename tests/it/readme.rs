//! The README in Japanese is the README: the same sections in the same order, the same code to the letter.
use std::fs;

/// What must not depend on the language: headings by their level, indented code, the commands in tables.
fn skeleton(file: &str) -> Vec<String> {
    let path = format!("{}/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(path).unwrap();
    let kept = text.lines().filter_map(|line| {
        let level = line.chars().take_while(|c| *c == '#').count();
        if level > 0 {
            return Some("#".repeat(level));
        }
        if line.starts_with("    ") {
            return Some(line.trim_end().to_owned());
        }
        // The first cell names a shell or a tool; commands stand between backquotes.
        line.starts_with("| ").then(|| {
            let commands: Vec<&str> = line.split('`').skip(1).step_by(2).collect();
            format!("| {}", commands.join(" "))
        })
    });
    kept.collect()
}

#[test]
fn the_japanese_readme_keeps_step_with_the_english_one() {
    let (english, japanese) = (skeleton("README.md"), skeleton("README.ja.md"));
    let differs = english
        .iter()
        .zip(&japanese)
        .find(|(english, japanese)| english != japanese);
    assert_eq!(differs, None, "the first difference, English left");
    assert_eq!(english.len(), japanese.len());
}

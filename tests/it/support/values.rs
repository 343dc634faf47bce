//! Values by the class of what a shell could make of them. Those with a command in them touch `canary`.

use std::path::Path;
use std::sync::OnceLock;

/// A column of the matrix.
#[derive(Debug)]
pub struct Class {
    pub name: &'static str,
    pub values: Vec<String>,
}

const WRITTEN: &[(&str, &[&str])] = &[
    (
        "plain",
        &[
            "IQoJb3JpZ2luX2VjEK//+token==",
            "A",
            "0",
            "x.y",
            "a_b",
            "a-b:c",
        ],
    ),
    // Nothing to quote, and yet a shell may read it as something else where it stands alone.
    (
        "bare",
        &[
            "=ls", "-n", "-", "--", "+x", "@x", ",", ".", "..", ":", "/", "=", "a=b", "0x1", "1e3",
            "true",
        ],
    ),
    ("blanks", &[" ", "a b", " a", "a ", "a  b", "\t", "a\tb"]),
    (
        "quotes",
        &[
            "'",
            "\"",
            "''",
            "'; touch canary; '",
            "'\\''; touch canary; '",
            "\\'; touch canary; '",
            "\"; touch canary; \"",
            "'''; touch canary; '''",
            "\u{2019}; touch canary; \u{2018}",
            "\u{201b}; touch canary; \u{201a}",
        ],
    ),
    (
        "expansions",
        &[
            "$(touch canary)",
            "`touch canary`",
            "${x:-$(touch canary)}",
            "a[$(touch canary)]",
            "<(touch canary)",
            "=(touch canary)",
            "@(touch canary)",
            "$HOME",
            "~root",
            "%PATH%",
            "!!",
            "!touch",
        ],
    ),
    (
        "globs",
        &[
            "*",
            "?",
            "[a-z]",
            "{a,b}",
            "**/*",
            "^x",
            "#x",
            "*(e:touch canary:)",
        ],
    ),
    (
        "commands",
        &[
            "; touch canary #",
            "&& touch canary",
            "| touch canary",
            "a&touch canary",
            "(touch canary)",
            "{ touch canary; }",
            "> canary",
            "<canary",
        ],
    ),
    ("backslashes", &["\\", "a\\", "\\\\", "\\n", "\\x41", "\\'"]),
    (
        "lines",
        &[
            "\n",
            "\r",
            "x\n",
            "x\ntouch canary\n",
            "x\r\ntouch canary",
            "x\u{2028}touch canary",
        ],
    ),
    (
        "beyond ASCII",
        &[
            "caf\u{e9}",
            "e\u{301}",
            "\u{65e5}\u{672c}",
            "\u{1f511}",
            "\u{202e}x",
            "\u{feff}x",
            "\u{fffe}",
        ],
    ),
    (
        "controls",
        &[
            "\u{1b}]0;owned\u{7}",
            "\u{9b}2J",
            "\u{1}",
            "\u{8}",
            "\u{7f}",
        ],
    ),
];

/// Every class, the public list of naughty strings last where it lies beside the project.
pub fn classes() -> &'static [Class] {
    static CLASSES: OnceLock<Vec<Class>> = OnceLock::new();
    CLASSES.get_or_init(|| {
        let written = WRITTEN.iter().map(|(name, values)| Class {
            name,
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        });
        // STS says that a token may reach 4,096 bytes; twice that is supported.
        let long = [4_096, 8_192].map(|length| "IQoJb3JpZ2luX2Vj".repeat(length / 16));
        let long = Class {
            name: "long",
            values: long.to_vec(),
        };
        written.chain([long]).chain(naughty()).collect()
    })
}

/// All values that have a command in them or mean something to some shell, and the naughty ones.
pub fn strings() -> Vec<String> {
    let classes = classes().iter().filter(|class| class.name != "long");
    classes.flat_map(|class| class.values.clone()).collect()
}

fn naughty() -> Option<Class> {
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/vectors/naughty-strings.json");
    let Ok(json) = std::fs::read(list) else {
        super::shells::say_skipped("there is no ../shared/vectors/naughty-strings.json");
        return None;
    };
    let mut values: Vec<String> = serde_json::from_slice(&json).unwrap();
    // Neither an argument nor a variable can hold the byte that ends it.
    values.retain(|value| !value.contains('\0'));
    Some(Class {
        name: "naughty",
        values,
    })
}

/// What STS may send: printable ASCII that means nothing to any shell.
pub fn is_sent_by_sts(value: &str) -> bool {
    let harmless = |b: u8| b.is_ascii_graphic() && !b"'\"`$*?[]{}~!<>|&;()#^%\\".contains(&b);
    !value.is_empty() && value.bytes().all(harmless)
}

/// What an SDK reads as the name of a profile.
pub fn is_profile(value: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"_-/.%@:+".contains(&b);
    !value.is_empty() && value.bytes().all(fits)
}

use std::io::Write;

use super::*;

fn headers(kind: FileKind, text: &str) -> Vec<Header> {
    let sections = scan(kind, text).unwrap();
    sections.into_iter().map(|s| s.header).collect()
}

#[test]
fn a_profile_is_spelled_differently_in_the_two_files() {
    let profile = |name: &str| Header::Profile(name.into());
    let text = "[default]\n[profile dev]\n[services local]\nsts =\n  endpoint_url = http://x\n";
    assert_eq!(
        headers(FileKind::Config, text),
        [
            profile("default"),
            profile("dev"),
            Header::Services("local".into())
        ]
    );
    assert_eq!(
        headers(FileKind::Credentials, "[default]\n[dev]\n"),
        [profile("default"), profile("dev")]
    );
    assert!(matches!(
        headers(FileKind::Config, "[dev]")[..],
        [Header::Ignored(_)]
    ));
    assert!(matches!(
        headers(FileKind::Config, "[profile a b]")[..],
        [Header::Ignored(_)]
    ));
    assert!(matches!(
        headers(FileKind::Credentials, "[profile dev]")[..],
        [Header::Ignored(_)]
    ));
}

#[test]
fn a_section_reaches_to_the_next_header_and_keeps_its_line() {
    let text = "# head\n[profile a]\nregion = x\n\n[profile b]\nregion = y";
    let sections = scan(FileKind::Config, text).unwrap();
    assert_eq!(
        &text[sections[0].range.clone()],
        "[profile a]\nregion = x\n\n"
    );
    assert_eq!(&text[sections[1].range.clone()], "[profile b]\nregion = y");
    assert_eq!((sections[0].line, sections[1].line), (2, 5));
}

#[test]
fn a_syntax_error_names_its_line() {
    for (text, line) in [
        ("region = x\n", 1),
        ("[profile a\n", 1),
        ("[profile a]\n\nregion x\n", 3),
        ("[profile a]\n region = x\n", 2),
        ("[profile a]\ns3 =\n  nothing\n", 3),
        ("[profile a]\n= x\n", 2),
    ] {
        assert_eq!(
            scan(FileKind::Config, text).unwrap_err().line,
            line,
            "{text}"
        );
    }
}

/// The SDK's own vectors for its parser, where they are.
pub fn sdk_vectors() -> Option<Vec<serde_json::Value>> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../shared/vectors/aws-profile-parser-tests.json"
    );
    let Ok(text) = std::fs::read_to_string(path) else {
        // Past the capture of the test runner: who reads the log must see it.
        let skipped = "SKIPPED: there is no ../shared/vectors/aws-profile-parser-tests.json\n";
        std::io::stderr().write_all(skipped.as_bytes()).unwrap();
        return None;
    };
    let vectors: serde_json::Value = serde_json::from_str(&text).unwrap();
    vectors["tests"].as_array().cloned()
}

/// The SDK's own vectors: this scanner refuses exactly the files that the SDK refuses, and handing
/// the SDK one profile's sections gives what handing it the whole file gives.
#[test]
fn the_sdk_vectors_are_read_as_the_sdk_reads_them() {
    let Some(tests) = sdk_vectors() else {
        return;
    };
    assert!(tests.len() > 50);
    for test in &tests {
        let config = test["input"]["configFile"].as_str().unwrap_or_default();
        let credentials = test["input"]["credentialsFile"]
            .as_str()
            .unwrap_or_default();
        let scanned = scan(FileKind::Config, config).and(scan(FileKind::Credentials, credentials));
        let refused = test["output"].get("errorContaining").is_some();
        assert_eq!(scanned.is_err(), refused, "{}", test["name"]);
        if !refused {
            compare(test, config, credentials);
        }
    }
}

fn compare(test: &serde_json::Value, config: &str, credentials: &str) {
    let files = super::super::AwsFiles::of_text(config, credentials).unwrap();
    let expected = test["output"]["config"]["profiles"]
        .as_object()
        .or(test["output"]["profiles"].as_object());
    let Some(expected) = expected else {
        return;
    };
    for (name, values) in expected {
        let found = files
            .profile(name)
            .unwrap_or_else(|| panic!("{name} in {}", test["name"]));
        for (key, value) in values.as_object().unwrap() {
            let value = value.as_str().unwrap();
            assert_eq!(
                found.get(key).unwrap_or_default(),
                value,
                "{}",
                test["name"]
            );
        }
    }
}

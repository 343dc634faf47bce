//! THREAT-MODEL.md names a test for each promise: they must exist under that name.
use std::fs;
use std::path::Path;

#[test]
fn every_promise_names_a_test_that_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("THREAT-MODEL.md")).unwrap();
    let mut proofs = 0;
    for row in page.lines().filter(|line| line.starts_with("| ")) {
        let (_, proof) = row.trim_end_matches(" |").rsplit_once(" | ").unwrap();
        if ["proof", "---"].contains(&proof) {
            continue;
        }
        for named in proof.split(", ") {
            let (file, test) = named.trim_matches('`').split_once("::").unwrap();
            let file = match file.ends_with(".rs") {
                true => root.join(file),
                false => root.join("tests/it").join(file).with_extension("rs"),
            };
            let text = fs::read_to_string(&file).unwrap_or_default();
            assert!(
                text.contains(&format!("fn {test}()")),
                "{named} is not there"
            );
            proofs += 1;
        }
    }
    assert!(proofs > 30, "{proofs}");
}

//! What a release is made of. The workflows cannot run here; the scripts that they call can.
#![cfg(unix)]
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::shells::installed;
use crate::support::world::AWSMFA;

const WORKFLOWS: [&str; 2] = [
    include_str!("../../.github/workflows/ci.yml"),
    include_str!("../../.github/workflows/release.yml"),
];

fn root() -> PathBuf {
    env!("CARGO_MANIFEST_DIR").into()
}

/// Runs a program in a folder; its standard output.
#[track_caller]
fn run(folder: &Path, program: &str, args: &[&str]) -> String {
    let mut command = Command::new(program);
    let ran = command.args(args).current_dir(folder).output().unwrap();
    let stderr = String::from_utf8(ran.stderr).unwrap();
    assert!(ran.status.success(), "{program} {args:?}: {stderr}");
    String::from_utf8(ran.stdout).unwrap()
}

/// What the release is built for.
fn targets() -> Vec<&'static str> {
    let cells = WORKFLOWS[1].split("{ target: ").skip(1);
    cells.map(|cell| cell.split(',').next().unwrap()).collect()
}

#[test]
fn an_archive_holds_the_program_and_what_goes_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let script = root().join("packaging/archive");
    let dist = folder.path().join("dist");
    let args = [AWSMFA, "x86_64-unknown-linux-musl", dist.to_str().unwrap()];
    run(folder.path(), script.to_str().unwrap(), &args);
    let name = format!("awsmfa-{}-{}", env!("CARGO_PKG_VERSION"), args[1]);
    let archive = format!("{name}.tar.gz");
    let check = format!("sha256sum -c {archive}.sha256 || shasum -a 256 -c {archive}.sha256");
    run(&dist, "sh", &["-c", &check]);
    run(&dist, "tar", &["-xzf", &archive]);
    let inside = dist.join(name);
    let version = run(&inside, "./awsmfa", &["--version"]);
    assert_eq!(version, concat!("awsmfa ", env!("CARGO_PKG_VERSION"), "\n"));
    let there: BTreeSet<_> = std::fs::read_dir(inside.join("completions"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    for file in ["awsmfa.1", "awsmfa.bash", "_awsmfa", "awsmfa.fish"] {
        assert!(there.contains(file), "{file}: {there:?}");
    }
    for file in ["README.md", "README.ja.md", "LICENSE"] {
        assert!(inside.join(file).is_file(), "{file}");
    }
}

#[test]
fn the_manifests_have_the_sum_of_each_archive_and_no_hole() {
    let dist = tempfile::tempdir().unwrap();
    let version = env!("CARGO_PKG_VERSION");
    for (number, target) in targets().into_iter().enumerate() {
        let ending = if target.contains("windows") {
            "zip"
        } else {
            "tar.gz"
        };
        let archive = format!("awsmfa-{version}-{target}.{ending}");
        let sum = format!("{number:064x}  {archive}\n");
        std::fs::write(dist.path().join(format!("{archive}.sha256")), sum).unwrap();
    }
    let script = root().join("packaging/manifests");
    let repository = "https://example.invalid/somebody/awsmfa";
    run(dist.path(), script.to_str().unwrap(), &[".", repository]);
    let text = std::fs::read_to_string(dist.path().join("awsmfa.json")).unwrap();
    let scoop: serde_json::Value = serde_json::from_str(&text).unwrap();
    let windows = &scoop["architecture"]["64bit"];
    let place = targets()
        .iter()
        .position(|t| t.contains("windows"))
        .unwrap();
    assert_eq!(windows["hash"], format!("{place:064x}"));
    let url = format!(
        "{repository}/releases/download/v{version}/awsmfa-{version}-x86_64-pc-windows-msvc.zip"
    );
    assert_eq!(windows["url"], url);
    if installed("ruby", false) {
        run(dist.path(), "ruby", &["-c", "awsmfa.rb"]);
    }
    let formula = std::fs::read_to_string(dist.path().join("awsmfa.rb")).unwrap();
    assert_eq!(formula.matches("sha256 \"00").count(), 4, "{formula}");
}

#[test]
fn every_file_that_a_package_or_a_workflow_names_is_there() {
    let manifest = run(
        &root(),
        env!("CARGO"),
        &["metadata", "--no-deps", "--offline", "--format-version=1"],
    );
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let assets = &manifest["packages"][0]["metadata"]["deb"]["assets"];
    let assets = assets
        .as_array()
        .unwrap()
        .iter()
        .map(|asset| asset[0].as_str().unwrap());
    let built = |file: &&str| !file.starts_with("target/");
    let words = WORKFLOWS.iter().flat_map(|text| text.split_whitespace());
    let scripts = words.filter(|word| word.starts_with("packaging/") || word.starts_with(".ci/"));
    let files: BTreeSet<&str> = assets.filter(built).chain(scripts).collect();
    assert!(files.len() > 8, "{files:?}");
    for file in files {
        assert!(root().join(file).is_file(), "{file}");
    }
}

/// A name that is mistyped there would only be found by the first release.
#[test]
fn every_test_that_a_workflow_names_is_there() {
    let words = WORKFLOWS[0].split_whitespace();
    let named: Vec<_> = words
        .skip_while(|word| *word != "--test")
        .filter(|word| word.ends_with("::") || word.starts_with("powershell"))
        .collect();
    assert!(named.len() > 3, "{named:?}");
    let files = std::fs::read_dir(root().join("tests/it")).unwrap();
    let files: Vec<String> = files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    for name in named {
        let name = name.trim_end_matches("::");
        assert!(files.iter().any(|file| file.starts_with(name)), "{name}");
    }
}

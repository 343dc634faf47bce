//! Every page is there in Japanese too: the same sections in the same order, the same code to the letter. What the pages
//! link to is there, and each page is linked to.
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What must not depend on the language: headings by their level, indented code, the commands in tables.
fn skeleton(file: &Path) -> Vec<String> {
    let text =
        fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
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

/// Every page in English and its Japanese twin.
fn pages() -> Vec<(PathBuf, PathBuf)> {
    let mut pages = vec![(root().join("README.md"), root().join("README.ja.md"))];
    for entry in fs::read_dir(root().join("docs")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "md") {
            let name = path.file_name().unwrap().to_owned();
            pages.push((path, root().join("docs/ja").join(name)));
        }
    }
    pages.sort();
    let in_japanese = fs::read_dir(root().join("docs/ja")).unwrap().count();
    assert_eq!(in_japanese + 1, pages.len(), "a page has no twin");
    pages
}

#[test]
fn the_japanese_pages_keep_step_with_the_english_ones() {
    for (english, japanese) in pages() {
        let (left, right) = (skeleton(&english), skeleton(&japanese));
        let differs = left.iter().zip(&right).find(|(left, right)| left != right);
        let name = english.display();
        assert_eq!(differs, None, "{name}: the first difference, English left");
        assert_eq!(left.len(), right.len(), "{name}");
    }
}

/// What a page links to in the repository. Code has no links, whatever its brackets look like.
fn links(page: &Path) -> Vec<PathBuf> {
    let text = fs::read_to_string(page).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with("    "));
    let parts = lines.flat_map(|line| line.split("](").skip(1));
    let targets = parts.filter_map(|part| part.split([')', '#']).next());
    let is_file = |target: &&str| !target.is_empty() && !target.contains("://");
    let folder = page.parent().unwrap();
    targets
        .filter(is_file)
        .map(|target| folder.join(target))
        .collect()
}

#[test]
fn every_link_leads_to_a_file_and_every_page_is_linked_to() {
    let pages: Vec<PathBuf> = pages()
        .into_iter()
        .flat_map(|(english, japanese)| [english, japanese])
        .collect();
    let others =
        ["CHANGELOG.md", "CONTRIBUTING.md", "THREAT-MODEL.md"].map(|name| root().join(name));
    let mut linked = BTreeSet::new();
    for page in pages.iter().chain(&others) {
        for target in links(page) {
            let file = target.canonicalize();
            linked.insert(file.unwrap_or_else(|error| {
                panic!("{}: {}: {error}", page.display(), target.display())
            }));
        }
    }
    for page in pages {
        let is_linked = linked.contains(&page.canonicalize().unwrap());
        assert!(is_linked, "no page links to {}", page.display());
    }
}

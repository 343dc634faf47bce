//! The pages in Japanese are the pages: the same sections in the same order, the same code to the letter. And what they
//! all link to is there.
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

/// Every page in English that has a Japanese twin, and that. The other pages are in English alone so far.
fn pages() -> Vec<(PathBuf, PathBuf)> {
    let mut pages = vec![(root().join("README.md"), root().join("README.ja.md"))];
    for entry in fs::read_dir(root().join("docs")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "md") {
            let name = path.file_name().unwrap().to_owned();
            let japanese = root().join("docs/ja").join(name);
            if japanese.exists() {
                pages.push((path, japanese));
            }
        }
    }
    pages.sort();
    assert!(pages.len() > 8, "{pages:?}");
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

/// A link to a file of the repository leads somewhere.
#[test]
fn every_link_leads_to_a_file() {
    let mut count = 0;
    for page in pages()
        .into_iter()
        .flat_map(|(english, japanese)| [english, japanese])
    {
        let text = fs::read_to_string(&page).unwrap();
        for part in text.split("](").skip(1) {
            let target = part.split([')', '#']).next().unwrap();
            if target.is_empty() || target.contains("://") {
                continue;
            }
            let file = page.parent().unwrap().join(target);
            assert!(file.exists(), "{}: {target}", page.display());
            count += 1;
        }
    }
    assert!(count > 0);
}

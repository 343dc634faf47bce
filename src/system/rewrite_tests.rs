use super::*;
use std::convert::Infallible;
use std::fs::{self, OpenOptions};
use std::io::Write;

/// Adds a line of ours, once `meanwhile` has done what another program does between our reading and our renaming.
fn add_a_line(path: &Path, mut meanwhile: impl FnMut(u32)) -> Result<Done, Failure<Infallible>> {
    let mut asked = 0;
    rewrite(path, Patience::Short, &mut |_| {}, |bytes| {
        asked += 1;
        meanwhile(asked);
        Ok(Zeroizing::new([bytes, b"ours\n"].concat()))
    })
}

fn append(path: &Path, line: &str) {
    let mut file = OpenOptions::new().append(true).open(path).unwrap();
    file.write_all(line.as_bytes()).unwrap();
}

fn in_a_folder(text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    fs::write(&path, text).unwrap();
    (folder, path)
}

#[track_caller]
fn holds(path: &Path, text: &str) {
    assert_eq!(fs::read_to_string(path).unwrap(), text);
    let names = fs::read_dir(path.parent().unwrap()).unwrap();
    assert_eq!(names.count(), 1, "something stayed beside it");
}

#[test]
fn what_another_program_appends_between_reading_and_renaming_stays() {
    let (_folder, path) = in_a_folder("first\n");
    add_a_line(&path, |asked| {
        if asked <= 3 {
            append(&path, &format!("theirs {asked}\n"));
        }
    })
    .unwrap();
    holds(&path, "first\ntheirs 1\ntheirs 2\ntheirs 3\nours\n");
}

/// On Windows nobody can: we have it open.
#[cfg(unix)]
#[test]
fn a_file_that_another_program_puts_in_its_place_is_the_one_that_is_changed() {
    let (_folder, path) = in_a_folder("first\n");
    add_a_line(&path, |asked| {
        if asked == 1 {
            // Same length, and soon after: the time of the file system may be the same.
            let new = path.with_extension("new");
            fs::write(&new, "theirs").unwrap();
            fs::rename(new, &path).unwrap();
        }
    })
    .unwrap();
    holds(&path, "theirsours\n");
}

#[cfg(unix)]
#[test]
fn a_file_that_appears_or_goes_meanwhile_is_noticed() {
    let (_folder, path) = in_a_folder("first\n");
    add_a_line(&path, |asked| {
        if asked == 1 {
            fs::remove_file(&path).unwrap();
        }
        if asked == 2 {
            fs::write(&path, "second\n").unwrap();
        }
    })
    .unwrap();
    holds(&path, "second\nours\n");
}

#[test]
fn a_program_that_never_stops_writing_keeps_all_that_it_wrote() {
    let (_folder, path) = in_a_folder("0\n");
    let failed = add_a_line(&path, |asked| append(&path, &format!("{asked}\n")));
    assert!(matches!(failed, Err(Failure::Unsettled)));
    let text = fs::read_to_string(&path).unwrap();
    let all: String = (0..text.lines().count())
        .map(|n| format!("{n}\n"))
        .collect();
    assert!(text.lines().count() > 20, "{text}");
    holds(&path, &all);
}

/// It has opened the file before the renaming and writes after it, into a file without a name.
#[cfg(unix)]
#[test]
fn what_comes_late_into_the_old_file_is_taken_along() {
    use std::os::unix::fs::MetadataExt;
    for anew in [false, true] {
        let (_folder, path) = in_a_folder("first\n");
        let mut theirs = None;
        add_a_line(&path, |asked| {
            if asked > 1 {
                return;
            }
            let mut file = OpenOptions::new().append(true).open(&path).unwrap();
            let path = path.clone();
            theirs = Some(std::thread::spawn(move || {
                let before = file.metadata().unwrap().ino();
                while fs::metadata(&path).unwrap().ino() == before {
                    std::thread::yield_now();
                }
                if anew {
                    file.set_len(0).unwrap();
                }
                file.write_all(b"theirs\n").unwrap();
            }));
        })
        .unwrap();
        theirs.unwrap().join().unwrap();
        let first = if anew { "" } else { "first\n" };
        holds(&path, &format!("{first}theirs\nours\n"));
    }
}

#[test]
fn a_refusal_and_a_change_that_is_none_write_nothing() {
    let (_folder, path) = in_a_folder("first\n");
    let before = fs::metadata(&path).unwrap().modified().unwrap();
    let refused = rewrite(&path, Patience::Short, &mut |_| {}, |_| Err("no"));
    assert!(matches!(refused, Err(Failure::Refused("no"))));
    rewrite(&path, Patience::Short, &mut |_| {}, |bytes| {
        Ok::<_, Infallible>(Zeroizing::new(bytes.to_vec()))
    })
    .unwrap();
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), before);
    holds(&path, "first\n");
}

#[test]
fn a_file_that_another_program_has_just_emptied_is_waited_for() {
    let (_folder, path) = in_a_folder("first\n");
    let mut options = OpenOptions::new();
    let mut emptied = options.write(true).truncate(true).open(&path).unwrap();
    let lock = Place::behind(&path).unwrap().beside("lock");
    let theirs = std::thread::spawn(move || {
        while !lock.exists() {
            std::thread::yield_now();
        }
        // A slow program.
        std::thread::sleep(Duration::from_millis(10));
        emptied.write_all(b"theirs\n").unwrap();
    });
    let changed = rewrite(&path, Patience::Short, &mut |_| {}, |bytes| {
        assert_eq!(bytes, b"theirs\n");
        Ok::<_, Infallible>(Zeroizing::new([bytes, b"ours\n"].concat()))
    });
    changed.unwrap();
    theirs.join().unwrap();
    holds(&path, "theirs\nours\n");
}

#[test]
fn what_may_be_merged_is_merged() {
    let of = |text: &str| Zeroizing::new(text.as_bytes().to_vec());
    let overtaken = Overtaken {
        ours: of("a\nours\n"),
        theirs: of("a\ntheirs\n"),
    };
    for (now, base) in [
        ("a\nours\n", "a\ntheirs\n"),
        ("a\nours\nmore\n", "a\ntheirs\nmore\n"),
        ("anew\n", "anew\n"),
    ] {
        assert_eq!(merged(now.as_bytes(), Some(&overtaken)), of(base));
    }
}

//! The marked block of `awsmfa profiles --write` in the config file: text in, text out. Pure.
//!
//! It stands at the end of the file or where it stood before. Every byte outside of it stays, and taking it out
//! restores the old bytes. Where the file had no line break at its end, the block has none at its own end: that shows
//! that the line break before it is ours.

use std::ops::Range;

use super::sections::without_end;

const BEGIN: &str = "# BEGIN awsmfa profiles";
const END: &str = "# END awsmfa profiles";
const WORDS: &str = " (made by awsmfa profiles --write, taken out by awsmfa profiles --remove; changes in here are lost)";

/// A profile that gets its keys from awsmfa.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// What an SDK runs.
    pub command: String,
    /// Its region.
    pub region: Option<String>,
}

/// A mark whose partner is missing: the line, and why the file is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: &'static str,
}

/// The text with this block in place of the one there; without entries it has none.
pub fn put(text: &str, entries: &[Entry]) -> Result<String, Damage> {
    let found = find(text)?;
    let without = remove(text)?;
    if entries.is_empty() {
        return Ok(without);
    }
    // Where it stood, or at the end.
    let at = match &found {
        Some(range) if range.end < text.len() => range.start,
        _ => without.len(),
    };
    let before = without.get(..at).unwrap_or_default();
    let after = without.get(at..).unwrap_or_default();
    let end_of_line = end_of_line(&without);
    let is_open = after.is_empty() && !before.is_empty() && !before.ends_with('\n');
    let mut lines = vec![format!("{BEGIN}{WORDS}")];
    for entry in entries {
        lines.push(format!("[profile {}]", entry.name));
        lines.push(format!("credential_process = {}", entry.command));
        lines.extend(
            entry
                .region
                .iter()
                .map(|region| format!("region = {region}")),
        );
    }
    lines.push(END.to_owned());
    let block = lines.join(end_of_line);
    Ok(match is_open {
        true => format!("{before}{end_of_line}{block}"),
        false => format!("{before}{block}{end_of_line}{after}"),
    })
}

/// The text without the block.
pub fn remove(text: &str) -> Result<String, Damage> {
    let Some(range) = find(text)? else {
        return Ok(text.to_owned());
    };
    let before = text.get(..range.start).unwrap_or_default();
    let after = text.get(range.end..).unwrap_or_default();
    let is_open = text.get(range).is_some_and(|block| !block.ends_with('\n'));
    // A block that ends the file without a line break has brought the one before it.
    let before = match is_open {
        true => without_end(before),
        false => before,
    };
    Ok(format!("{before}{after}"))
}

/// The names of the profiles in the block.
pub fn names(text: &str) -> Vec<&str> {
    let block = find(text).ok().flatten().and_then(|range| text.get(range));
    let lines = block.into_iter().flat_map(str::lines);
    lines
        .filter_map(|line| line.strip_prefix("[profile ")?.trim_end().strip_suffix(']'))
        .collect()
}

/// Where the block is, its marks and line breaks included.
fn find(text: &str) -> Result<Option<Range<usize>>, Damage> {
    let damage = |line: usize, reason| {
        Err(Damage {
            line: line + 1,
            reason,
        })
    };
    let mut begin: Option<(usize, usize)> = None;
    let mut found = None;
    let mut at = 0;
    for (number, full) in text.split_inclusive('\n').enumerate() {
        let line = without_end(full);
        if line.starts_with(BEGIN) {
            if begin.is_some() || found.is_some() {
                return damage(number, "it is the second mark of its kind");
            }
            begin = Some((number, at));
        } else if line == END {
            match begin.take() {
                Some((_, start)) => found = Some(start..at + full.len()),
                None => return damage(number, "the mark that begins the block is missing"),
            }
        } else if line.starts_with(END) {
            return damage(number, "there is text after the mark that ends the block");
        }
        at += full.len();
    }
    match begin {
        Some((number, _)) => damage(number, "the mark that ends the block is missing"),
        None => Ok(found),
    }
}

/// As the file has it.
fn end_of_line(text: &str) -> &'static str {
    match text.contains("\r\n") {
        true => "\r\n",
        false => "\n",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(names: &[&str]) -> Vec<Entry> {
        let entry = |name: &&str| Entry {
            name: (*name).to_owned(),
            command: "awsmfa credential-process x".to_owned(),
            region: Some("eu-west-1".to_owned()),
        };
        names.iter().map(entry).collect()
    }

    const FILES: [&str; 7] = [
        "",
        "\n",
        "[default]\nregion = x\n",
        "[default]\nregion = x",
        "[default]\r\nregion = x\r\n",
        "[default]\r\nregion = x",
        "[a]\n# comment\n\n\n",
    ];

    #[test]
    fn taking_it_out_restores_every_byte() {
        for text in FILES {
            let once = put(text, &entries(&["a-mfa", "b-mfa"])).unwrap();
            assert_eq!(names(&once), ["a-mfa", "b-mfa"]);
            assert_eq!(remove(&once).unwrap(), text, "{once:?}");
            assert_eq!(put(&once, &[]).unwrap(), text);
            assert_eq!(put(&once, &entries(&["a-mfa", "b-mfa"])).unwrap(), once);
            let other = put(&once, &entries(&["c-mfa"])).unwrap();
            assert_eq!(remove(&other).unwrap(), text);
        }
    }

    #[test]
    fn what_was_written_behind_it_stays_behind_it() {
        for text in FILES
            .into_iter()
            .filter(|t| t.is_empty() || t.ends_with('\n'))
        {
            let later = format!(
                "{}[profile later]\nregion = y\n",
                put(text, &entries(&["a-mfa"])).unwrap()
            );
            let again = put(&later, &entries(&["b-mfa"])).unwrap();
            assert!(
                again.ends_with("# END awsmfa profiles\n[profile later]\nregion = y\n")
                    || text.contains('\r')
            );
            assert_eq!(
                remove(&again).unwrap(),
                format!("{text}[profile later]\nregion = y\n")
            );
        }
    }

    #[test]
    fn a_damaged_mark_is_refused_with_its_line() {
        let whole = put("[a]\n", &entries(&["a-mfa"])).unwrap();
        let begin = whole.lines().nth(1).unwrap();
        for (text, line) in [
            (whole.replace(&format!("{END}\n"), ""), 2),
            (whole.replace(&format!("{begin}\n"), ""), 5),
            (format!("{whole}{whole}"), 8),
            (whole.replace(END, &format!("{END}[profile glued]")), 6),
            (
                whole.replace(&format!("{END}\n"), &format!("{begin}\n{END}\n")),
                6,
            ),
        ] {
            assert_eq!(
                put(&text, &entries(&["b"])).unwrap_err().line,
                line,
                "{text}"
            );
            assert_eq!(remove(&text).unwrap_err().line, line, "{text}");
        }
    }
}

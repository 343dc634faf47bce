//! `awsmfa keys list`: which profile has its key where, without opening any place.

use serde_json::json;

use super::{in_files, shown};
use crate::aws_files::AwsFiles;
use crate::cli::KeysListArgs;
use crate::environment::Environment;
use crate::error::Result;
use crate::keys::index::IndexFile;
use crate::model::session::Timestamp;
use crate::output::stdout;
use crate::text::durations::human_seconds;

struct Line {
    profile: String,
    access_key_id: String,
    place: &'static str,
    is_plain: bool,
    shown: String,
    since: Option<Timestamp>,
}

/// Runs it.
pub fn run(args: &KeysListArgs, env: &Environment) -> Result<()> {
    let files = AwsFiles::read(env)?;
    let index = IndexFile::of(env)?.read()?;
    let mut lines: Vec<Line> = index
        .keys
        .iter()
        .map(|entry| Line {
            profile: entry.key.profile.clone(),
            access_key_id: entry.key.access_key_id.clone(),
            place: entry.key.place.name(),
            is_plain: false,
            shown: entry.key.place.to_string(),
            since: Some(entry.since),
        })
        .collect();
    for name in files.names() {
        if let Some(profile) = files.profile(name)
            && let Ok(Some(found)) = in_files::of(&profile)
        {
            lines.push(Line {
                profile: name.to_owned(),
                access_key_id: found.keys.access_key_id,
                place: "aws-files",
                is_plain: true,
                shown: format!("{}, in plain text", shown(&found.location.path)),
                since: None,
            });
        }
    }
    lines.sort_by(|a, b| (&a.profile, a.is_plain).cmp(&(&b.profile, b.is_plain)));
    match args.json {
        true => stdout::write(&json_of(&lines)),
        false => stdout::write(&text_of(&lines)),
    }
}

fn json_of(lines: &[Line]) -> String {
    let keys: Vec<_> = lines
        .iter()
        .map(|line| {
            json!({
                "profile": line.profile,
                "access_key_id": line.access_key_id,
                "place": line.place,
                "plain_text": line.is_plain,
                "since": line.since.map(Timestamp::rfc3339),
            })
        })
        .collect();
    format!("{:#}\n", json!({ "version": 1, "keys": keys }))
}

fn text_of(lines: &[Line]) -> String {
    let now = Timestamp::now();
    let width = |of: fn(&Line) -> &str| lines.iter().map(|line| of(line).len()).max();
    let profiles = width(|line| &line.profile).unwrap_or_default();
    let ids = width(|line| &line.access_key_id).unwrap_or_default();
    let mut text = String::new();
    for line in lines {
        let since = match line.since {
            Some(since) => format!(", for {}", human_seconds(now.seconds_after(since))),
            None => String::new(),
        };
        text.push_str(&format!(
            "{:profiles$}  {:ids$}  {}{since}\n",
            line.profile, line.access_key_id, line.shown
        ));
    }
    text
}

//! `awsmfa logout`: forgets stored sessions. The next use asks for a code: the session of the source
//! goes as well, or it would bring a role's back without one.

use crate::aws_files::AwsFiles;
use crate::cli::LogoutArgs;
use crate::environment::Environment;
use crate::environment::session_here::Inherited;
use crate::error::Result;
use crate::model::request::Request;
use crate::model::session::Timestamp;
use crate::output::stderr;
use crate::profile;
use crate::session::plan;
use crate::store::Store;

use crate::session::lookup::{elsewhere, entry_of};
use crate::session::resolve;

/// Runs the command.
pub fn run(args: &LogoutArgs, env: &Environment) -> Result<()> {
    let store = Store::open(env);
    let request = Request {
        profile: args.profile.clone(),
        ..Request::default()
    };
    let (name, _) = profile::name(&request, env)?;
    let files = match args.all {
        true => None,
        false => Some(AwsFiles::read(env)),
    };
    let entries = match &files {
        Some(Ok(files)) => entries(&request, env, files, &store),
        _ => Vec::new(),
    };
    let mut forgotten = 0;
    let mut shell_is_affected = false;
    let now = Timestamp::now();
    // One that has ended is still there for its renewal, and goes too.
    for (entry, header) in store.list_unproven() {
        if args.all
            || header.profile == name
            || header.renewal.profile == name
            || entries.contains(&entry)
        {
            store.remove(&entry);
            forgotten += usize::from(header.expiration > now);
            shell_is_affected |= Inherited(env).our_entry() == Some(&entry);
        }
    }
    stderr::note(&match (forgotten, args.all) {
        (0, true) => "there was no stored session".to_owned(),
        (0, false) => format!("there was no stored session of profile {name}"),
        (1, _) => "1 stored session forgotten".to_owned(),
        (n, _) => format!("{n} stored sessions forgotten"),
    });
    if shell_is_affected {
        stderr::note("this shell still holds its session");
        stderr::hint(r#"run eval "$(awsmfa env --unset)" to take it out"#);
    }
    // What names the profile is forgotten by now; what else there is of it only the files would say.
    files.map_or(Ok(()), |files| files.map(drop))
}

/// The entries that the profile's plan leads through. A profile that cannot be resolved any more has
/// those that name it, which [`run`] finds by their headers.
fn entries(request: &Request, env: &Environment, files: &AwsFiles, store: &Store) -> Vec<String> {
    let resolved = resolve(request, env, files, store).and_then(|profile| {
        let plan = plan::decide(&profile)?;
        Ok((profile, plan))
    });
    match resolved {
        Ok((profile, plan)) => plan
            .steps
            .iter()
            .flat_map(|step| {
                let mut entries = elsewhere(&profile, store, step);
                entries.push(entry_of(&profile, step));
                entries
            })
            .collect(),
        Err(_) => Vec::new(),
    }
}

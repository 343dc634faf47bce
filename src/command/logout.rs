//! `awsmfa logout`: forgets stored sessions. The next use asks for a code: the session of the source
//! goes as well, or it would bring a role's back without one.

use crate::aws_files::AwsFiles;
use crate::cli::LogoutArgs;
use crate::environment::Environment;
use crate::environment::session_here::SessionHere;
use crate::error::Result;
use crate::model::request::Request;
use crate::model::session::Timestamp;
use crate::output::stderr;
use crate::profile;
use crate::session::Resolved;
use crate::shell::detect;
use crate::store::Store;

/// Runs the command.
pub fn run(args: &LogoutArgs, env: &Environment) -> Result<()> {
    let store = Store::open(env);
    let request = Request {
        profile: args.profile.clone(),
        ..Request::default()
    };
    let (name, _) = profile::name(&request, env)?;
    // Where a profile cannot be resolved any more, its sessions are found by the profile that their headers name.
    let entries = match args.all {
        true => Vec::new(),
        false => Resolved::of(request, env)
            .and_then(|resolved| resolved.entries())
            .unwrap_or_default(),
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
            shell_is_affected |= SessionHere(env).our_entry() == Some(&entry);
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
        let unset = detect::asking(env).idiom("env --unset");
        stderr::hint(&format!("run {unset} to take it out"));
    }
    // The sessions that name the profile are forgotten by now. Only the files could say which others belong to it.
    match args.all {
        true => Ok(()),
        false => AwsFiles::read(env).map(drop),
    }
}

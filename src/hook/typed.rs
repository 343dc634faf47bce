//! What is typed, and changes the shell: `use`, `off`, `pin` and `unpin`. The snippet's function sends it here.

use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::iter;

use super::here::{self, Here, Place};
use super::policy::Event;
use super::{Asking, pick, pinning, recent, wish, words};
use crate::cli::{self, Command, UseArgs};
use crate::environment::{marks, words as settings};
use crate::error::{Error, Result};
use crate::model::request::Request;
use crate::model::session::Timestamp;
use crate::output::stdout::{self, OfHook};
use crate::output::{stderr, trace};
use crate::session::{Next, Resolved, renew};
use crate::shell::told::Told;
use crate::store::Store;
use crate::store::pins::Pins;

/// Runs the command and answers the shell.
pub fn run(words: &[OsString], asking: &Asking) -> Result<()> {
    asking.fail_with(failure(asking));
    let line: Vec<OsString> = iter::once("awsmfa".into())
        .chain(words.iter().cloned())
        .collect();
    let parsed = cli::parse(&line).map_err(|mistake| mistake.error)?;
    if parsed.verbose {
        trace::start();
    }
    settings::check(asking.env)?;
    match parsed.command {
        Command::Use(args) => use_profile(&args, asking),
        Command::Off(_) => asking.settle(&Event::Off, None),
        // As if the directory had been entered, or left.
        Command::Pin(args) => pinning::pin(&args, asking.env).and_then(|()| asking.prompt()),
        Command::Unpin(args) => pinning::unpin(&args, asking.env).and_then(|()| asking.prompt()),
        Command::Show(text) => stdout::write(&text),
        _ => Err(Error::Internal("the hook passed a command on")),
    }
}

/// A failure takes away what it takes away everywhere. The memory stays as it is, and the next prompt asks.
fn failure(asking: &Asking) -> OfHook {
    let memory = asking.memory.as_ref();
    OfHook {
        told: Told {
            memory: memory.map_or_else(|| "0".to_owned(), super::Memory::encode),
            now: 1,
            next: 1,
            pins: !Pins::read(asking.env).is_empty(),
            words: Vec::new(),
        },
        patch: None,
    }
}

fn use_profile(args: &UseArgs, asking: &Asking) -> Result<()> {
    marks::prompt_variable(asking.env)?;
    let request = match args.session.profile_argument.as_deref() {
        Some("-") => before(args, asking)?,
        _ => pick::profile(args.session.request()?, asking.env)?,
    };
    let as_the_profile_says = request.role_arn.is_none()
        && request.role_session_name.is_none()
        && request.external_id.is_none();
    let keep_profile = args.keep_profile || asking.env.flag("AWSMFA_KEEP_PROFILE");
    let resolved = Resolved::of(request, asking.env)?;
    if resolved.explain()? == Next::Stop {
        return asking.settle(&Event::Prompt, None);
    }
    let granted = resolved.session()?;
    if !keep_profile {
        stderr::profile_is_taken(asking.env);
    }
    if !args.session.flags.no_cache {
        recent::used(&granted.profile.name, &Store::open(asking.env));
    }
    if io::stderr().is_terminal() {
        let left = granted.session.expiration.seconds_after(Timestamp::now());
        let account = granted.account();
        let line = words::closing(&granted.profile.name, account.as_deref(), left);
        stderr::line(&line);
    }
    let event = Event::Use {
        had: wish::had(&granted),
        as_the_profile_says,
        keep_profile,
    };
    asking.settle(&event, Some(granted))
}

/// `use -`: the session before this one, as it was asked for: the one whose place a profile variable or a pin has
/// taken; else the one before the last `use` or `off`, and where that is stored no more, its profile's.
fn before(args: &UseArgs, asking: &Asking) -> Result<Request> {
    let memory = asking.memory.as_ref();
    let here = Here::of(asking.env, Place::Unknown);
    let base = here.base(memory.and_then(|memory| memory.aside.as_deref()));
    if let Some(base) = base.filter(|base| !base.is_empty()) {
        let entry = here::entry_of(base);
        return renew::of_entry(entry, args.session.flags.request()?, asking.env);
    }
    let before = memory.and_then(|memory| memory.before.as_ref());
    let (entry, profile) = before.ok_or(Error::NothingBefore)?;
    renew::of_entry(entry, args.session.flags.request()?, asking.env).or_else(|_| {
        Ok(Request {
            profile: Some(profile.to_owned()),
            ..args.session.flags.request()?
        })
    })
}

//! What is typed, and changes the shell: `use`, `off`, `pin` and `unpin`. The snippet's function sends it here.

use std::io::{self, IsTerminal};

use clap::Parser;

use super::policy::Event;
use super::{Asking, pinning, wish, words};
use crate::cli::{Cli, Command, UseArgs, errors, request};
use crate::environment::marks;
use crate::error::{Error, Result};
use crate::model::request::Request;
use crate::model::session::Timestamp;
use crate::output::stderr;
use crate::output::stdout::OfHook;
use crate::session::{obtain_as, renew};
use crate::shell::told::Told;
use crate::store::pins::Pins;

/// Runs the command and answers the shell.
pub fn run(words: &[&str], asking: &Asking) -> Result<()> {
    asking.fail_with(failure(asking));
    let line = ["awsmfa"].iter().chain(words);
    match Cli::try_parse_from(line) {
        Ok(cli) => match cli.command {
            Command::Use(args) => use_profile(&args, asking),
            Command::Off => asking.settle(&Event::Off, None),
            // As if the directory had been entered, or left.
            Command::Pin(args) => pinning::pin(&args, asking.env).and_then(|()| asking.prompt()),
            Command::Unpin(args) => {
                pinning::unpin(&args, asking.env).and_then(|()| asking.prompt())
            }
            _ => Err(Error::Internal("the hook passed a command on")),
        },
        Err(refused) => errors::explain(&refused),
    }
}

/// A failure takes away what it takes away everywhere. The memory stays as it is, and the next prompt asks.
fn failure(asking: &Asking) -> OfHook {
    let memory = asking.memory.as_ref();
    OfHook {
        told: Told {
            memory: memory.map_or_else(|| "0".to_owned(), super::Memory::encode),
            next: 1,
            pins: !Pins::read(asking.env).is_empty(),
        },
        patch: None,
        words: Vec::new(),
    }
}

fn use_profile(args: &UseArgs, asking: &Asking) -> Result<()> {
    marks::prompt_variable(asking.env)?;
    let request = match args.profile_argument.as_deref() {
        Some("-") => before(args, asking)?,
        profile => request::request(&args.session, profile)?,
    };
    let as_the_profile_says = request.role_arn.is_none()
        && request.role_session_name.is_none()
        && request.external_id.is_none();
    let keep_profile = args.keep_profile || asking.env.flag("AWSMFA_KEEP_PROFILE");
    let Some(obtained) = obtain_as(request, asking.env)? else {
        return asking.settle(&Event::Prompt, None); // it was only explained
    };
    if !keep_profile {
        stderr::profile_is_taken(asking.env);
    }
    if io::stderr().is_terminal() {
        let left = obtained.session.expiration.seconds_after(Timestamp::now());
        let account = obtained.account();
        let line = words::closing(&obtained.profile.name, account.as_deref(), left);
        stderr::line(&line);
    }
    let event = Event::Use {
        had: wish::had(&obtained),
        as_the_profile_says,
        keep_profile,
    };
    asking.settle(&event, Some(obtained))
}

/// `use -`: the session before this one, as it was asked for; where it is stored no more, its profile's.
fn before(args: &UseArgs, asking: &Asking) -> Result<Request> {
    let memory = asking.memory.as_ref();
    let before = memory.and_then(|memory| memory.before.as_ref());
    let (entry, profile) = before.ok_or(Error::NothingBefore)?;
    renew::of_entry(entry, &args.session, asking.env)
        .or_else(|_| request::request(&args.session, Some(profile)))
}

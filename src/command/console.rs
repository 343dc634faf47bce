//! `awsmfa console [PROFILE]`: the AWS console in a browser, signed in as a role. The address that signs in is a secret:
//! the browser's command line, which every user of the machine can read, names a page of ours that hands it on once.

use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use crate::cli::ConsoleArgs;
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::model::session::{Secret, Timestamp};
use crate::output::{signals, stderr, stdout};
use crate::profile::Profile;
use crate::profile::console::Console;
use crate::server::redirect::{self, Redirect, Visit};
use crate::server::{self, door};
use crate::session::plan::{self, Call};
use crate::session::{Next, Resolved};
use crate::sts::federation;
use crate::system::wsl::is_wsl;
use crate::text::durations::human_seconds;

/// A browser that has to be started first takes its time.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs the command.
pub fn run(args: &ConsoleArgs, env: &Environment) -> Result<()> {
    if let Some(service) = args.service.as_deref().filter(|word| !is_service(word)) {
        return Err(Error::Usage {
            message: format!("--service {service:?} cannot be a part of an address"),
            hint: "give it as s3, ec2 or lambda".to_owned(),
        });
    }
    let resolved = Resolved::of(args.session.request()?, env)?;
    refuse_user(resolved.profile())?;
    if resolved.explain()? == Next::Stop {
        return Ok(());
    }
    let granted = resolved.session()?;
    let console = Console::of(&granted.profile, args.service.as_deref(), env)?;
    signals::watch()?;
    let token = federation::signin_token(&console, &granted.session)?;
    let address = federation::login_address(&console, &token);
    if args.print {
        return stdout::write(&zeroize::Zeroizing::new(format!("{}\n", address.expose())));
    }
    open(&address)?;
    let left = granted.session.expiration.seconds_after(Timestamp::now());
    stderr::note(&format!(
        "the console is open as profile {} for {}",
        granted.profile.name,
        human_seconds(left)
    ));
    Ok(())
}

/// Before a code is spent: AWS signs nobody in with a session of GetSessionToken.
fn refuse_user(profile: &Profile) -> Result<()> {
    match plan::decide(profile)?.last.call {
        Call::GetSessionToken(_) => Err(Error::NoConsole {
            profile: profile.name.clone(),
        }),
        _ => Ok(()),
    }
}

/// A word of an address.
fn is_service(word: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-';
    (1..=63).contains(&word.len()) && word.chars().all(fits)
}

fn open(address: &Secret) -> Result<()> {
    let failed = |reason: String| Error::Browser { reason };
    let ticket = door::new_secret()?;
    let (listener, port) = server::bind().map_err(|error| failed(error.to_string()))?;
    let visit = Arc::new(Visit::within(PATIENCE));
    let page = Redirect::new(port, &ticket, address, Arc::clone(&visit))?;
    let (name, mut opener) = start(&redirect::url(port, &ticket))?;
    let watched = Arc::clone(&visit);
    std::thread::spawn(move || {
        // Some of these programs end at once, others when the browser ends.
        match opener.wait() {
            Ok(status) if status.success() => {}
            Ok(status) => watched.give_up(format!("{name} ended with {status}")),
            Err(error) => watched.give_up(format!("{name}: {error}")),
        }
    });
    server::listen(listener, page)?;
    visit.outcome().map_err(failed)
}

/// The system's way to open an address, the first that is there.
fn start(url: &str) -> Result<(&'static str, Child)> {
    let ways: &[(&str, &[&str])] = if cfg!(windows) {
        &[("rundll32", &["url.dll,FileProtocolHandler"])]
    } else if cfg!(target_os = "macos") {
        &[("open", &[])]
    } else if is_wsl() {
        &[
            ("wslview", &[]),
            ("rundll32.exe", &["url.dll,FileProtocolHandler"]),
            ("xdg-open", &[]),
        ]
    } else {
        &[("xdg-open", &[])]
    };
    for (name, args) in ways {
        let mut command = Command::new(name);
        command.args(*args).arg(url);
        // Nobody wants to see what a browser prints to a terminal.
        let silent = command.stdin(Stdio::null()).stdout(Stdio::null());
        match silent.stderr(Stdio::null()).spawn() {
            Ok(child) => return Ok((name, child)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => {
                return Err(Error::Browser {
                    reason: format!("{name}: {error}"),
                });
            }
        }
    }
    let names: Vec<&str> = ways.iter().map(|(name, _)| *name).collect();
    Err(Error::Browser {
        reason: format!("there is no {}", names.join(" and no ")),
    })
}

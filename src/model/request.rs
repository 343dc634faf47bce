//! What was asked for: the flags as checked values, before any file is read.

use std::path::PathBuf;

use super::duration::DurationSeconds;
use super::region::Region;
use crate::model::role_options::RoleOptions;
use crate::model::serial::Serial;
use crate::model::session::Secret;

/// One request for a session. Every field has passed the rules of STS for it.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The profile named on the command line, or by the directory's pin.
    pub profile: Option<String>,
    /// Whether the pin named it.
    pub is_of_pin: bool,
    /// Whether the pin is not to name it.
    pub ignores_pin: bool,
    /// `--serial-number`, or the `ARN` of a `setting.ini`.
    pub serial: Option<Serial>,
    /// The `setting.ini` that was given and names no device.
    pub setting_without_serial: Option<PathBuf>,
    /// `--duration`, or the `DurationSeconds` of a `setting.ini`.
    pub duration: Option<DurationSeconds>,
    /// `--region`.
    pub region: Option<Region>,
    /// `--endpoint-url`.
    pub endpoint_url: Option<String>,
    /// `--ca-bundle`.
    pub ca_bundle: Option<PathBuf>,
    /// `--role-arn`.
    pub role_arn: Option<String>,
    /// `--role-session-name`.
    pub role_session_name: Option<String>,
    /// `--external-id`.
    pub external_id: Option<String>,
    /// `--policy-arn`, `--session-tag`, `--source-identity`.
    pub role_options: RoleOptions,
    /// Whether the region is to be the shell's as well: a flag names it.
    pub region_is_shells: bool,
    /// `--token-code`.
    pub code: Option<CodeArgument>,
    /// `--mfa-process`.
    pub mfa_process: Option<String>,
    /// `--no-input`: nobody may be asked anything.
    pub no_input: bool,
    /// `--explain`: say what will be done and why, before it is done.
    pub explain: bool,
    /// Somebody waits for a prompt: no command is run for a code, since it may want a key touched.
    pub at_prompt: bool,
    /// AWS did not answer a moment ago: what is not stored is not asked for.
    pub only_stored: bool,
    /// A renewal: the session of this store entry or none.
    pub only_entry: Option<String>,
    /// `--refresh` and `--no-cache`.
    pub stored: Stored,
    /// `--min-ttl`: a stored session with fewer seconds left counts as absent.
    pub min_ttl: i64,
}

/// A command and where it was given: the command itself may hold the seed of the codes
/// (`oathtool -b SEED`) and so reaches no message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MfaProcess {
    /// The command, for the system's shell.
    pub command: String,
    /// The flag, or the file and line.
    pub given_as: String,
}

/// What stored sessions are to a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stored {
    /// They answer it where they can.
    #[default]
    Used,
    /// `--refresh`: they are ignored, and what is got replaces them.
    Replaced,
    /// `--no-cache`: neither read nor written.
    Unused,
}

/// Where `--token-code` says the code is.
#[derive(Clone, Debug)]
pub enum CodeArgument {
    /// `-`: the first line of standard input.
    Stdin,
    /// The argument itself, as typed.
    Typed(Secret),
}

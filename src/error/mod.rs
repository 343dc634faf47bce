//! Every way to fail: facts in fields, words in `Display`, what to do in [`Error::hint`], and an
//! exit code. Printed in one place, `main`. No field ever holds a secret.
//!
//! One file although long: it is one list, and a reader compares the sentences with each other.

mod exit_code;
mod facts;
mod hint;
pub mod kept_key;
mod keys;
mod origin;
mod refusal;
mod words;

pub use facts::{Busy, Ignored, Location, Malformed, NoAnswer, NoTerminal};
pub use keys::KeysError;
pub use origin::Origin;
pub use refusal::{Asked, Cause, KeyOrigin, Refusal, SigningKey, set_clock};

use std::io;
use std::path::PathBuf;

use crate::text::durations::{exact_seconds, human_seconds};
use words::{at, duration_words, not_typed, pinned_above};

/// `std::result::Result` with our error.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong. The sentence is lower case and without a full stop.
#[derive(Debug, thiserror::Error)]
#[allow(
    missing_docs,
    reason = "each variant's sentence says what its fields are"
)]
pub enum Error {
    // The configuration or the input is wrong: exit code 1.
    #[error("{variable} names {}, and there is no such file", path.display())]
    FileNamedByVariable {
        variable: &'static str,
        path: PathBuf,
    },
    #[error(
        "the home directory is not known: HOME is not set, and the system has none for this user"
    )]
    NoHome,
    #[error("{variable} is {home:?}, which is not an absolute path")]
    HomeRelative {
        variable: &'static str,
        home: PathBuf,
    },
    #[error("cannot read {}: {error}", path.display())]
    Unreadable { path: PathBuf, error: io::Error },
    #[error("AWSMFA_PROMPT_VARIABLE is {text:?}, and no prompt is known to read that")]
    PromptVariable { text: String },
    #[error("this shell had no session before")]
    NothingBefore,
    #[error("this shell has no profile to pin the directory to")]
    NothingToPin,
    #[error("{directory} is not pinned{}", pinned_above(above.as_ref()))]
    NotPinned {
        directory: String,
        /// The directory above whose pin is in effect, and its profile.
        above: Option<(String, String)>,
    },
    #[error("this directory cannot be pinned: it no longer exists, or its path is not UTF-8")]
    NoDirectory,
    #[error("the pins cannot be saved: {reason}")]
    PinsUnwritable { reason: String },
    #[error("cannot write {}: {error}", path.display())]
    Unwritable { path: PathBuf, error: io::Error },
    #[error("{location} continues the value above it, which would be replaced")]
    Continued { location: Location },
    #[error("another awsmfa ({holder}) is writing {} and has not finished", path.display())]
    BeingWritten { path: PathBuf, holder: String },
    #[error("another program wrote to {} each time that awsmfa was about to replace it", path.display())]
    KeepsChanging { path: PathBuf },
    #[error("{} begins with a byte order mark, and no AWS SDK can read that", path.display())]
    ByteOrderMark { path: PathBuf },
    #[error("{location} is not UTF-8, and no AWS SDK can read that")]
    NotUtf8 { location: Location },
    #[error("{location}: {reason}")]
    FileSyntax {
        location: Location,
        reason: &'static str,
    },
    #[error("{location}: {reason}")]
    SettingIni {
        location: Location,
        reason: &'static str,
    },
    #[error("{} has no ARN line, and nothing else names the MFA device", path.display())]
    SettingWithoutSerial { path: PathBuf },
    #[error("{given_as} {text:?} is {}", duration_words(*seconds))]
    Duration {
        given_as: &'static str,
        text: String,
        seconds: Option<u64>,
    },
    #[error("{location}: {error}")]
    InFile {
        location: Location,
        error: Box<Error>,
    },
    #[error("{text:?} ({origin}) is not the name of a region")]
    Region { origin: Origin, text: String },
    #[error("{endpoint} cannot be asked: {reason}")]
    NoSuchEndpoint { endpoint: String, reason: String },
    #[error(
        "{region} ({origin}) is a region of partition {partition}, and {arn} is of another one"
    )]
    OtherPartition {
        region: String,
        origin: Origin,
        partition: &'static str,
        arn: String,
        /// A region of the ARN's partition.
        instead: &'static str,
    },
    #[error("{serial:?} ({origin}) is not the serial number of an MFA device")]
    SerialMalformed { origin: Origin, serial: String },
    #[error("{serial} ({origin}) is the ARN of a user, not of an MFA device")]
    SerialIsUser {
        origin: Origin,
        serial: String,
        instead: String,
    },
    #[error("{serial} ({origin}) is a security key (FIDO), and STS takes codes only")]
    SerialIsFido { origin: Origin, serial: String },
    #[error("no MFA device is known for profile {profile}")]
    SerialUnknown {
        profile: String,
        /// The header of its section in the config file.
        header: String,
        config_file: PathBuf,
        /// The device that `[default]` names, where aws-vault would look.
        of_default: Option<String>,
        why: NoTerminal,
    },
    #[error("{given_as} {text:?} is not what STS takes: {min} to {max} letters, digits and {also}")]
    Parameter {
        given_as: &'static str,
        text: String,
        min: usize,
        max: usize,
        also: &'static str,
    },
    #[error("{given_as} {text:?} is not KEY=VALUE as STS takes a tag")]
    SessionTag {
        given_as: &'static str,
        text: String,
    },
    #[error("{given_as} is for the session of a role, and this profile names none")]
    NoRoleToLimit { given_as: String },
    #[error(
        "{given_as}{} is not a parameter of AssumeRoleWithWebIdentity",
        at(location)
    )]
    WebIdentityTakesNone {
        given_as: &'static str,
        location: Option<Location>,
    },
    #[error("{given_as} {url:?} cannot be used: {reason}")]
    EndpointUrl {
        given_as: &'static str,
        url: String,
        reason: &'static str,
    },
    #[error("{origin} {name:?} cannot be a profile's name")]
    ProfileName { origin: Origin, name: String },
    #[error(
        "a session of profile {profile} cannot go into profile {target}, which it is made from"
    )]
    TargetIsSource { target: String, profile: String },
    #[error("profile {target} holds long-term keys, and a session is not written over them")]
    TargetHoldsKeys {
        target: String,
        location: Option<Location>,
    },
    #[error(
        "profile {target} does not clearly hold a session, so it is not overwritten: {location}: {why}"
    )]
    TargetIsUnclear {
        target: String,
        location: Location,
        why: &'static str,
    },
    #[error(
        "profile {target} gets its keys by {key}, and not every AWS tool would use those written there"
    )]
    TargetHasItsOwn {
        target: String,
        key: &'static str,
        location: Option<Location>,
    },
    #[error("there is no profile {name}{}", not_typed(chosen_by))]
    ProfileUnknown {
        chosen_by: Origin,
        name: String,
        similar: Vec<String>,
        all: Vec<String>,
        config_file: PathBuf,
    },
    #[error("the argument is a profile's name, and this looks like a code")]
    ProfileIsCode,
    #[error("profile {name} stands in {} as [{}], which every AWS SDK ignores: {}", ignored.location, ignored.written, ignored.reason)]
    ProfileIgnored {
        name: String,
        ignored: Ignored,
        /// The header that every SDK reads.
        header: String,
    },
    #[error("profile {profile} names the {key} {source_profile}, and there is none")]
    SourceProfileUnknown {
        key: &'static str,
        profile: String,
        source_profile: String,
        similar: Vec<String>,
        /// The one other profile with keys, where there is only one.
        only_one: Option<String>,
        location: Option<Location>,
    },
    #[error("{key} goes round in a circle: {path}")]
    SourceProfileLoop {
        key: &'static str,
        path: String,
        location: Option<Location>,
    },
    #[error("profile {profile} gets its keys by {by}, which awsmfa does not use")]
    SourceUnsupported {
        profile: String,
        by: &'static str,
        location: Option<Location>,
    },
    #[error("profile {profile} names the sso_session {session}, and there is none")]
    SsoSessionUnknown {
        profile: String,
        session: String,
        similar: Vec<String>,
        location: Option<Location>,
    },
    #[error("{section} has no {missing}, which IAM Identity Center needs ({location})")]
    LoginIncomplete {
        section: String,
        missing: &'static str,
        /// What `[default]` has of it, where aws-vault would look.
        of_default: Option<String>,
        profile: String,
        location: Location,
    },
    #[error("profile {profile} takes its keys from the environment, and there {}", if *ours { "is a session that awsmfa got" } else { "are none" })]
    CredentialSourceEmpty {
        profile: String,
        ours: bool,
        location: Option<Location>,
    },
    #[error("profile {profile} has a web_identity_token_file and no role_arn")]
    WebIdentityWithoutRole { profile: String, location: Location },
    #[error("the web identity token in {} cannot be used: {reason}", path.display())]
    WebIdentityToken { path: PathBuf, reason: String },
    #[error("the credential_process of profile {profile} gave no keys: {reason}")]
    CredentialProcess {
        profile: String,
        reason: String,
        location: Location,
    },
    #[error("the credential_process of profile {profile} asks awsmfa for profile {profile} again")]
    CredentialProcessLoop { profile: String, location: Location },
    #[error("profile {profile} names a role, and no keys to assume it with")]
    RoleWithoutSource {
        profile: String,
        /// What `[default]` has, where aws-vault would look: the profile to name as the source.
        of_default: Option<String>,
        /// The one other profile with keys, where there is only one.
        only_one: Option<String>,
        location: Option<Location>,
    },
    #[error("profile {profile} has no access key")]
    NoCredentials {
        profile: String,
        credentials_file: PathBuf,
        session_in_shell: bool,
    },
    #[error("profile {profile} has half of an access key: no {missing}")]
    HalfOfAKey {
        profile: String,
        missing: &'static str,
        location: Option<Location>,
    },
    #[error("{location} continues the value of {key} with a second line, which it cannot have")]
    KeyContinued {
        key: &'static str,
        location: Location,
    },
    #[error(
        "{key} has a space or another character that no key has{}",
        at(location)
    )]
    NotAKey {
        key: &'static str,
        location: Option<Location>,
    },
    #[error("{given_as} is not an access key id{}", at(location))]
    AccessKeyId {
        given_as: &'static str,
        location: Option<Location>,
    },
    #[error("the session in {} cannot be used: its {part} has characters that AWS does not use", origin.place())]
    SessionMalformed {
        origin: KeyOrigin,
        part: &'static str,
    },
    #[error("{role} for {} is more than any role allows, 12 hours", exact_seconds(*seconds))]
    RoleDuration { role: String, seconds: u32 },
    #[error("{role} for {} is refused by AWS: a role assumed from a session lasts one hour at most (role chaining)", exact_seconds(*seconds))]
    RoleChaining {
        role: String,
        seconds: u32,
        /// The profile with the long-term keys, from where the role might be assumed directly.
        keys_in: Option<String>,
    },
    #[error("{malformed}")]
    CodeShape { malformed: Malformed },
    #[error("the command that should print the code ({given_as}) gave none: {reason}")]
    MfaProcess { given_as: String, reason: String },
    #[error(
        "the command that prints the code for profile {profile} asks awsmfa for that profile's session"
    )]
    MfaProcessLoop { profile: String },
    #[error("{name} cannot be set in {shell}: {reason}")]
    Unsayable {
        shell: &'static str,
        name: &'static str,
        reason: &'static str,
    },
    #[error(
        "awsmfa {command} changes the shell that it runs in and needs the hook, which is not there"
    )]
    NoHook {
        command: &'static str,
        /// The line for the start-up file, where the shell has a hook.
        install: Option<&'static str>,
        /// The line that does it without the hook.
        instead: String,
    },
    #[error("the path of this program, {}, cannot be written into a script", path.display())]
    PathUnsayable { path: PathBuf },
    #[error("the session cannot be renewed: its profile means another identity now")]
    AnotherIdentity,
    #[error("no session of this request is stored, and AWS is not asked")]
    NotStored,
    #[error("{location}: {reason}")]
    DamagedBlock {
        location: Location,
        reason: &'static str,
    },
    #[error(
        "the console needs the session of a role, and profile {profile} gives the session of a user"
    )]
    NoConsole { profile: String },
    #[error("the console could not be opened: {reason}")]
    Browser { reason: String },
    #[error("GITHUB_ENV is not set, so there are no later steps to hand a session to")]
    NoGithubEnv,
    #[error("cannot write the output: {error}")]
    Output { error: io::Error },
    #[error("{given_as} {} cannot be used: {reason}", path.display())]
    CaBundle {
        given_as: &'static str,
        path: PathBuf,
        reason: String,
    },
    #[error("{variable} is \"{text}\", which is not one of its values")]
    UnknownWord {
        variable: &'static str,
        text: String,
        words: Vec<&'static str>,
    },
    #[error("the system does not let awsmfa start a thread: {error}")]
    NoThread { error: io::Error },
    #[error("the terminal cannot be used: {error}")]
    Terminal { error: io::Error },
    #[error("cannot run {command}: {error}")]
    Command { command: String, error: io::Error },
    #[error("{count} {} wrong here", if *count == 1 { "thing is" } else { "things are" })]
    Wrong { count: usize },
    #[error("profile {profile} has {}", if *only_security_keys { "only security keys, and STS takes only codes" } else { "no MFA device" })]
    NoCodeDevice {
        profile: String,
        only_security_keys: bool,
    },
    #[error("internal error: {0}")]
    Internal(&'static str),

    #[error("{0}")]
    Keys(Box<KeysError>),

    // The command line is wrong: exit code 2.
    #[error("{message}")]
    Usage { message: String, hint: String },

    // AWS refused: exit code 3.
    #[error("{refusal}")]
    RoleWithoutMfa {
        refusal: Box<Refusal>,
        /// The header of the profile's section in the config file.
        header: String,
        config_file: PathBuf,
    },
    #[error("{refusal}")]
    RoleLacksOfDefault {
        refusal: Box<Refusal>,
        /// The lines that `[default]` has and the profile lacks.
        lines: Vec<String>,
        /// The header of the profile's section in the config file.
        header: String,
        config_file: PathBuf,
    },
    #[error("{0}")]
    Refused(Box<Refusal>),
    #[error("{name} gives no session of {whose}: {said}")]
    LoginRefused {
        name: &'static str,
        whose: String,
        said: String,
        location: Location,
    },

    #[error("{endpoint} does not accept this session (HTTP {status})")]
    SigninRefused { endpoint: String, status: u16 },

    // AWS did not answer: exit code 4.
    #[error("{endpoint} did not answer: {reason}")]
    NoAnswer {
        endpoint: String,
        cause: NoAnswer,
        reason: String,
        code_may_be_spent: bool,
    },
    #[error("there was no answer in {seconds} seconds, and the prompt waits no longer")]
    TooSlow { seconds: u64 },
    #[error("{endpoint} is not the sign-in page of AWS: {reason}")]
    NotSignin { endpoint: String, reason: String },
    #[error("{endpoint} is not AWS {service}: {reason}")]
    NotSts {
        endpoint: String,
        /// `STS` or `IAM`.
        service: &'static str,
        reason: String,
        code_may_be_spent: bool,
    },

    // A code or a login is needed and nobody can be asked: exit code 5.
    #[error("profile {profile} needs a login at {name}: there is none, or it has ended")]
    LoginEnded {
        profile: String,
        name: &'static str,
        remedy: String,
    },
    #[error("the session in {} ended {} ago", origin.place(), human_seconds(*seconds_ago))]
    SessionEnded { origin: KeyOrigin, seconds_ago: i64 },
    #[error("an MFA code is needed and nobody can be asked: {why}")]
    NobodyToAsk { why: NoTerminal },
    #[error("nothing says which profile to use, and nobody can be asked: {why}")]
    ProfileToPick { why: NoTerminal, all: Vec<String> },
    #[error("setup asks before it changes anything, and nobody can be asked: {why}")]
    SetupWithoutTerminal { why: NoTerminal, yes: bool },
    #[error("another awsmfa has not finished ({})", .0.holder)]
    Busy(Busy),

    // Interrupted at the question: exit code 130, and nothing is printed.
    #[error("interrupted")]
    Interrupted,
}

impl Error {
    /// Whether anything is to be printed.
    pub fn is_silent(&self) -> bool {
        match self {
            Error::Interrupted => true,
            // The program that read our output has gone; there is nobody to tell.
            Error::Output { error } => error.kind() == io::ErrorKind::BrokenPipe,
            _ => false,
        }
    }

    /// The same error, as met in a file.
    pub fn at(self, location: Location) -> Self {
        Error::InFile {
            location,
            error: Box::new(self),
        }
    }
}

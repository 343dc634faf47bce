//! What every command that gets a session takes, grouped for its `--help`.

use std::path::PathBuf;

use clap::Args;

const SESSION: &str = "Which session";
const CODE: &str = "The MFA code";
const STORED: &str = "Stored sessions";
const STS: &str = "Where STS is";

/// What every command takes that gets a session.
#[derive(Args, Debug, Default)]
pub struct SessionArgs {
    /// The profile of the AWS files [default: AWS_PROFILE, else default]
    #[arg(value_name = "PROFILE", conflicts_with = "profile")]
    pub profile_argument: Option<String>,

    #[command(flatten)]
    pub flags: SessionFlags,
}

/// The same as flags, for `exec`, whose arguments are a command. The names are those of `aws sts`.
#[derive(Args, Debug, Default)]
pub struct SessionFlags {
    /// The profile, as a flag
    #[arg(long, short, value_name = "NAME", help_heading = SESSION)]
    pub profile: Option<String>,

    /// How long the session shall last: 12h, 90m, 43200 [default: the profile's, else 12h, a role 1h]
    #[arg(
        long,
        short,
        alias = "duration-seconds",
        value_name = "TIME",
        allow_hyphen_values = true,
        help_heading = SESSION
    )]
    pub duration: Option<String>,

    /// The role to assume [default: the profile's]
    #[arg(long, value_name = "ARN", help_heading = SESSION)]
    pub role_arn: Option<String>,

    /// The name of the role's session
    #[arg(long, value_name = "NAME", help_heading = SESSION)]
    pub role_session_name: Option<String>,

    /// The external id that the role's trust policy wants
    #[arg(long, value_name = "ID", help_heading = SESSION)]
    pub external_id: Option<String>,

    /// The session may do what the role and this policy allow, no more; may be repeated
    #[arg(long, value_name = "ARN", help_heading = SESSION)]
    pub policy_arn: Vec<String>,

    /// A tag of the role's session; may be repeated
    #[arg(long, value_name = "KEY=VALUE", help_heading = SESSION)]
    pub session_tag: Vec<String>,

    /// Who is behind the role's session, for CloudTrail
    #[arg(long, value_name = "NAME", help_heading = SESSION)]
    pub source_identity: Option<String>,

    /// A setting.ini with ARN= and DurationSeconds= lines
    #[arg(long, value_name = "FILE", help_heading = SESSION)]
    pub setting_ini: Option<PathBuf>,

    /// The MFA device: its ARN, or a hardware token's number [default: the profile's mfa_serial]
    #[arg(long, value_name = "ARN", help_heading = CODE)]
    pub serial_number: Option<String>,

    /// The six digits; "-" reads them from standard input [default: asks on the terminal]
    #[arg(long, short, value_name = "CODE", allow_hyphen_values = true, help_heading = CODE)]
    pub token_code: Option<String>,

    /// A command that prints the six digits
    #[arg(long, value_name = "COMMAND", help_heading = CODE)]
    pub mfa_process: Option<String>,

    /// Never ask anything: fail if a code is needed
    #[arg(long, help_heading = CODE)]
    pub no_input: bool,

    /// Get a new session even though a stored one is good
    #[arg(long, help_heading = STORED)]
    pub refresh: bool,

    /// A stored session with less time left is not used [default: 5m]
    #[arg(long, value_name = "TIME", help_heading = STORED)]
    pub min_ttl: Option<String>,

    /// Neither read nor write the store
    #[arg(long, help_heading = STORED)]
    pub no_cache: bool,

    /// The region of the STS endpoint, and of the shell
    #[arg(long, value_name = "REGION", allow_hyphen_values = true, help_heading = STS)]
    pub region: Option<String>,

    /// Another STS endpoint
    #[arg(long, value_name = "URL", help_heading = STS)]
    pub endpoint_url: Option<String>,

    /// A file with the certificates to trust in place of the system's
    #[arg(long, value_name = "FILE", help_heading = STS)]
    pub ca_bundle: Option<PathBuf>,

    /// Say first what will be done and why; with --no-input, do nothing else
    #[arg(long)]
    pub explain: bool,
}

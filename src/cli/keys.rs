//! The flags of `awsmfa keys`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::help;

#[derive(Args, Debug)]
pub struct KeysArgs {
    #[command(subcommand)]
    pub command: KeysCommand,
}

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "one is made in a run")]
pub enum KeysCommand {
    /// Move a profile's long-term key out of the AWS files
    Import(KeysCallArgs),

    /// Type a long-term key for a profile
    Add(KeysCallArgs),

    /// Replace a profile's key by a new one, and make the old one inactive
    #[command(after_help = help::KEYS_ROTATE)]
    Rotate(KeysRotateArgs),

    /// Show where the key of each profile is
    List(KeysListArgs),

    /// Forget a profile's key
    Remove(KeysQuietArgs),

    /// Move a profile's key back into the AWS files
    Export(KeysQuietArgs),
}

#[derive(Args, Debug, Default)]
pub struct KeysQuietArgs {
    /// The profile of the AWS files [default: AWS_PROFILE, else default]
    pub profile: Option<String>,

    /// Never ask: neither at the terminal nor by a dialog
    #[arg(long)]
    pub no_input: bool,
}

#[derive(Args, Debug, Default)]
pub struct KeysCallArgs {
    #[command(flatten)]
    pub quiet: KeysQuietArgs,

    /// The region in which STS proves the key
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,

    /// Another address for STS
    #[arg(long, value_name = "URL")]
    pub endpoint_url: Option<String>,

    /// The certificates to trust, as PEM
    #[arg(long, value_name = "FILE")]
    pub ca_bundle: Option<PathBuf>,
}

#[derive(Args, Debug, Default)]
pub struct KeysRotateArgs {
    #[command(flatten)]
    pub call: KeysCallArgs,

    /// Delete the key that the last rotation made inactive; make no new one
    #[arg(long)]
    pub delete: bool,

    /// The MFA device: its ARN, or a hardware token's number [default: the profile's mfa_serial]
    #[arg(long, value_name = "ARN")]
    pub serial_number: Option<String>,

    /// The six digits; "-" reads them from standard input [default: asks, where no session is stored]
    #[arg(long, short, value_name = "CODE", allow_hyphen_values = true)]
    pub token_code: Option<String>,
}

#[derive(Args, Debug, Default)]
pub struct KeysListArgs {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

//! The flags of `awsmfa keys`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

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

    /// Show which profile has its key where
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
pub struct KeysListArgs {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

//! The command line: types only. Parsing checks the shape of a word and never acts.

use std::ffi::OsString;
use std::mem::ManuallyDrop;
use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::near::nearest;
use crate::shell::Shell;

/// Short-lived, MFA-checked AWS credentials in the shell you are already in.
#[derive(Debug, Parser)]
#[command(name = "awsmfa", version, arg_required_else_help = true, max_term_width = 100, after_help = EXAMPLES)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// Parses the words: those of the commands that run at every prompt and in every SDK's process by
    /// their own grammar alone, which takes half the time (callgrind). What that does not take, help
    /// too, is for the whole, which knows the words for it.
    pub fn of_words(words: &[OsString]) -> Result<Self, clap::Error> {
        let alone = match words.get(1).and_then(|word| word.to_str()) {
            Some("env") => alone(words).map(Command::Env),
            Some("credential-process") => alone(words).map(Command::CredentialProcess),
            _ => None,
        };
        match alone {
            Some(command) => Ok(Self { command }),
            None => Self::try_parse_from(words),
        }
    }

    /// The subcommand that a word was probably meant to be.
    pub fn subcommand_near(word: &str) -> Option<String> {
        let cli = Self::command();
        let names = cli.get_subcommands().map(clap::Command::get_name);
        nearest(word, names).first().map(|name| (*name).to_owned())
    }
}

/// The arguments of a subcommand that stands alone.
fn alone<A: Args>(words: &[OsString]) -> Option<A> {
    // Left to the end of the process: taking it apart costs a quarter of what the parsing does.
    let mut grammar = ManuallyDrop::new(A::augment_args(clap::Command::new("awsmfa")));
    let mut matches = grammar.try_get_matches_from_mut(words.get(1..)?).ok()?;
    A::from_arg_matches_mut(&mut matches).ok()
}

const EXAMPLES: &str = "\
Put a session into this shell:
  bash, zsh, sh    eval \"$(awsmfa env)\"
  fish             awsmfa env | source
  PowerShell       Invoke-Expression (awsmfa env)
  cmd              for /f \"delims=\" %i in ('awsmfa env') do @call %i

Exit codes: 0 done, 1 the configuration or the input is wrong, 2 usage, 3 AWS refused,
4 AWS did not answer, 5 a code is needed and nobody can be asked, 130 interrupted at the question.";

const HOOKS: &str = "\
Where it goes:
  ~/.bashrc         eval \"$(awsmfa hook bash)\"
  ~/.zshrc          eval \"$(awsmfa hook zsh)\"
  config.fish       awsmfa hook fish | source
  $PROFILE          Invoke-Expression (awsmfa hook powershell)
  a folder of PATH  awsmfa hook cmd > mfa.cmd
  direnv            awsmfa hook direnv > ~/.config/direnv/lib/awsmfa.sh";

// Deferred: of twelve subcommands one is run, and the definitions of the others cost more than its work.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
#[allow(clippy::large_enum_variant, reason = "one is made in a run")]
pub enum Command {
    /// Get a session and print the code that puts it into the shell
    #[command(after_help = EXAMPLES)]
    Env(EnvArgs),

    /// Print the hook for a shell's start-up file
    #[command(after_help = HOOKS)]
    Hook(HookArgs),

    /// Switch this shell to a profile (needs the hook)
    Use(UseArgs),

    /// Take the session out of this shell (needs the hook)
    Off,

    /// Run one command with a session, which this shell does not get
    Exec(ExecArgs),

    /// Show what this shell and the store hold, and for how long
    Status(StatusArgs),

    /// Forget stored sessions
    Logout(LogoutArgs),

    /// Write a session into a profile of the AWS files
    Write(WriteArgs),

    /// Print a session as the credential_process of an AWS profile does
    CredentialProcess(CredentialProcessArgs),

    /// Print a completion script
    Completions(CompletionsArgs),
}

#[derive(Args, Debug)]
pub struct EnvArgs {
    /// The profile of the AWS files [default: AWS_PROFILE, else default]
    #[arg(value_name = "PROFILE", conflicts_with = "profile")]
    pub profile_argument: Option<String>,

    #[command(flatten)]
    pub session: SessionArgs,

    /// The shell to print code for [default: the one that asks]
    #[arg(long, value_enum, value_name = "SHELL")]
    pub shell: Option<Shell>,

    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Shell)]
    pub format: Format,

    /// Print code that takes the session out of the shell; gets none
    #[arg(long)]
    pub unset: bool,

    /// Leave AWS_PROFILE and AWS_DEFAULT_PROFILE as they are
    #[arg(long)]
    pub keep_profile: bool,

    /// Print the secrets even though standard output is a terminal
    #[arg(long)]
    pub reveal: bool,

    /// Renew the session that this shell holds: the same identity or nothing (for the hook)
    #[arg(long, hide = true)]
    pub renew: bool,

    /// Somebody waits for a prompt: 3 seconds at most (for the hook)
    #[arg(long, hide = true)]
    pub at_prompt: bool,

    /// Print where the session of this request is stored, and do nothing else (for direnv)
    #[arg(long, hide = true)]
    pub where_stored: bool,
}

#[derive(Args, Debug)]
pub struct HookArgs {
    /// The shell to print the hook for
    #[arg(value_enum)]
    pub shell: Hook,
}

/// What there is a hook for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Hook {
    /// bash 3.2 or later
    Bash,
    /// zsh
    Zsh,
    /// fish 3.6 or later
    Fish,
    /// Windows PowerShell 5.1 and PowerShell 7
    #[value(name = "powershell", alias = "pwsh")]
    PowerShell,
    /// A batch file for the Windows command prompt
    Cmd,
    /// `use awsmfa` for .envrc
    Direnv,
}

#[derive(Args, Debug)]
pub struct UseArgs {
    /// The profile of the AWS files [default: AWS_PROFILE, else default]
    #[arg(value_name = "PROFILE", conflicts_with = "profile")]
    pub profile_argument: Option<String>,

    #[command(flatten)]
    pub session: SessionArgs,

    /// Leave AWS_PROFILE and AWS_DEFAULT_PROFILE as they are
    #[arg(long)]
    pub keep_profile: bool,

    /// The hook asks, and evaluates what is printed
    #[arg(long, hide = true)]
    pub shell: Option<Shell>,
}

#[derive(Args, Debug)]
pub struct ExecArgs {
    #[command(flatten)]
    pub session: SessionArgs,

    /// Leave AWS_PROFILE and AWS_DEFAULT_PROFILE as they are
    #[arg(long)]
    pub keep_profile: bool,

    /// The command, after an optional profile
    #[arg(
        value_name = "[PROFILE] -- COMMAND",
        trailing_var_arg = true,
        allow_hyphen_values = true,
        required = true
    )]
    pub words: Vec<OsString>,
}

#[derive(Args, Debug)]
pub struct WriteArgs {
    /// The profile of the AWS files [default: AWS_PROFILE, else default]
    #[arg(value_name = "PROFILE", conflicts_with = "profile")]
    pub profile_argument: Option<String>,

    #[command(flatten)]
    pub session: SessionArgs,

    /// The profile to write the session into
    #[arg(
        long,
        alias = "mfa-profile-name",
        value_name = "NAME",
        default_value = "mfa"
    )]
    pub to: String,

    /// Say nothing after a success
    #[arg(long)]
    pub quiet: bool,
}

#[derive(Args, Debug)]
pub struct CredentialProcessArgs {
    /// The profile of the AWS files [default: AWS_PROFILE, else default]
    #[arg(value_name = "PROFILE", conflicts_with = "profile")]
    pub profile_argument: Option<String>,

    #[command(flatten)]
    pub session: SessionArgs,
}

#[derive(Args, Debug)]
pub struct CompletionsArgs {
    /// The shell to print a completion script for
    pub shell: clap_complete::Shell,
}

#[derive(Args, Debug)]
pub struct StatusArgs {
    /// Print JSON, in the form that the README documents
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct LogoutArgs {
    /// The profile whose sessions to forget [default: AWS_PROFILE, else default]
    #[arg(value_name = "PROFILE", conflicts_with = "all")]
    pub profile: Option<String>,

    /// Forget every stored session
    #[arg(long)]
    pub all: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Code for a shell
    Shell,
    /// The JSON that `aws sts get-session-token` prints
    Json,
    /// NAME=value lines, for docker run --env-file
    Dotenv,
    /// For the later steps of a GitHub Actions job
    GithubActions,
}

/// What every command that gets a session takes. The names are those of `aws sts`.
#[derive(Args, Debug)]
pub struct SessionArgs {
    /// The profile, as a flag
    #[arg(long, short, value_name = "NAME")]
    pub profile: Option<String>,

    /// The MFA device: its ARN, or a hardware token's number
    #[arg(long, value_name = "ARN")]
    pub serial_number: Option<String>,

    /// The MFA code; "-" reads it from standard input
    #[arg(long, short, value_name = "CODE", allow_hyphen_values = true)]
    pub token_code: Option<String>,

    /// A command that prints the MFA code
    #[arg(long, value_name = "COMMAND")]
    pub mfa_process: Option<String>,

    /// How long the session shall last: 12h, 90m, 43200
    #[arg(
        long,
        short,
        alias = "duration-seconds",
        value_name = "TIME",
        allow_hyphen_values = true
    )]
    pub duration: Option<String>,

    /// The role to assume
    #[arg(long, value_name = "ARN")]
    pub role_arn: Option<String>,

    /// The name of the role's session
    #[arg(long, value_name = "NAME")]
    pub role_session_name: Option<String>,

    /// The external id that the role's trust policy wants
    #[arg(long, value_name = "ID")]
    pub external_id: Option<String>,

    /// The region of the STS endpoint
    #[arg(long, value_name = "REGION", allow_hyphen_values = true)]
    pub region: Option<String>,

    /// Another STS endpoint
    #[arg(long, value_name = "URL")]
    pub endpoint_url: Option<String>,

    /// A file with the certificates to trust in place of the system's
    #[arg(long, value_name = "FILE")]
    pub ca_bundle: Option<PathBuf>,

    /// A setting.ini with ARN= and DurationSeconds= lines
    #[arg(long, value_name = "FILE")]
    pub setting_ini: Option<PathBuf>,

    /// Get a new session even though a stored one is good
    #[arg(long)]
    pub refresh: bool,

    /// Neither read nor write the store
    #[arg(long)]
    pub no_cache: bool,

    /// A stored session with less time left is not used
    #[arg(long, value_name = "TIME", default_value = "5m")]
    pub min_ttl: String,

    /// Say first what will be done and why; with --no-input, do nothing else
    #[arg(long)]
    pub explain: bool,

    /// Never ask anything: fail if a code is needed
    #[arg(long)]
    pub no_input: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grammar_alone_reads_what_the_whole_one_reads() {
        for line in [
            "env",
            "env dev --shell fish -d 1h --keep-profile --no-input",
            "env -p=dev --format json --duration-seconds 900 -t -",
            "env --region -x --renew --at-prompt --min-ttl 10m",
            "env -- -strange",
            "credential-process --profile dev --role-arn arn",
            "env one two",
            "env one --profile two",
            "env --shell tcsh",
            "env --shel",
            "env --help",
            "env -V",
            "credential-process --format json",
        ] {
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            let words = [vec!["awsmfa".into()], words].concat();
            let said = |parsed: Result<Cli, clap::Error>| match parsed {
                Ok(cli) => format!("{cli:?}"),
                Err(refused) => refused.to_string(),
            };
            let whole = said(Cli::try_parse_from(&words));
            assert_eq!(said(Cli::of_words(&words)), whole, "{line}");
        }
    }
}

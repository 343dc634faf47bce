//! What `--help` says beside the definitions, in the order in which a newcomer asks: what is there,
//! what do I type, where does it go.

/// The subcommands in groups, which clap cannot make: it has one heading for all of them.
pub const OVERVIEW: &str = "\
{about}

It asks for the code of your MFA device, gets a session from AWS STS, and prints the code that
puts it into your shell. The next terminal does not ask: the session is kept, encrypted, until
it ends.

{usage-heading} {usage}

In the shell you are in:
  env                 Get a session and print the code that puts it into the shell
  hook                Print the hook for a shell's start-up file
  use                 Switch this shell to a profile (needs the hook)
  off                 Take the session out of this shell (needs the hook)
  pin                 Pin this directory to a profile: the hook switches to it there, and back
  unpin               Take a directory's pin away

For one command, for SDKs, for files:
  exec                Run one command with a session, which this shell does not get
  credential-process  Print a session as the credential_process of an AWS profile does
  write               Write a session into a profile of the AWS files
  console             Open the AWS console, signed in as a role

Long-term keys:
  keys                Keep long-term keys in the operating system's key store

What there is:
  profiles            List the profiles, where their keys come from and what is wrong with them
  status              Show what this shell and the store hold, and for how long
  setup               Find your keys and your MFA device, write down what is missing, install the hook
  doctor              Find what is wrong here, and the command that fixes it
  logout              Forget stored sessions

Help:
  completions         Print a completion script
  help                Print this message or the help of the given subcommand(s)

Options:
{options}{after-help}";

/// What a pin is.
pub const PIN: &str = "\
A pin counts for the directory and everything below it; of several the nearest counts. It is kept on
this machine, for this user: nothing in a repository is read or trusted. A profile variable, and
direnv with a session of its own, outrank it; without the hook only awsmfa itself follows it.
";

/// How a session gets into each shell; what else there is for .envrc.
macro_rules! idioms {
    ($direnv:literal) => {
        concat!(
            "\
Put a session into this shell:
  bash, zsh, sh    eval \"$(awsmfa env)\"
  .envrc           eval \"$(awsmfa env --profile dev)\"",
            $direnv,
            "
  PowerShell       Invoke-Expression (awsmfa env)
  fish             awsmfa env | source
  cmd              for /f \"delims=\" %i in ('awsmfa env') do @call %i
  elvish           awsmfa env | eval (slurp)
  tcsh             eval \"`awsmfa env`\"
  xonsh            with the hook: awsmfa use
  nushell          awsmfa env | from json --objects | first | load-env
"
        )
    };
}

/// After the overview: the idioms, the hook, the exit codes.
pub const START: &str = concat!(
    idioms!(", or use awsmfa dev (direnv)"),
    "
Or install the hook once (awsmfa hook --help), and then:
  awsmfa use dev   this shell gets a session of profile dev
  awsmfa off       and gives it back

Exit codes: 0 done, 1 the configuration or the input is wrong, 2 usage, 3 AWS refused,
4 AWS did not answer, 5 a code is needed and nobody can be asked, 130 interrupted at the question."
);

pub const IDIOMS: &str = concat!(
    idioms!(""),
    "
Examples:
  awsmfa env dev                 of profile dev; on a terminal it lists what it got, without secrets
  awsmfa env dev -d 12h          for twelve hours: with a role, a code for this role alone
  awsmfa env dev --explain       which calls it makes and why, before it asks
  awsmfa env --unset             the code that takes the session out again
  awsmfa env --format json       what aws sts get-session-token prints"
);

pub const HOOKS: &str = "\
Where it goes:
  ~/.bashrc         eval \"$(awsmfa hook bash)\"   (on a Mac: ~/.bash_profile)
  ~/.zshrc          eval \"$(awsmfa hook zsh)\"
  config.fish       awsmfa hook fish | source
  $PROFILE          Invoke-Expression (awsmfa hook powershell)
  a folder of PATH  awsmfa hook cmd > mfa.cmd
  rc.elv            eval (awsmfa hook elvish | slurp)
  ~/.tcshrc         \\awsmfa hook tcsh >! ~/.awsmfa.tcsh, once, and: source ~/.awsmfa.tcsh
  xonsh             awsmfa hook xonsh > ~/.config/xonsh/rc.d/awsmfa.xsh
  nushell           mkdir ($nu.data-dir)/vendor/autoload
                    awsmfa hook nushell | save -f ($nu.data-dir)/vendor/autoload/awsmfa.nu
  direnv            awsmfa hook direnv > ~/.config/direnv/lib/awsmfa.sh";

pub const USE: &str = "\
Examples:
  awsmfa use                 a list to pick from, where no variable or pin names a profile
  awsmfa use dev             this shell gets a session of profile dev
  awsmfa use dev -t 123456   with the code given
  awsmfa off                 gives it back: AWS_PROFILE and the region are as they were";

pub const EXEC: &str = "\
Examples:
  awsmfa exec dev -- terraform apply
  awsmfa exec dev -d 1h -- aws s3 ls
  awsmfa exec --server dev -- npm run dev   # goes on when the session ends: it is renewed

Exit codes: the command's own; 126 it cannot be executed, 127 it is not there.";

pub const WRITE: &str = "\
Examples:
  awsmfa write                  the default profile's session into [mfa]
  awsmfa write dev --to dev-mfa
  aws s3 ls --profile mfa       what it is for: tools that read nothing but the files";

pub const CREDENTIAL_PROCESS: &str = "\
In ~/.aws/config, under a name of its own:
  [profile dev-mfa]
  credential_process = awsmfa credential-process dev";

pub const SETUP: &str = "\
It shows every change of a file before it makes it, and asks. It asks only for what is not known yet.

Examples:
  awsmfa setup          keys, MFA device, region, hook, and a first session
  awsmfa setup --undo   every file as it was before";

pub const DOCTOR: &str = "\
It changes nothing, asks nobody and, without --online, opens no connection.

Exit codes: 0 nothing is wrong (there may be warnings), 1 something is.";

pub const PROFILES: &str = "\
Examples:
  awsmfa profiles            what there is
  awsmfa profiles --write    [profile dev-mfa] for dev, and so on, for editors, Terraform and notebooks
  awsmfa profiles --remove   the file is as it was before";

pub const KEYS_ROTATE: &str = "\
The new key is kept and proven before the old one is made inactive. If this is interrupted, run the same line
again: it goes on from there.

Examples:
  awsmfa keys rotate dev            a new key for profile dev; the old one is inactive, not deleted
  awsmfa keys rotate dev --delete   once everything works: the old one is gone";

pub const CONSOLE: &str = "\
Examples:
  awsmfa console dev                in the browser, as the role of profile dev
  awsmfa console dev --service s3   at the page of S3
  awsmfa console dev --print        the address, for another browser; it is a secret

The role's session signs in; the session of a user (GetSessionToken) cannot.";

pub const COMPLETIONS: &str = "\
Where it goes:
  ~/.bashrc    eval \"$(awsmfa completions bash)\"   (on a Mac: ~/.bash_profile)
  ~/.zshrc     eval \"$(awsmfa completions zsh)\", after compinit
  fish         awsmfa completions fish > ~/.config/fish/completions/awsmfa.fish
  $PROFILE     awsmfa completions powershell | Out-String | Invoke-Expression
  rc.elv       eval (awsmfa completions elvish | slurp)";

#[cfg(test)]
#[path = "help_tests.rs"]
mod tests;

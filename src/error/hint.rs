//! What to do about an error: the command to run or the line to change, in the user's own names.
//!
//! One file although long: it is one `match`, and the compiler asks here for the hint of every new error.

use std::io::ErrorKind;

use super::refusal::{LONG_TERM_KEYS_ARE_LOST, set_clock};
use super::{Error, KeyOrigin, Location, NoAnswer, NoTerminal, Origin};
use crate::text::typed_path::typed;

const WAYS_TO_GIVE_A_CODE: &str = "give it with --token-code CODE, with --token-code - on standard input, or by an mfa_process in the profile";

const NOT_BY_AN_SDK: &str = "aws-vault takes it from [default], no SDK does";

const STRANGER: &str = "check AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL and the proxy; a Wi-Fi sign-in page answers like this";

impl Error {
    /// The hint, as it follows `hint: `. Every error that the user can do something about has one.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Error::FileNamedByVariable { variable, path } => {
                format!("unset {variable}, or create {}", path.display())
            }
            Error::NoHome => {
                "set HOME, or AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE".to_owned()
            }
            Error::HomeRelative { variable, .. } => {
                format!("set {variable} to the absolute path of your home directory")
            }
            Error::Unreadable { path, error } => match error.kind() {
                ErrorKind::NotFound => "check the path: there is no such file".to_owned(),
                ErrorKind::IsADirectory => "name the file in that folder".to_owned(),
                _ => format!("look at its owner and mode: ls -l {}", typed(path)),
            },
            Error::PromptVariable { .. } => {
                "unset it, or set it to AWS_VAULT, AWSUME_PROFILE or none".to_owned()
            }
            Error::NothingBefore => "run awsmfa use PROFILE".to_owned(),
            Error::NothingToPin => "run awsmfa pin PROFILE".to_owned(),
            Error::NotPinned { above: Some((directory, _)), .. } => format!("run awsmfa unpin {}", typed(directory)),
            Error::NotPinned { above: None, .. } => "run awsmfa status to see the pins".to_owned(),
            Error::NoDirectory => "change to another directory".to_owned(),
            Error::PinsUnwritable { .. } => "look at the folder of the stored sessions, or set AWSMFA_STATE_DIR".to_owned(),
            Error::Unwritable { .. } if cfg!(windows) => {
                "nothing in it has changed; close the program that has it open, or look at the disk".to_owned()
            }
            Error::Unwritable { path, .. } => format!(
                "nothing in it has changed; look at the disk and the folder: df -h {0}; ls -ld {0}",
                typed(path.parent().unwrap_or(path))
            ),
            Error::Continued { location } => format!(
                "write the value into one line, or remove line {} of {}",
                location.line,
                location.path.display()
            ),
            Error::BeingWritten { .. } => "without --no-input this one waits for it".to_owned(),
            Error::KeepsChanging { path } => format!(
                "nothing of what it wrote is lost; end the program that has {} open, and try again",
                path.display()
            ),
            Error::ByteOrderMark { path } => {
                format!("save {} as UTF-8 without a byte order mark (Notepad: \"UTF-8\")", path.display())
            }
            Error::NotUtf8 { location } => format!("change line {} or save the file as UTF-8", location.line),
            Error::FileSyntax { location, .. } => {
                format!("change line {} of {}: no AWS SDK reads the file as it is", location.line, location.path.display())
            }
            Error::SettingIni { location, .. } => format!(
                "write ARN=arn:aws:iam::123456789012:mfa/NAME and, if you like, DurationSeconds=43200 in {} (as UTF-8 or Shift_JIS)",
                location.path.display()
            ),
            Error::SettingWithoutSerial { path } => format!(
                "write ARN=arn:aws:iam::123456789012:mfa/NAME in {}, or mfa_serial in the profile",
                path.display()
            ),
            Error::Duration { .. } => "write it as 12h, 90m or 43200 (seconds)".to_owned(),
            Error::InFile { location, error } => format!("change line {}: {}", location.line, error.hint()?),
            Error::Region { .. } => "a region is a name such as ap-northeast-1".to_owned(),
            Error::NoSuchEndpoint { .. } => {
                "leave out what is not meant: the region, the endpoint URL, AWS_USE_FIPS_ENDPOINT (use_fips_endpoint) \
                 or AWS_USE_DUALSTACK_ENDPOINT (use_dualstack_endpoint)"
                    .to_owned()
            }
            Error::OtherPartition { origin, instead, .. } => match origin {
                Origin::Flag(flag) => format!("give {flag} {instead}, or leave it out"),
                Origin::Variable(variable) => {
                    format!("unset {variable}, or add --region {instead}")
                }
                Origin::PartitionOf(_) => {
                    "a role is assumed with the keys of its own partition: name a source_profile that has keys of that partition".to_owned()
                }
                line => format!("change {line} to region = {instead}"),
            },
            Error::SerialMalformed { .. } => {
                "it looks like arn:aws:iam::123456789012:mfa/NAME, or GAHT12345678 for a hardware token; \
                 run aws iam list-mfa-devices, or see \"Security credentials\" in the console"
                    .to_owned()
            }
            Error::SerialIsUser { instead, .. } => {
                format!("it is probably {instead}; run aws iam list-mfa-devices to see it")
            }
            Error::SerialIsFido { .. } => {
                "add an authenticator app (TOTP) as a second MFA device of the user, or use aws login".to_owned()
            }
            Error::SerialUnknown { header, config_file, of_default: Some(serial), .. } => format!(
                "write mfa_serial = {serial} under {header} in {}: {NOT_BY_AN_SDK}; or give --serial-number",
                config_file.display()
            ),
            Error::SerialUnknown { header, config_file, .. } => format!(
                "write mfa_serial = arn:aws:iam::123456789012:mfa/NAME under {} in {}, or give --serial-number",
                header,
                config_file.display()
            ),
            Error::EndpointUrl { given_as, .. } => {
                format!("give {given_as} as https://HOST, or http://127.0.0.1:PORT for a server on this machine")
            }
            Error::Parameter { given_as: "--role-arn" | "role_arn", .. } => {
                "a role's ARN looks like arn:aws:iam::123456789012:role/NAME".to_owned()
            }
            Error::Parameter { given_as: "--policy-arn", .. } => {
                "a policy's ARN looks like arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned()
            }
            Error::Parameter { given_as: "--source-identity", .. } => {
                "it is the name of a person, such as alice@example.com".to_owned()
            }
            Error::SessionTag { .. } => {
                "write it as team=blue: letters, digits and _.:/=+-@ in a key of 128 and a value of 256 at most".to_owned()
            }
            Error::NoRoleToLimit { .. } => {
                "AWS limits and tags only the sessions of roles: give --role-arn, or name the profile of a role".to_owned()
            }
            Error::WebIdentityTakesNone { location, .. } => {
                let what = match location {
                    Some(_) => format!("remove {}", line(location)),
                    None => "leave it out".to_owned(),
                };
                format!("{what}; tags and source identity of such a session are claims of the token itself")
            }
            Error::Parameter { given_as, .. } => format!("give {given_as} as the role's trust policy has it"),
            Error::RoleWithoutMfa { header, config_file, .. } => format!(
                "if the role's trust policy wants MFA, write mfa_serial = arn:aws:iam::123456789012:mfa/NAME under {} in {}; \
                 else check role_arn, external_id and the trust policy",
                header,
                config_file.display()
            ),
            Error::RoleLacksOfDefault { lines, header, config_file, .. } => format!(
                "write {} under {header} in {}: {NOT_BY_AN_SDK}; else check role_arn and the trust policy",
                lines.join(", and "),
                config_file.display()
            ),
            Error::RoleWithoutSource { of_default: Some(source), location, .. } => {
                format!("write source_profile = {source} beside {}: {NOT_BY_AN_SDK}", line(location))
            }
            Error::RoleWithoutSource { only_one: Some(source), location, .. } => {
                format!("write source_profile = {source} beside {}, or another profile that gives keys", line(location))
            }
            Error::RoleWithoutSource { location, .. } => {
                format!("write source_profile = a profile with an access key beside {}", line(location))
            }
            Error::ProfileName { .. } => {
                "AWS SDKs read names of A-Z a-z 0-9 _ - / . % @ : + only".to_owned()
            }
            Error::TargetIsSource { target, profile } if target == profile => {
                "name the profile with the long-term keys first, then another one: awsmfa write PROFILE --to NAME".to_owned()
            }
            Error::TargetIsSource { profile, .. } => {
                format!("name a profile for sessions: awsmfa write {profile} --to mfa")
            }
            Error::TargetHoldsKeys { location, .. } => format!(
                "name another profile with --to NAME; if the keys are not wanted any more, remove them from {}",
                line(location)
            ),
            Error::TargetIsUnclear { location, .. } => format!(
                "name another profile with --to NAME; if the keys are not wanted any more, remove line {} of {}",
                location.line,
                location.path.display()
            ),
            Error::TargetHasItsOwn { location, .. } => {
                format!("name another profile with --to NAME, or remove {}", line(location))
            }
            Error::ProfileUnknown { chosen_by: Origin::Pin, similar, .. } => {
                let instead = similar.first().map_or("PROFILE", |name| name);
                format!("run awsmfa pin {instead} in the directory that is pinned, or awsmfa unpin; awsmfa status shows which it is")
            }
            Error::ProfileUnknown { similar, all, config_file, .. } => match (&similar[..], &all[..]) {
                ([], []) => {
                    format!("there is none at all: run aws configure, which writes {}", config_file.display())
                }
                ([], [one]) => format!("there is none but {one}"),
                ([], all) => format!("there are {}", listed(all)),
                (similar, _) => format!("did you mean {}?", similar.join(" or ")),
            },
            Error::ProfileIsCode => {
                "give the code with --token-code CODE, or let it be asked for".to_owned()
            }
            Error::ProfileIgnored { ignored, header, .. } => {
                format!("change line {} to {header}", ignored.location.line)
            }
            Error::SourceProfileUnknown { similar, location, only_one, .. } => {
                let line = line(location);
                match (&similar[..], only_one) {
                    ([], Some(name)) => format!("change {line} to source_profile = {name}, or to another profile that gives keys"),
                    ([], None) => format!("change {line} to a profile that has keys"),
                    (similar, _) => format!("change {line}: did you mean {}?", similar.join(" or ")),
                }
            }
            Error::SourceProfileLoop { key: "include_profile", location, .. } => format!("remove {}, or let it name another profile", line(location)),
            Error::SourceProfileLoop { location, .. } => format!("change {} to the profile that has the keys", line(location)),
            Error::SourceUnsupported { by, location, .. } => match *by {
                "Ec2InstanceMetadata" | "EcsContainer" => format!(
                    "the role of a machine has no MFA device, and every AWS tool there uses this profile without awsmfa; \
                     to use it elsewhere, replace {} by source_profile = a profile with an access key",
                    line(location)
                ),
                _ => format!("replace {} by source_profile = a profile with an access key", line(location)),
            },
            Error::SsoSessionUnknown { profile, session, similar, location } => match &similar[..] {
                [] => format!(
                    "run aws configure sso --profile {profile}, or write [sso-session {session}] with sso_start_url and sso_region"
                ),
                similar => format!("change {}: did you mean {}?", line(location), similar.join(" or ")),
            },
            Error::LoginIncomplete { section, missing, of_default: Some(value), location, .. } => format!(
                "write {missing} = {value} below line {} of {}, in {section}: {NOT_BY_AN_SDK}",
                location.line,
                location.path.display()
            ),
            Error::LoginIncomplete { section, missing, profile, location, .. } => format!(
                "write {missing} = … below line {} of {}, in {section}, or run aws configure sso --profile {profile}",
                location.line,
                location.path.display()
            ),
            Error::LoginEnded { remedy, .. } => remedy.clone(),
            Error::LoginRefused { location, .. } => format!(
                "check the account and the role of the profile ({location}); the administrator of the account assigns them"
            ),
            Error::CredentialSourceEmpty { ours: true, location, .. } => format!(
                "run awsmfa off and export your own keys again, or replace {} by source_profile = a profile with an access key",
                line(location)
            ),
            Error::CredentialSourceEmpty { location, .. } => format!(
                "export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or replace {} by source_profile = a profile with an access key",
                line(location)
            ),
            Error::WebIdentityWithoutRole { location, .. } => {
                format!("write role_arn = the role that the token may assume beside line {} of {}", location.line, location.path.display())
            }
            Error::WebIdentityToken { path, .. } => {
                format!("the issuer of the token (Kubernetes, a CI system) writes this file, so check it: ls -l {}", typed(path))
            }
            Error::CredentialProcess { location, .. } => format!(
                "run the command of line {} of {} by hand: it must print the JSON of credential_process, \"Version\": 1",
                location.line,
                location.path.display()
            ),
            Error::CredentialProcessLoop { profile, location } => format!(
                "name another profile in line {} of {}, one that has keys: [{profile}] cannot get its keys from itself",
                location.line,
                location.path.display()
            ),
            Error::NoCredentials { profile, session_in_shell: true, .. } => format!(
                "the keys in this shell are a session and cannot get another; run aws configure --profile {profile} to store the long-term keys"
            ),
            Error::NoCredentials { profile, credentials_file, .. } => format!(
                "run aws configure --profile {profile}, or write aws_access_key_id and aws_secret_access_key under [{profile}] in {}",
                credentials_file.display()
            ),
            Error::HalfOfAKey { profile, missing, .. } => {
                format!("write {missing} beside the other half, or run aws configure --profile {profile}")
            }
            Error::KeyContinued { location, .. } => format!(
                "an indented line belongs to the value above it: remove the spaces at its beginning, or line {} of {}",
                location.line,
                location.path.display()
            ),
            Error::NotAKey { key, location: Some(location) } => format!(
                "write {key} in line {} of {} as AWS showed it: without quotes, spaces and comments",
                location.line,
                location.path.display()
            ),
            Error::NotAKey { key, location: None } => {
                format!("export {key} as AWS showed it: without quotes and spaces")
            }
            Error::AccessKeyId { .. } => "it is about 20 letters and digits and begins with AKIA".to_owned(),
            Error::SessionMalformed { origin, .. } => match origin {
                KeyOrigin::Process(location) => format!("look at the command of {location}"),
                _ => "copy the session again, whole and without quotes".to_owned(),
            },
            Error::SessionEnded { origin, .. } => match origin {
                KeyOrigin::Profile { profile, .. } => format!(
                    "let the tool that wrote it write a new one, or run aws configure --profile {profile} for long-term keys (AKIA…) \
                     and remove aws_session_token there; {LONG_TERM_KEYS_ARE_LOST}"
                ),
                KeyOrigin::Process(location) => {
                    format!("run the command of line {} of {} by hand: it gives a session that has ended", location.line, location.path.display())
                }
                _ => "export a new one".to_owned(),
            },
            Error::RoleDuration { .. } => "ask for 12h or less".to_owned(),
            Error::RoleChaining { role, seconds, keys_in: Some(keys) } => format!(
                "ask for 1h or less; if the role trusts the user of profile {keys} itself, \
                 run awsmfa env {keys} --role-arn {role} --duration {seconds}"
            ),
            Error::RoleChaining { keys_in: None, .. } => {
                "ask for 1h or less, or let the role trust a user with long-term keys and name that profile as source_profile".to_owned()
            }
            Error::CodeShape { .. } => "type the six digits that the authenticator app shows now".to_owned(),
            Error::MfaProcessLoop { .. } => {
                "let mfa_process print the code without awsmfa, or with the session of another profile: awsmfa exec OTHER -- COMMAND".to_owned()
            }
            Error::MfaProcess { .. } => {
                "run the command by hand: it must end by itself, and its first line of output must be the six digits".to_owned()
            }
            Error::UnknownWord { variable, words, .. } => match words.split_last() {
                Some((last, others)) => {
                    format!("set {variable} to {} or {last}, or unset it", others.join(", "))
                }
                None => format!("unset {variable}"),
            },
            Error::NoThread { .. } => {
                "end some of your programs, or raise the limit of processes and threads: ulimit -u".to_owned()
            }
            Error::Unsayable { .. } => "use another shell, or awsmfa env --format json".to_owned(),
            Error::NoHook { install: Some(install), instead, .. } => {
                format!("{install}, and open a new shell; without the hook: {instead}")
            }
            Error::NoHook { install: None, instead, .. } => format!("run {instead}"),
            Error::PathUnsayable { .. } => "install awsmfa in a folder whose name is UTF-8".to_owned(),
            Error::AnotherIdentity | Error::NotStored => "run awsmfa use for a new one".to_owned(),
            Error::DamagedBlock { location, .. } => format!(
                "nothing was changed: go to line {} of {}, and remove by hand the marks and the lines that awsmfa wrote between them",
                location.line,
                location.path.display()
            ),
            Error::NoConsole { profile } => format!(
                "run awsmfa console {profile} --role-arn ARN, or name a profile with a role_arn; a user signs in at the sign-in page itself"
            ),
            Error::Browser { .. } => {
                "run awsmfa console --print, and open the address in a browser; it signs in anybody who has it".to_owned()
            }
            Error::SigninRefused { .. } => {
                "only the session of a role (or of GetFederationToken) signs in; if this is one, run it again with --refresh".to_owned()
            }
            Error::NotSignin { .. } => {
                "check AWS_ENDPOINT_URL_SIGNIN and the proxy; a Wi-Fi sign-in page answers like this".to_owned()
            }
            Error::NoGithubEnv => {
                "run it in a step of a GitHub Actions job; elsewhere use --format dotenv or shell".to_owned()
            }
            Error::Usage { hint, .. } => hint.clone(),
            Error::Keys(error) => error.hint()?,
            Error::Refused(refusal) => refusal.hint(),
            Error::TooSlow { .. } => "check the network and the proxy (HTTPS_PROXY, NO_PROXY), then try again".to_owned(),
            Error::NoAnswer { cause, code_may_be_spent, .. } => {
                let what = match cause {
                    NoAnswer::Certificate if cfg!(target_os = "linux") => {
                        "give the certificates of the company's or the server's own authority with --ca-bundle FILE or AWS_CA_BUNDLE \
                         (if this machine has none at all, install ca-certificates)"
                    }
                    NoAnswer::Certificate => {
                        "give the certificates of the company's or the server's own authority with --ca-bundle FILE or AWS_CA_BUNDLE"
                    }
                    NoAnswer::CertificateDate => {
                        return Some(format!("if this machine's clock is off, set it: run {}", set_clock()));
                    }
                    NoAnswer::CertificateName => STRANGER,
                    NoAnswer::Proxy => {
                        "write HTTPS_PROXY or ALL_PROXY as http://USER:PASSWORD@HOST:PORT, with %40 for @, %23 for # and %5C for \\ in them, \
                         or name the host in NO_PROXY"
                    }
                    NoAnswer::Overloaded => "try again in a minute",
                    NoAnswer::Dns => "check the network and the region, then try again",
                    NoAnswer::Network => "check the network and the proxy (HTTPS_PROXY, NO_PROXY), then try again",
                };
                format!("{what}{}", spent(*code_may_be_spent))
            }
            Error::CaBundle { given_as, .. } => {
                format!("set {given_as} to a file of certificates in PEM form (-----BEGIN CERTIFICATE-----)")
            }
            Error::NotSts { code_may_be_spent, .. } => format!("{STRANGER}{}", spent(*code_may_be_spent)),
            Error::NobodyToAsk { why: NoTerminal::Mintty } => format!(
                "run winpty awsmfa env once, which asks and stores the session, and then run this again; or {WAYS_TO_GIVE_A_CODE}"
            ),
            Error::NobodyToAsk { why: NoTerminal::Background } => "bring the job to the foreground with fg".to_owned(),
            Error::Busy(_) => "answer it there; without --no-input this one waits".to_owned(),
            Error::NobodyToAsk { .. } => WAYS_TO_GIVE_A_CODE.to_owned(),
            Error::SetupWithoutTerminal { yes: false, .. } => {
                "run it at a terminal, or add --yes to agree to every change".to_owned()
            }
            // Every change is agreed to, and a key is missing: only somebody can type it.
            Error::SetupWithoutTerminal { .. } => {
                "run it at a terminal, where it asks for the access key, or run aws configure first".to_owned()
            }
            Error::ProfileToPick { all, .. } => {
                format!("run awsmfa use PROFILE; there are {}", listed(all))
            }
            Error::Command { error, .. } if error.kind() == std::io::ErrorKind::NotFound => {
                "check the name and PATH; the form is awsmfa exec [PROFILE] -- COMMAND".to_owned()
            }
            Error::Command { .. } if cfg!(windows) => "name a program: a .exe, .com, .cmd or .bat file".to_owned(),
            Error::Command { command, .. } => format!("check its mode: ls -l {}", typed(command)),
            Error::NoCodeDevice { profile, only_security_keys: true } => format!(
                "add an authenticator app as a second device (IAM console, your user, Security credentials), or sign in with aws login --profile {profile}"
            ),
            Error::NoCodeDevice { .. } => {
                "add one in the IAM console (your user, Security credentials, Assign MFA device), then run awsmfa setup".to_owned()
            }
            Error::Output { .. } | Error::Terminal { .. } | Error::Wrong { .. } | Error::Internal(_) | Error::Interrupted => return None,
        })
    }
}

/// What follows a hint where a code was sent and nobody knows whether it was used.
fn spent(code_may_be_spent: bool) -> &'static str {
    match code_may_be_spent {
        true => "; the code may have been used, so wait for the next one",
        false => "",
    }
}

/// Names, as many as help.
fn listed(names: &[String]) -> String {
    const SHOWN: usize = 8;
    let shown = names.get(..SHOWN).unwrap_or(names).join(", ");
    match names.len().checked_sub(SHOWN) {
        None | Some(0) => shown,
        Some(more) => format!("{shown} and {more} more"),
    }
}

fn line(location: &Option<Location>) -> String {
    location.as_ref().map_or_else(
        || "the line".to_owned(),
        |l| format!("line {} of {}", l.line, l.path.display()),
    )
}

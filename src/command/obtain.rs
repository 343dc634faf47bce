//! From the flags to a session: Request → Profile → Plan → Code → Session.

use std::fs;

use crate::cli::SessionArgs;
use crate::environment::Environment;
use crate::error::{Error, NoTerminal, Result};
use crate::mfa::terminal::Terminal;
use crate::mfa::{CodeSource, TokenCode};
use crate::plan::{self, Plan, Step};
use crate::profile::files::AwsFiles;
use crate::profile::serial::Serial;
use crate::profile::setting_ini::{self, SettingIni};
use crate::profile::{self, Profile, Role, Source};
use crate::request::{CodeArgument, DurationSeconds, Region, Request};
use crate::session::{Secret, Session, Timestamp};
use crate::stderr;
use crate::stdout;
use crate::store::entry_name;
use crate::sts::{Mfa, Refusal, RoleRequest, Sts};

/// A session and whose it is.
pub struct Obtained {
    /// The request, resolved.
    pub profile: Profile,
    /// The name of its store entry.
    pub entry: String,
    /// What was granted.
    pub session: Session,
}

/// Gets a session.
pub fn obtain(args: &SessionArgs, env: &Environment) -> Result<Obtained> {
    let request = request(args)?;
    let files = AwsFiles::read(env)?;
    let mut profile = profile::resolve(&request, env, &files)?;
    if profile.roles.is_empty() && profile.serial.is_none() {
        plan::decide(&profile)?; // nobody is asked for what a refusal makes useless
        profile.serial = Some(ask_serial(&profile, &request, &files)?);
        profile.endpoint =
            profile::resolve(&with_serial(&request, &profile), env, &files)?.endpoint;
    }
    let entry = entry_name(&profile);
    stdout::is_for_entry(&entry);
    let plan = plan::decide(&profile)?;
    let session = carry_out(&plan, &profile, &request, env)?;
    if matches!(profile.source, Source::Environment(_)) {
        stderr::note(
            "the long-term keys in this shell give way to the session, so it cannot be renewed here; \
             run aws configure to store them",
        );
    }
    for ignored in files.ignored() {
        stderr::note(&format!(
            "{}: [{}] is ignored by every AWS SDK: {}",
            ignored.location, ignored.written, ignored.reason
        ));
    }
    Ok(Obtained {
        profile,
        entry,
        session,
    })
}

/// Checks the flags, with those of a `setting.ini` ranking just below.
fn request(args: &SessionArgs) -> Result<Request> {
    let setting = match &args.setting_ini {
        Some(path) => {
            let bytes = fs::read(path).map_err(|error| Error::Unreadable {
                path: path.clone(),
                error,
            })?;
            setting_ini::parse(path, &bytes)?
        }
        None => SettingIni::default(),
    };
    let serial = args
        .serial_number
        .as_deref()
        .map(|s| Serial::parse("--serial-number", s))
        .transpose()?;
    let duration = args
        .duration
        .as_deref()
        .map(|d| DurationSeconds::parse("--duration", d))
        .transpose()?;
    Ok(Request {
        profile: args
            .profile_argument
            .clone()
            .or_else(|| args.profile.clone()),
        serial: serial.or(setting.serial),
        duration: duration.or(setting.duration),
        region: args
            .region
            .as_deref()
            .map(|r| Region::parse("--region", r))
            .transpose()?,
        endpoint_url: args.endpoint_url.clone(),
        role_arn: args.role_arn.clone(),
        role_session_name: args.role_session_name.clone(),
        external_id: args.external_id.clone(),
        code: args.token_code.as_deref().map(|code| match code {
            "-" => CodeArgument::Stdin,
            code => CodeArgument::Typed(Secret::new(code)),
        }),
        mfa_process: args.mfa_process.clone(),
        no_input: args.no_input,
    })
}

fn with_serial(request: &Request, profile: &Profile) -> Request {
    Request {
        serial: profile.serial.clone(),
        ..request.clone()
    }
}

fn ask_serial(profile: &Profile, request: &Request, files: &AwsFiles) -> Result<Serial> {
    let terminal = Terminal::open(request.no_input).map_err(|error| {
        let why = match error {
            Error::NobodyToAsk { why } => why,
            _ => NoTerminal::None,
        };
        Error::SerialUnknown {
            profile: profile.name.clone(),
            config_file: files.config_path().to_owned(),
            why,
        }
    })?;
    let answer = terminal.ask(&format!(
        "ARN of the MFA device for profile {}: ",
        profile.name
    ))?;
    Serial::parse("typed", &answer)
}

/// Makes the calls of the plan, each with the keys that the one before it got.
fn carry_out(
    plan: &Plan,
    profile: &Profile,
    request: &Request,
    env: &Environment,
) -> Result<Session> {
    let mut codes = match plan.needs_code() {
        true => Some(CodeSource::choose(
            request.code.as_ref(),
            profile.mfa_process.as_deref(),
            request.no_input,
        )?),
        false => None,
    };
    let mut keys = profile.source.credentials().clone();
    let mut session = None;
    for step in &plan.steps {
        let sts = Sts::new(&profile.endpoint, &keys)?;
        let granted = match (step, codes.as_mut(), profile.serial.as_ref()) {
            (Step::GetSessionToken { duration }, Some(codes), Some(serial)) => {
                with_code(codes, profile, serial, |code| {
                    sts.get_session_token(&Mfa { serial, code }, *duration, Timestamp::now())
                })?
            }
            (
                Step::AssumeRole {
                    role,
                    duration,
                    with_code: true,
                },
                Some(codes),
                Some(serial),
            ) => with_code(codes, profile, serial, |code| {
                let mfa = Mfa { serial, code };
                assume(&sts, role, Some(&mfa), *duration, env)
            })?,
            (Step::AssumeRole { role, duration, .. }, ..) => {
                assume(&sts, role, None, *duration, env)?
            }
            (Step::GetSessionToken { .. }, ..) => {
                return Err(Error::Internal("the plan has a code but no device"));
            }
        };
        keys = granted.credentials.clone();
        session = Some(granted);
    }
    session.ok_or(Error::Internal("the plan is empty"))
}

/// Calls with a code, and asks for another one where somebody can give it.
fn with_code(
    codes: &mut CodeSource,
    profile: &Profile,
    serial: &Serial,
    call: impl Fn(&TokenCode) -> Result<Session>,
) -> Result<Session> {
    loop {
        let code = codes.next(&profile.name, serial)?;
        match call(&code) {
            Err(Error::Rejected(rejected))
                if rejected.refusal == Refusal::WrongCode && codes.ask_again() => {}
            result => return result,
        }
    }
}

fn assume(
    sts: &Sts,
    role: &Role,
    mfa: Option<&Mfa>,
    duration: u32,
    env: &Environment,
) -> Result<Session> {
    let now = Timestamp::now();
    let session_name = role
        .session_name
        .clone()
        .unwrap_or_else(|| default_session_name(env, now));
    let request = RoleRequest {
        arn: &role.arn,
        session_name: &session_name,
        external_id: role.external_id.as_deref(),
    };
    sts.assume_role(request, mfa, duration, now)
}

/// Names user and time in CloudTrail, in the characters that STS takes: 2 to 64 of `[\w+=,.@-]`.
fn default_session_name(env: &Environment, now: Timestamp) -> String {
    let user = env.var("USER").or(env.var("USERNAME")).unwrap_or("user");
    let user: String = user
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "_+=,.@-".contains(c) {
                c
            } else {
                '-'
            }
        })
        .take(40)
        .collect();
    format!("awsmfa-{user}-{}", now.0)
}

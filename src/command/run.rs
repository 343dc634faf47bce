//! Carrying out a plan: at most one code, at most the calls that the plan names, and every session
//! on the way kept in the store under its own entry.

use crate::ending;
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::mfa::CodeSource;
use crate::plan::{Call, Step};
use crate::profile::endpoint::Endpoint;
use crate::profile::serial::Serial;
use crate::profile::{Profile, Role, Source};
use crate::request::{Request, Stored};
use crate::session::{Credentials, Session, Timestamp};
use crate::store::{Flight, Header, NotStored, Renewal, Stage, Store, Wait, entry_name};
use crate::sts::{Mfa, Refusal, RoleRequest, Sts};

/// One run through a plan.
pub struct Run<'a> {
    request: &'a Request,
    profile: &'a Profile,
    store: &'a Store,
    env: &'a Environment,
    /// Where codes come from; `None` until one is needed.
    codes: Option<CodeSource>,
    not_stored: Option<NotStored>,
}

impl<'a> Run<'a> {
    /// Nothing is done yet.
    pub fn new(
        request: &'a Request,
        profile: &'a Profile,
        store: &'a Store,
        env: &'a Environment,
    ) -> Self {
        Self {
            request,
            profile,
            store,
            env,
            codes: None,
            not_stored: None,
        }
    }

    /// Whether a code was got for it.
    pub fn used_a_code(&self) -> bool {
        self.codes.is_some()
    }

    /// Why what was got is not stored.
    pub fn not_stored(&self) -> Option<&NotStored> {
        self.not_stored.as_ref()
    }

    fn entry(&self, step: &Step) -> String {
        entry_of(self.profile, step)
    }

    /// Starts behind the last session that is stored, and makes the calls from there on, each with
    /// the keys that the one before it got.
    pub fn carry_out(&mut self, steps: &[Step]) -> Result<Session> {
        let mut session = None;
        let mut next = 0;
        for (index, step) in steps.iter().enumerate().rev() {
            session = self.stored(step);
            if session.is_some() {
                next = index + 1;
                break;
            }
        }
        for step in steps.iter().skip(next) {
            let source = self.profile.source.credentials();
            let keys = session.as_ref().map_or(source, |s| &s.credentials).clone();
            session = Some(self.take(step, &keys)?);
        }
        session.ok_or(Error::Internal("the plan is empty"))
    }

    /// The session of this step: another process may have got it while we waited for the lock.
    fn take(&mut self, step: &Step, keys: &Credentials) -> Result<Session> {
        ending::on_signals();
        let entry = self.entry(step);
        let wait = if self.request.no_input {
            Wait::Briefly
        } else {
            Wait::Patiently
        };
        let mut flight = self
            .store
            .fly(&entry, &self.profile.name, wait)
            .map_err(Error::Busy)?;
        if let Some(session) = self.stored(step) {
            return Ok(session);
        }
        let session = self.call(step, keys, &mut flight)?;
        let header = self.header(step, &session);
        if let Err(reason) = self.store.write(&entry, &header, &session) {
            self.not_stored = Some(reason);
        }
        Ok(session)
    }

    fn call(&mut self, step: &Step, keys: &Credentials, flight: &mut Flight) -> Result<Session> {
        let sts = Sts::new(endpoint_of(self.profile, step), keys)?;
        match step.call {
            Call::GetSessionToken => self.with_code(step, flight, |_, mfa| {
                sts.get_session_token(mfa, step.duration, Timestamp::now())
            }),
            Call::AssumeRoleWithCode => {
                self.with_code(step, flight, |run, mfa| run.assume(&sts, step, Some(mfa)))
            }
            Call::AssumeRole => self.assume(&sts, step, None),
        }
    }

    /// Calls with a code, and asks for another one where somebody can give it.
    fn with_code(
        &mut self,
        step: &Step,
        flight: &mut Flight,
        call: impl Fn(&Self, &Mfa) -> Result<Session>,
    ) -> Result<Session> {
        let serial = self
            .profile
            .serial
            .as_ref()
            .ok_or(Error::Internal("the plan has a code but no device"))?;
        let mut codes = match self.codes.take() {
            Some(codes) => codes,
            None => CodeSource::choose(
                self.request.code.as_ref(),
                self.profile
                    .mfa_process
                    .as_ref()
                    .filter(|_| !self.request.at_prompt),
                self.request.no_input,
            )?,
        };
        let question = self.question(step, serial);
        let result = loop {
            if codes.takes_time() {
                flight.now(Stage::Asking);
            }
            let code = codes.next(&question)?;
            flight.now(Stage::Calling);
            match call(
                self,
                &Mfa {
                    serial,
                    code: &code,
                },
            ) {
                Err(Error::Rejected(rejected))
                    if rejected.refusal == Refusal::WrongCode && codes.ask_again() => {}
                result => break result,
            }
        };
        self.codes = Some(codes);
        result
    }

    /// Says so where the code buys a single role.
    fn question(&self, step: &Step, serial: &Serial) -> String {
        let name = &self.profile.name;
        match step.call {
            Call::AssumeRoleWithCode => {
                format!("MFA code for {serial} (profile {name}, for this role alone): ")
            }
            Call::GetSessionToken | Call::AssumeRole => {
                format!("MFA code for {serial} (profile {name}): ")
            }
        }
    }

    fn assume(&self, sts: &Sts, step: &Step, mfa: Option<&Mfa>) -> Result<Session> {
        let role = step
            .roles
            .checked_sub(1)
            .and_then(|index| self.profile.roles.get(index));
        let role = role.ok_or(Error::Internal("the plan has no such role"))?;
        let now = Timestamp::now();
        let session_name = match &role.session_name {
            Some(name) => name.clone(),
            None => default_session_name(self.env, now),
        };
        let request = RoleRequest {
            arn: &role.arn,
            session_name: &session_name,
            external_id: role.external_id.as_deref(),
        };
        sts.assume_role(request, mfa, step.duration, now)
    }

    fn stored(&self, step: &Step) -> Option<Session> {
        stored(self.request, self.profile, self.store, step)
    }

    /// What to ask for to get the session of this step again.
    fn renewal(&self, step: &Step) -> Renewal {
        let request = self.request;
        let is_last = step.roles == self.profile.roles.len();
        let of_last = |flag: &Option<String>| flag.clone().filter(|_| is_last);
        Renewal {
            profile: self.profile_of(step).to_owned(),
            serial: request
                .serial
                .as_ref()
                .map(|serial| serial.as_str().to_owned()),
            duration: request
                .duration
                .map(|duration| duration.0)
                .filter(|_| is_last),
            role_arn: of_last(&request.role_arn),
            role_session_name: of_last(&request.role_session_name),
            external_id: of_last(&request.external_id),
            region: request
                .region
                .as_ref()
                .map(|region| region.as_str().to_owned()),
            endpoint_url: request.endpoint_url.clone(),
            ca_bundle: request.ca_bundle.clone(),
        }
    }

    /// The profile that a session belongs to: on the way to a role it is the source's.
    fn profile_of(&self, step: &Step) -> &str {
        let profile = self.profile;
        if step.roles == profile.roles.len() {
            return &profile.name;
        }
        match (roles_of(self.profile, step).last(), &profile.source) {
            (Some(role), _) => role.profile.as_deref().unwrap_or(&profile.name),
            (None, Source::Keys { profile, .. }) => profile,
            (None, Source::Environment(_)) => &profile.name,
        }
    }

    fn header(&self, step: &Step, session: &Session) -> Header {
        let principal = match roles_of(self.profile, step).last() {
            Some(role) => Some(role.arn.as_str()),
            None => self.profile.serial.as_ref().map(|serial| serial.as_str()),
        };
        Header {
            profile: self.profile_of(step).to_owned(),
            account: principal.and_then(account_of),
            principal: principal.map(str::to_owned),
            expiration: session.expiration,
            asked_seconds: step.duration,
            renewal: self.renewal(step),
        }
    }
}

/// The stored session of this step, if it is long enough and has enough left.
pub fn stored(request: &Request, profile: &Profile, store: &Store, step: &Step) -> Option<Session> {
    if request.stored != Stored::Used {
        return None;
    }
    let now = Timestamp::now();
    let (header, session) = store.read(&entry_of(profile, step), now)?;
    let serves = header.asked_seconds >= step.serves_from
        && header.expiration.seconds_after(now) > request.min_ttl;
    serves.then_some(session)
}

/// The name under which the session of a step is stored.
pub fn entry_of(profile: &Profile, step: &Step) -> String {
    let serial = profile.serial.as_ref().map(|serial| serial.as_str());
    let source = &profile.source.credentials().access_key_id;
    entry_name(
        source,
        serial,
        roles_of(profile, step),
        endpoint_of(profile, step),
    )
}

/// A session of the source is asked for where the source says, so that one serves all its roles.
fn endpoint_of<'a>(profile: &'a Profile, step: &Step) -> &'a Endpoint {
    match step.call {
        Call::GetSessionToken => &profile.source_endpoint,
        Call::AssumeRole | Call::AssumeRoleWithCode => &profile.endpoint,
    }
}

fn roles_of<'a>(profile: &'a Profile, step: &Step) -> &'a [Role] {
    profile.roles.get(..step.roles).unwrap_or_default()
}

/// The account that an ARN names.
fn account_of(arn: &str) -> Option<String> {
    let account = arn.split(':').nth(4)?;
    (account.len() == 12).then(|| account.to_owned())
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

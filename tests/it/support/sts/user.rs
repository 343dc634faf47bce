//! IAM users, each with a long-term key and an MFA device whose codes are real.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use super::refusal::{self, Refusal};
use super::sync::lock;
use super::{clock, sigv4, totp};

/// A clone is the same person with the same device.
#[derive(Clone, Debug)]
pub struct User {
    pub partition: String,
    pub account: String,
    /// `root` is the account itself.
    pub name: String,
    pub access_key_id: String,
    pub secret_access_key: String,
    pub mfa_serial: String,
    pub totp_secret: Vec<u8>,
    /// How many time steps before and after the current one count. Real STS is as strict as 1; with the 10 of
    /// [`User::new`] there are 20 codes at any moment, and no test has to wait 30 seconds for its next one.
    pub code_window: i64,
    /// The serial numbers that ListMFADevices gives; `None` is the one device.
    pub listed_devices: Option<Vec<String>>,
    /// The policy that AWS documents for it: without MFA little more than finding and adding a device.
    pub must_use_mfa: bool,
    /// Actions that no policy allows: `iam:CreateAccessKey`.
    pub not_allowed: Vec<String>,
    handed_out: Arc<Mutex<HashSet<i64>>>,
}

impl User {
    /// Key, secret and device follow from the name: the same in every run, and easy to find in what a test prints.
    pub fn new(account: &str, name: &str) -> User {
        let seed = sigv4::sha256(format!("{account}/{name}").as_bytes());
        let user = User {
            partition: String::new(),
            account: account.to_owned(),
            name: name.to_owned(),
            access_key_id: format!("AKIA{:X<16.16}", name.to_uppercase()),
            secret_access_key: format!("{:.40}", format!("{name}/+{seed}")),
            mfa_serial: String::new(),
            totp_secret: seed.as_bytes()[..20].to_vec(),
            code_window: 10,
            listed_devices: None,
            must_use_mfa: false,
            not_allowed: Vec::new(),
            handed_out: Arc::default(),
        };
        user.in_partition("aws")
    }

    pub fn in_partition(mut self, partition: &str) -> User {
        let (account, name) = (&self.account, &self.name);
        self.mfa_serial = format!("arn:{partition}:iam::{account}:mfa/{name}");
        self.partition = partition.to_owned();
        self
    }

    /// A hardware token, whose serial number is no ARN, in place of the app on a phone.
    pub fn with_hardware_token(mut self, serial: &str) -> User {
        self.mfa_serial = serial.to_owned();
        self
    }

    /// As strict as real STS.
    pub fn with_code_window(mut self, steps: i64) -> User {
        self.code_window = steps;
        self
    }

    /// These in place of the one device; codes are good for each that has any.
    pub fn with_devices(mut self, serials: &[&str]) -> User {
        self.listed_devices = Some(serials.iter().map(|&serial| serial.to_owned()).collect());
        self
    }

    /// "Force MFA".
    pub fn who_must_use_mfa(mut self) -> User {
        self.must_use_mfa = true;
        self
    }

    pub fn without(mut self, action: &str) -> User {
        self.not_allowed.push(action.to_owned());
        self
    }

    pub fn devices(&self) -> Vec<String> {
        let one = || vec![self.mfa_serial.clone()];
        self.listed_devices.clone().unwrap_or_else(one)
    }

    /// What the user's policies say of an action of IAM.
    pub fn may(&self, action: &str, has_mfa: bool) -> Result<(), Refusal> {
        let action = format!("iam:{action}");
        let refuse = |why: &str| Err(refusal::not_allowed(&self.arn(), &action, &self.name, why));
        if self.must_use_mfa && !has_mfa && action != "iam:ListMFADevices" {
            return refuse("with an explicit deny in an identity-based policy");
        }
        if self.not_allowed.contains(&action) {
            return refuse(&format!(
                "because no identity-based policy allows the {action} action"
            ));
        }
        Ok(())
    }

    pub fn arn(&self) -> String {
        let User {
            partition,
            account,
            name,
            ..
        } = self;
        match name.as_str() {
            "root" => format!("arn:{partition}:iam::{account}:root"),
            _ => format!("arn:{partition}:iam::{account}:user/{name}"),
        }
    }

    pub fn is_root(&self) -> bool {
        self.name == "root"
    }

    /// What the device shows now. STS takes it once: a test that needs two codes wants [`User::fresh_code`].
    pub fn code(&self) -> String {
        let now = totp::step_at(clock::now());
        lock(&self.handed_out).insert(now);
        totp::code(&self.totp_secret, now)
    }

    /// What the device shows `steps` from now, whether or not STS takes it.
    pub fn code_at(&self, steps: i64) -> String {
        totp::code(&self.totp_secret, totp::step_at(clock::now()) + steps)
    }

    /// A code that STS takes now and that was never handed out before.
    pub fn fresh_code(&self) -> String {
        let now = totp::step_at(clock::now());
        // The oldest step of the window is left out: it may be over before the code arrives.
        let steps = (now..=now + self.code_window).chain((now - self.code_window + 1..now).rev());
        let mut handed_out = lock(&self.handed_out);
        let fresh = { steps }.find(|step| handed_out.insert(*step));
        let fresh = fresh.expect("all codes are handed out: widen `code_window`");
        totp::code(&self.totp_secret, fresh)
    }

    /// The steps during which the device shows `code`, as far as they count at `moment`.
    pub fn steps_showing(&self, code: &str, moment: i64) -> impl Iterator<Item = i64> {
        let now = totp::step_at(moment);
        let steps = now - self.code_window..=now + self.code_window;
        steps.filter(move |step| totp::code(&self.totp_secret, *step) == code)
    }
}

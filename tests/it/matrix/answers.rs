//! The sessions that STS answers with, made of the values of a class, and the world they are got in.

use crate::support::sts::{ALICES_ACCOUNT, Issued, LocalSts, User};
use crate::support::values::{Class, is_profile, is_sent_by_sts};
use crate::support::{World, example};

/// A session of values.
#[derive(Debug)]
pub struct Answer<'v> {
    pub token: &'v str,
    pub secret: &'v str,
    pub profile: &'v str,
    /// How many of them are of the class.
    pub values: usize,
}

impl Default for Answer<'_> {
    fn default() -> Self {
        Self {
            token: "token",
            secret: "secret",
            profile: "default",
            values: 0,
        }
    }
}

impl<'v> Answer<'v> {
    pub fn issued(&self) -> Issued {
        Issued {
            secret_access_key: self.secret.to_owned(),
            session_token: self.token.to_owned(),
            ..example::issued()
        }
    }

    pub fn sets(&self) -> Vec<(&'static str, &'v str)> {
        vec![
            ("AWS_ACCESS_KEY_ID", "ASIAIOSFODNN7EXAMPLE"),
            ("AWS_SECRET_ACCESS_KEY", self.secret),
            ("AWS_SESSION_TOKEN", self.token),
            ("AWS_CREDENTIAL_EXPIRATION", "2099-12-31T23:59:59Z"),
            ("AWSMFA_PROFILE", self.profile),
            ("AWSMFA_EXPIRES", "4102444799"),
            ("AWSMFA_SESSION", "ASIAIOSFODNN7EXAMPLE:[ENTRY]"),
            ("AWS_VAULT", self.profile),
        ]
    }
}

/// Sessions in which each value of the class that STS may send is a token or a secret, and each that may be
/// the name of a profile is one; one at least.
pub fn answers(class: &Class) -> Vec<Answer<'_>> {
    let values = || class.values.iter().map(String::as_str);
    let (long, mut short): (Vec<&str>, Vec<&str>) = values()
        .filter(|v| is_sent_by_sts(v))
        .partition(|v| v.len() > 256);
    let mut profiles = values().filter(|value| is_odd_profile(value));
    let mut tokens = long.into_iter();
    let mut answers = Vec::new();
    loop {
        let token = tokens.next().or_else(|| short.pop());
        let (secret, profile) = (short.pop(), profiles.next());
        let given = [token, secret, profile];
        if given.iter().all(Option::is_none) && !answers.is_empty() {
            return answers;
        }
        let other = Answer::default();
        answers.push(Answer {
            token: token.unwrap_or(other.token),
            secret: secret.unwrap_or(other.secret),
            profile: profile.unwrap_or(other.profile),
            values: given.iter().flatten().count(),
        });
    }
}

/// A profile's name that is more than letters and digits.
fn is_odd_profile(name: &str) -> bool {
    is_profile(name) && !name.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// alice under each of the odd names, in a folder whose files have the values as names.
pub fn world(classes: &[Class]) -> World {
    let alice = User::new(ALICES_ACCOUNT, "alice").with_code_window(150);
    let world = World::alice_of(LocalSts::builder().user(alice).start());
    let values = || classes.iter().flat_map(|class| &class.values);
    let profiles = values().filter(|name| is_odd_profile(name));
    let keys: String = profiles.map(|name| world.keys(name)).collect();
    let serial = world.user().mfa_serial.clone();
    let credentials = world.keys("default") + &keys;
    let world = world.credentials(credentials).env("AWS_MFA_SERIAL", serial);
    for name in values().map(String::as_str).chain(["AWS_REGION=x", "-n"]) {
        // Not every value can be one.
        let _ = std::fs::write(world.path("work").join(name.replace('/', "_")), "");
    }
    world
}

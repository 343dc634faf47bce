//! The variables by which prompts show whose session a shell holds, and those that other tools leave beside their
//! sessions. Pure.

use crate::environment::Environment;
use crate::environment::session_here::SessionHere;
use crate::environment::words;
use crate::error::{Error, Result};

/// The variables that `AWSMFA_PROMPT_VARIABLE` may name. starship, powerlevel10k, oh-my-posh and spaceship read
/// `AWS_VAULT`, and nothing else that all of them read.
const PROMPT: [&str; 2] = ["AWS_VAULT", "AWSUME_PROFILE"];

/// The variables that go when our session comes: the marks of other sessions, and where an SDK would ask if it found
/// no keys.
const OF_OTHERS: [&str; 10] = [
    "AWS_VAULT",
    "AWSUME_PROFILE",
    "AWSUME_EXPIRATION",
    "AWSU_PROFILE",
    "AWS_SSO_PROFILE",
    "AWS_SESSION_EXPIRATION",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
];

/// The variable that shows our profile: `AWSMFA_PROMPT_VARIABLE`, where it is not set or empty `AWS_VAULT`,
/// `None` for `none`. Case and blanks do not matter.
pub fn prompt_variable(env: &Environment) -> Result<Option<&'static str>> {
    let Some(text) = env.path("AWSMFA_PROMPT_VARIABLE") else {
        return Ok(Some(PROMPT[0]));
    };
    let word = words::plain(text);
    if word.is_empty() {
        return Ok(Some(PROMPT[0]));
    }
    if word == "none" {
        return Ok(None);
    }
    let known = PROMPT
        .into_iter()
        .find(|name| name.eq_ignore_ascii_case(&word));
    known.map(Some).ok_or_else(|| Error::PromptVariable {
        text: text.to_string_lossy().into_owned(),
    })
}

/// The marks that are here, whoever set them: they go with the session.
pub fn here<'a>(session_here: &'a SessionHere) -> impl Iterator<Item = &'static str> + use<'a> {
    session_here.0.among(&OF_OTHERS)
}

/// The marks alone, which other tools leave beside their sessions.
pub fn of_sessions() -> impl Iterator<Item = &'static str> {
    let is_mark = |name: &&str| !name.starts_with("AWS_CONTAINER_");
    OF_OTHERS.into_iter().filter(is_mark)
}

/// Those of them that we set: they say what `AWSMFA_PROFILE` says.
pub fn ours<'a>(session_here: &'a SessionHere) -> impl Iterator<Item = &'static str> + use<'a> {
    let profile = session_here.0.var("AWSMFA_PROFILE");
    let is_ours = move |name: &&str| profile.is_some() && session_here.0.var(name) == profile;
    PROMPT.into_iter().filter(is_ours)
}

/// Whether a variable is one by which prompts show a session.
pub fn is_for_prompts(name: &str) -> bool {
    PROMPT.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prompt_variable_is_chosen_among_those_that_prompts_read() {
        let of = |text: &str| {
            prompt_variable(&Environment::of(&[("AWSMFA_PROMPT_VARIABLE", text)])).ok()
        };
        assert_eq!(
            prompt_variable(&Environment::of(&[])).ok(),
            Some(Some("AWS_VAULT"))
        );
        assert_eq!(of("AWSUME_PROFILE"), Some(Some("AWSUME_PROFILE")));
        assert_eq!(of("none"), Some(None));
        assert_eq!(of(" None "), Some(None));
        assert_eq!(of("aws_vault"), Some(Some("AWS_VAULT")));
        assert_eq!(of(" "), Some(Some("AWS_VAULT")));
        assert_eq!(of("AWS_PROFILE"), None);
    }

    #[test]
    fn a_mark_is_ours_only_while_it_says_our_profile() {
        let env = Environment::of(&[
            ("AWSMFA_PROFILE", "dev"),
            ("AWS_VAULT", "dev"),
            ("AWSUME_PROFILE", "x"),
        ]);
        let names: Vec<_> = ours(&SessionHere(&env)).collect();
        assert_eq!(names, ["AWS_VAULT"]);
        let env = Environment::of(&[("AWS_VAULT", "dev")]);
        assert_eq!(ours(&SessionHere(&env)).count(), 0);
        assert_eq!(here(&SessionHere(&env)).count(), 1);
    }
}

//! The token of a web identity, which assumes the first role in place of keys.

use zeroize::Zeroizing;

use crate::error::{Error, Location, Result};
use crate::model::session::Secret;
use crate::profile::{TokenFrom, WebIdentity};
use crate::system::bounded_read;
use crate::system::user_command::{self, Failure, Talk};

/// The token that a command prints, as its first word.
fn token_of(command: &str, profile: &str, location: &Location) -> Result<Secret> {
    let printed = user_command::run(command, &[], Talk::Shown, |output| {
        let mut line = Zeroizing::new(String::new());
        output.read_line(&mut line).ok()?;
        let token = line.trim();
        (!token.is_empty()).then(|| Secret::new(token))
    });
    printed.map_err(|failure| match failure {
        Failure::Interrupted => Error::Interrupted,
        Failure::Because(reason) => Error::CredentialProcess {
            profile: profile.to_owned(),
            reason,
            location: location.clone(),
        },
    })
}

/// The token that assumes the first role.
pub fn token(identity: &WebIdentity) -> Result<Secret> {
    let WebIdentity {
        token,
        profile,
        location,
    } = identity;
    let token_file = match token {
        TokenFrom::File(path) => path,
        TokenFrom::Process(command) => return token_of(command, profile, location),
    };
    let unusable = |reason: String| Error::WebIdentityToken {
        path: token_file.clone(),
        reason,
    };
    let bytes = bounded_read::read(token_file).map_err(|error| unusable(error.to_string()))?;
    let text = std::str::from_utf8(&bytes).map_err(|_| unusable("it is no text".to_owned()))?;
    match text.trim() {
        "" => Err(unusable("it is empty".to_owned())),
        token => Ok(Secret::new(token)),
    }
}

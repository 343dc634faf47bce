//! The name of a source of keys in the store.

use crate::profile::login::Login;
use crate::profile::{Source, TokenFrom, WebIdentity};
use crate::store::source_name;

/// What names the source in the store: its access key id (after a rotation still the first one's). Where a process or
/// a call would have to be asked for that id, it is a hash over the source's configuration. So a warm run asks none.
pub fn source_id(source: &Source) -> String {
    match source {
        Source::Keys {
            sessions_of: Some(id),
            ..
        } => id.clone(),
        Source::Keys { credentials, .. } | Source::Environment(credentials) => {
            credentials.access_key_id.clone()
        }
        Source::KeyStore(key) => key.sessions_id().to_owned(),
        Source::Process {
            command, profile, ..
        } => source_name(&["credential_process", profile, command]),
        Source::Login(login) => {
            let kind = match &login.login {
                Login::IdentityCenter { start_url, .. } => start_url,
                Login::Console { .. } => "login_session",
            };
            let account = login.account().unwrap_or_default();
            source_name(&[kind, account, login.principal(), &login.profile])
        }
        Source::WebIdentity(WebIdentity { token, profile, .. }) => match token {
            TokenFrom::File(path) => {
                source_name(&["web_identity_token_file", profile, &path.to_string_lossy()])
            }
            TokenFrom::Process(command) => {
                source_name(&["web_identity_token_process", profile, command])
            }
        },
    }
}

//! What a login leaves in a home: the cache files that the AWS CLI writes and every SDK reads.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;

use ring::digest;
use serde_json::json;

use super::World;
use super::sts::{ConsoleLogin, SsoLogin, clock};

impl World {
    /// Every AWS tool here finds IAM Identity Center and the sign-in service where the local STS is.
    pub fn with_portal(mut self) -> Self {
        let url = self.sts().url().to_owned();
        for service in ["SSO", "SSO_OIDC", "SIGNIN"] {
            self.set(&format!("AWS_ENDPOINT_URL_{service}"), &*url);
        }
        self
    }

    /// Writes what `aws sso login` writes, for a session of this name, or for a start URL in the old form.
    pub fn write_sso_login(&self, name: &str, login: &SsoLogin) {
        let hash = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, name.as_bytes());
        let mut text = json!({
            "startUrl": "https://example.awsapps.com/start",
            "region": "eu-west-1",
            "accessToken": login.access_token,
            "expiresAt": clock::rfc3339(login.expires),
        });
        if let Some(refresh_token) = &login.refresh_token {
            text["clientId"] = json!(login.client_id);
            text["clientSecret"] = json!(login.client_secret);
            text["registrationExpiresAt"] = json!(clock::rfc3339(clock::now() + 90 * 86_400));
            text["refreshToken"] = json!(refresh_token);
        }
        self.write_cache("sso", hash.as_ref(), &text.to_string());
    }

    /// Writes what `aws login` writes, for this `login_session`.
    pub fn write_console_login(&self, session: &str, login: &ConsoleLogin) -> PathBuf {
        let hash = digest::digest(&digest::SHA256, session.as_bytes());
        let text = json!({
            "accessToken": {
                "accessKeyId": login.issued.access_key_id,
                "secretAccessKey": login.issued.secret_access_key,
                "sessionToken": login.issued.session_token,
                "accountId": login.account,
                "expiresAt": login.issued.expiration,
            },
            "tokenType": "aws_sigv4",
            "refreshToken": login.refresh_token,
            "idToken": "eyJhbGciOiJub25lIn0.e30.",
            "clientId": login.client_id,
            "dpopKey": login.key.to_pem(),
        });
        self.write_cache("login", hash.as_ref(), &text.to_string())
    }

    fn write_cache(&self, kind: &str, hash: &[u8], text: &str) -> PathBuf {
        let name: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        let path = self.path(&format!(".aws/{kind}/cache/{name}.json"));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let _ = fs::remove_file(&path);
        let mut options = OpenOptions::new();
        options.write(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path).unwrap();
        file.write_all(text.as_bytes()).unwrap();
        path
    }
}

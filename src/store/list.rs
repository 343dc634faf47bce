//! What is in the store, for those who list it, forget it, or look for a key.

use super::{Header, Store, entry};
use crate::model::session::{Session, Timestamp};

impl Store {
    /// Every session that can be read, with its name, in the order of the profiles' names.
    pub fn list(&self, now: Timestamp) -> Vec<(String, Header, Session)> {
        let Ok(directory) = &self.directory else {
            return Vec::new();
        };
        let names = directory
            .names()
            .filter_map(|file| Some(entry::name_of(&file)?.to_owned()));
        let mut found: Vec<_> = names
            .filter_map(|name| {
                let (header, session) = self.read(&name, now)?;
                Some((name, header, session))
            })
            .collect();
        found.sort_by(|a, b| (&a.1.profile, &a.0).cmp(&(&b.1.profile, &b.0)));
        found
    }

    /// Whether a stored session, ended or not, has this access key id.
    pub fn has_key(&self, access_key_id: &str) -> bool {
        let all = self.list(Timestamp(0));
        let mut ids = all.iter().map(|(_, _, s)| &*s.credentials.access_key_id);
        ids.any(|id| id == access_key_id)
    }

    /// What every session says of itself, with its name, in the order of the profiles' names; also one
    /// that this setting of `AWSMFA_STORE` cannot read, or whose key is lost. Nothing of it is proven: it
    /// is for forgetting.
    pub fn list_unproven(&self) -> Vec<(String, Header)> {
        let Ok(directory) = &self.directory else {
            return Vec::new();
        };
        let files = directory.names();
        let mut found: Vec<_> = files
            .filter_map(|file| {
                let header = entry::unproven(&directory.read(&file)?)?;
                Some((entry::name_of(&file)?.to_owned(), header))
            })
            .collect();
        found.sort_by(|a, b| (&a.1.profile, &a.0).cmp(&(&b.1.profile, &b.0)));
        found
    }
}

//! The new key of a rotation: there is room for it, it is found again after an interruption, or it is made.

use super::Rotating;
use crate::error::{Error, KeysError, Result};
use crate::keys::index::{Index, Rotation};
use crate::model::session::{Credentials, Timestamp};
use crate::output::stderr;

impl Rotating<'_> {
    /// Makes room for a new key, and notes what there was before.
    pub(super) fn begin(&mut self, kept: &Index) -> Result<Rotation> {
        let old = self.hold.used.access_key_id.clone();
        let (own, others): (Vec<_>, Vec<_>) =
            self.user.keys()?.into_iter().partition(|k| k.id == old);
        if own.is_empty() {
            return Err(KeysError::NotOfUser {
                profile: self.user.profile.to_owned(),
                access_key_id: old,
            }
            .into());
        }
        if let Some(other) = others.first() {
            let of_last = kept.rotation_of(&old).filter(|last| last.old == other.id);
            // What somebody has made active again is in use somewhere.
            if of_last.is_none() || other.is_active {
                self.user.agree_to_delete(other, &old)?;
            }
            self.user.delete(&other.id)?;
            self.hold.forget(&other.id)?;
            stderr::note(&format!("the access key {} is deleted", other.id));
        }
        Ok(Rotation {
            profile: self.user.profile.to_owned(),
            place: self.hold.place(),
            old,
            started: Timestamp::now(),
            new: None,
            is_done: false,
        })
    }

    /// The new key of an interrupted rotation, where its secret was kept. One whose secret is lost is deleted.
    pub(super) fn kept_new(&mut self, rotation: &mut Rotation) -> Result<Option<Credentials>> {
        let old = rotation.old.clone();
        let listed = self.user.keys()?;
        if let Some(noted) = &rotation.new
            && !listed.iter().any(|key| key.id == *noted)
        {
            self.hold.forget(noted)?; // somebody has deleted it
        }
        for key in listed.iter().filter(|key| key.id != old) {
            if self.user.profile_with(&key.id).is_none()
                && let Some(new) = self.hold.find(&key.id)?
            {
                rotation.new = Some(key.id.clone());
                self.note(rotation)?;
                return Ok(Some(new));
            }
            if !self.user.is_leftover(key, rotation) {
                self.user.agree_to_delete(key, &old)?;
            }
            self.user.delete(&key.id)?;
            stderr::note(&format!(
                "the access key {} is deleted: the rotation that made it was interrupted before its secret was kept",
                key.id
            ));
        }
        Ok(None)
    }

    /// Makes a key and keeps it. What cannot be kept is deleted again.
    pub(super) fn make_new(&mut self, rotation: &mut Rotation) -> Result<Credentials> {
        rotation.new = None;
        rotation.started = Timestamp::now();
        self.note(rotation)?;
        let new = match self.user.create() {
            Ok(new) => new,
            Err(error) => {
                // After a refusal there is no key. Where the answer was lost, AWS may have made one.
                if matches!(error, Error::Refused(_) | Error::Keys(_)) {
                    self.index
                        .change(|index| index.drop_rotation(&rotation.old))?;
                }
                return Err(error);
            }
        };
        let id = &new.access_key_id;
        rotation.new = Some(id.clone());
        let kept = self.hold.keep(&new).and_then(|()| self.note(rotation));
        if let Err(error) = kept {
            let is_deleted = self.user.delete(id).is_ok();
            // Where these fail too, the next rotation finds the key by its time, and the note by the old key.
            let _ = self.hold.forget(id);
            if !is_deleted {
                return Err(error);
            }
            let _ = self
                .index
                .change(|index| index.drop_rotation(&rotation.old));
            return Err(KeysError::NewKeyNotKept {
                profile: self.user.profile.to_owned(),
                reason: error.to_string(),
            }
            .into());
        }
        Ok(new)
    }
}

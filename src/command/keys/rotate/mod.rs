//! `awsmfa keys rotate`: a new key is made, kept before anything else, and proven; then it becomes the profile's, and
//! the old one is made inactive. What is written down before each step is enough for the next `rotate` to go on:
//!
//! | interrupted after | the next one |
//! |---|---|
//! | AWS has made the key, and nobody here has its secret | deletes that key and makes another |
//! | the key is kept | proves it |
//! | the profile uses it | makes the old one inactive and forgets it |

mod hold;
mod in_file;
mod new_key;
mod user;

use crate::aws_files::AwsFiles;
use crate::cli::KeysRotateArgs;
use crate::environment::Environment;
use crate::error::{KeyOrigin, KeysError, Result};
use crate::iam::Iam;
use crate::keys::index::{Index, IndexFile, Rotation};
use crate::model::request::Request;
use crate::model::session::Credentials;
use crate::output::{signals, stderr};
use crate::profile::iam_endpoint;
use crate::session::Resolved;
use crate::sts::Identity;
use hold::Hold;
use user::User;

/// What the session must have left: more than a rotation takes.
const MIN_TTL_SECONDS: i64 = 600;

/// Runs it.
pub fn run(args: &KeysRotateArgs, env: &Environment) -> Result<()> {
    let request = Request {
        min_ttl: MIN_TTL_SECONDS,
        ..args.request()?
    };
    signals::survive_file_limit();
    let index = IndexFile::of(env)?;
    let _locked = index.lock()?;
    let kept = index.read()?;
    let files = AwsFiles::read(env)?;
    let resolved = Resolved::of(request.clone(), env)?;
    let hold = Hold::open(resolved.profile(), &files, &kept, env, request.no_input)?;
    let noted = kept.rotation_of(&hold.used.access_key_id).cloned();
    let profile = resolved.profile().name.clone();
    if args.delete && noted.is_none() {
        return Err(KeysError::NothingToDelete { profile }.into());
    }
    let granted = resolved.session_of_user(hold.used.clone())?;
    signals::watch()?;
    let endpoint = iam_endpoint::of(&granted.profile, env, &files)?;
    let keys = &granted.session.credentials;
    let mut rotating = Rotating {
        user: User {
            iam: Iam::new(&endpoint, keys, KeyOrigin::OurSession)?,
            profile: &profile,
            no_input: request.no_input,
            files: &files,
            kept: &kept,
        },
        hold,
        index: &index,
    };
    let noted = match noted {
        Some(noted) if args.delete && noted.is_done => noted,
        noted => {
            let prove = |new: &Credentials, hold: &Hold| {
                super::proof::prove(new, hold.origin(), &profile, &request, &files, env)
            };
            rotating.rotate(noted, &kept, prove)?
        }
    };
    match args.delete {
        true => rotating.delete_old(&noted),
        false => Ok(()),
    }
}

struct Rotating<'a> {
    user: User<'a>,
    hold: Hold<'a>,
    index: &'a IndexFile,
}

impl Rotating<'_> {
    /// Goes on from what is noted, to the end.
    fn rotate(
        &mut self,
        noted: Option<Rotation>,
        kept: &Index,
        prove: impl Fn(&Credentials, &Hold) -> Result<Identity>,
    ) -> Result<Rotation> {
        let (mut rotation, is_resumed) = match noted {
            Some(noted) if !noted.is_done => (noted, true),
            _ => (self.begin(kept)?, false),
        };
        let is_switched = rotation.new.as_deref() == Some(&self.hold.used.access_key_id);
        let whose = if is_switched {
            None
        } else {
            let kept_new = match is_resumed {
                true => self.kept_new(&mut rotation)?,
                false => None,
            };
            let new = match kept_new {
                Some(new) => new,
                None => self.make_new(&mut rotation)?,
            };
            let (profile, id) = (self.user.profile, &new.access_key_id);
            let whose = user::prove_patiently(profile, id, || prove(&new, &self.hold))?;
            self.hold.use_new(&new, self.index)?;
            Some(whose.arn)
        };
        let old = rotation.old.clone();
        let mut listed = self.user.keys()?.into_iter();
        // Somebody may have done it meanwhile, or deleted it.
        if listed.any(|key| key.id == old && key.is_active) {
            self.user.set_inactive(&old)?;
        }
        self.hold.forget(&old)?;
        rotation.is_done = true;
        self.note(&rotation)?;
        let of = whose.map_or_else(String::new, |arn| format!(" of {arn}"));
        stderr::note(&format!(
            "the access key {}{of} is the one of profile {} now, in {}; {old} is inactive",
            self.hold.used.access_key_id,
            self.user.profile,
            self.hold.shown()
        ));
        stderr::note(&format!(
            "what else uses {old} is refused from now on: run awsmfa keys rotate {} --delete once nothing does, or \
             aws iam update-access-key --access-key-id {old} --status Active to have it back",
            self.user.profile
        ));
        Ok(rotation)
    }

    /// Deletes what the last rotation made inactive.
    fn delete_old(&mut self, rotation: &Rotation) -> Result<()> {
        let old = &rotation.old;
        let listed = self.user.keys()?;
        if let Some(key) = listed.iter().find(|key| key.id == *old) {
            if key.is_active {
                let used = &self.hold.used.access_key_id;
                self.user.agree_to_delete(key, used)?;
            }
            self.user.delete(old)?;
        }
        self.hold.forget(old)?;
        self.index.change(|index| index.drop_rotation(old))?;
        stderr::note(&format!("the access key {old} is deleted"));
        Ok(())
    }

    fn note(&self, rotation: &Rotation) -> Result<()> {
        self.index
            .change(|index| index.put_rotation(rotation.clone()))
    }
}

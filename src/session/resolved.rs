//! What a resolved request says before anybody is asked, and the device that it may still lack.

use std::path::PathBuf;

use super::first_keys::FirstKeys;
use super::plan::{self, Step};
use super::source_id::source_id;
use super::{Resolved, find_device, lookup};
use crate::aws_files::AwsFiles;
use crate::environment::Environment;
use crate::error::{Error, Origin, Result};
use crate::model::request::Request;
use crate::model::serial::Serial;
use crate::profile::{self, Profile, Source};
use crate::store::Store;

impl Resolved<'_> {
    /// The profile.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The AWS files.
    pub fn files(&self) -> &AwsFiles {
        &self.files
    }

    /// Where the session is stored, or will be; `None` where nothing is.
    pub fn stored_at(&self) -> Result<Option<PathBuf>> {
        if self.wants_serial() && !plan::may_be_session(&self.profile) {
            return Ok(None); // its name depends on an answer
        }
        let plan = plan::decide(&self.profile)?;
        Ok(self.store.path_of(&plan.last.entry))
    }

    /// The entries that the plan leads through, also those of the same sessions in other regions.
    pub fn entries(&self) -> Result<Vec<String>> {
        let of_step = |step: &Step| {
            let mut entries = lookup::elsewhere(&self.profile, &self.store, step);
            entries.push(step.entry.clone());
            entries
        };
        let plan = plan::decide(&self.profile)?;
        Ok(plan.steps().flat_map(of_step).collect())
    }

    pub(super) fn drop_roles(&mut self) {
        let profile = &mut self.profile;
        if self.is_of_user && !profile.roles.is_empty() {
            profile.roles.clear();
            profile.duration = None; // it is the role's
            profile.endpoint = profile.source_endpoint.clone();
        }
    }

    /// A role without a serial is a role without MFA and needs none; nor does a session.
    pub(super) fn wants_serial(&self) -> bool {
        let profile = &self.profile;
        profile.serial.is_none() && profile.roles.is_empty() && !profile.source.is_session()
    }

    /// Resolves anew: the serial may name the partition, and so the region.
    pub(super) fn set_serial(&mut self, serial: Serial) -> Result<()> {
        let request = Request {
            serial: Some(serial),
            ..self.request.clone()
        };
        self.profile = profile::resolve(&request, self.env, &self.files)?;
        self.drop_roles();
        Ok(())
    }

    /// Finds the device that nothing names, for who wants to write it down; nothing is asked where none is needed.
    pub fn find_device(&mut self) -> Result<()> {
        match self.profile.source {
            Source::Keys { .. } | Source::Environment(_) | Source::KeyStore(_) => {
                self.find_serial(&mut None).map(drop)
            }
            // A login needs none, and what a process gives is known once it has run.
            Source::Login(_) | Source::Process { .. } | Source::WebIdentity { .. } => Ok(()),
        }
    }

    /// Finds the device, or asks for it, where nothing names one; whether that was done now.
    pub(super) fn find_serial(&mut self, keys: &mut Option<FirstKeys>) -> Result<bool> {
        if !self.wants_serial() {
            return Ok(false);
        }
        plan::decide(&self.profile)?; // nobody is asked for what a refusal makes useless
        if let Some(path) = &self.request.setting_without_serial {
            return Err(Error::SettingWithoutSerial { path: path.clone() });
        }
        let Self {
            request,
            env,
            files,
            profile,
            ..
        } = self;
        let serial = find_device::find(profile, request, env, files, keys)?;
        self.set_serial(serial)?;
        Ok(true)
    }
}

/// The profile of a request, with the device that was once found or typed for its key where no file names one.
pub fn profile_of(
    request: &Request,
    env: &Environment,
    files: &AwsFiles,
    store: &Store,
) -> Result<Profile> {
    let profile = profile::resolve(request, env, files)?;
    if profile.serial.is_some() || profile.source.is_session() {
        return Ok(profile);
    }
    let remembered = store.remembered_serial(&source_id(&profile.source));
    match remembered.and_then(|text| Serial::parse(Origin::Remembered, &text).ok()) {
        // Resolved anew: the serial may name the partition, and so the region.
        Some(serial) => {
            let request = Request {
                serial: Some(serial),
                ..request.clone()
            };
            profile::resolve(&request, env, files)
        }
        None => Ok(profile),
    }
}

/// Where nothing else names a profile, the pin of this directory does.
pub(super) fn of_pin(request: Request, env: &Environment, store: &Store) -> Request {
    let is_named =
        request.ignores_pin || request.profile.is_some() || profile::variable(env).is_some();
    match (!is_named).then(|| store.pin_here(env)).flatten() {
        Some(pin) => Request {
            profile: Some(pin.profile),
            is_of_pin: true,
            ..request
        },
        None => request,
    }
}

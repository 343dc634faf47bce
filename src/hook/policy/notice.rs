//! What somebody else did to the shell since the hook last asked. Pure.

use super::Deciding;

impl Deciding<'_> {
    /// `env`, typed in this shell, has put a session there, which stands, and has taken the profile
    /// variable away.
    pub(super) fn notice(&mut self) {
        let Some(ours) = self.here.ours() else { return };
        let is_new = self.is_known && ours.text != self.before.session;
        if !is_new || ours.base().is_some() {
            return;
        }
        if self.here.variable().is_empty() && !self.former_variable().is_empty() {
            let (profile, default_profile) = (
                self.before.profile.clone(),
                self.before.default_profile.clone(),
            );
            self.take(profile, default_profile, String::new(), String::new());
        }
        if !self.pin_changed && !ours.is_direnvs() {
            self.memory().stands = self.answer.memory.pin.is_some();
        }
    }
}

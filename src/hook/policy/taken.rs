//! The variables of the user that a session takes away: kept once, and given back by `off` and at the session's end.
//! Pure.

use super::Deciding;
use crate::hook::memory::Taken;

impl Deciding<'_> {
    /// The first that a session takes away is what its end and `off` give back.
    pub(super) fn take(
        &mut self,
        profile: String,
        default_profile: String,
        region: String,
        other: String,
    ) {
        let direnv = self.here.direnv.clone();
        self.memory().taken.get_or_insert(Taken {
            direnv,
            profile,
            default_profile,
            region,
            default_region: other,
        });
    }

    pub(super) fn give_back(&mut self) {
        let Some(taken) = self.memory().taken.take() else {
            return;
        };
        if taken.direnv != self.here.direnv {
            return;
        }
        let here = self.here;
        let profiles = [
            ("AWS_PROFILE", taken.profile, ""),
            ("AWS_DEFAULT_PROFILE", taken.default_profile, ""),
            ("AWS_REGION", taken.region, &*here.region),
            (
                "AWS_DEFAULT_REGION",
                taken.default_region,
                &*here.default_region,
            ),
        ];
        for (name, value, now) in profiles {
            if !value.is_empty() && now.is_empty() {
                self.answer.give_back.push((name, value));
            }
        }
    }
}

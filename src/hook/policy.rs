//! What the hook does, decided: from what was seen, what is here now, the memory, the clock, and what can
//! be had, to the change of the shell, the next memory, when to be asked again, and what to say. Pure.
//!
//! A session may have to be looked up, or asked for, before the next thing can be decided. Then the answer
//! is [`Step::Try`], and the same question is put again with what came of it.

use super::here::{self, Here, Keys, Ours, Place};
use super::memory::{Memory, Taken};
use super::words;

/// A session is renewed from this many seconds before its end.
const RENEW_BEFORE: i64 = 600;
/// A session that is brought back has at least this many seconds left.
const WORTH_BRINGING_BACK: i64 = 60;
/// What failed is not tried again for this many seconds.
const PAUSE: i64 = 60;

/// A session to be had without a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// The one of this profile.
    Profile(String),
    /// The one that this entry is of: the same identity or none.
    Renewal { entry: String, min_ttl: i64 },
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is there.
    Had(Had),
    /// It cannot be had without a question, or not at all.
    Not,
    /// AWS did not answer.
    NoAnswer,
}

/// A session that was had.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Had {
    /// `<access key id>:<entry>`.
    pub text: String,
    /// Its profile.
    pub profile: String,
    /// When it ends.
    pub end: i64,
}

/// What the shell reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A prompt after a change, or at the time that was agreed; also when pins were changed.
    Prompt,
    /// `awsmfa use` got this session; `as_the_profile_says` where no flag made it another identity.
    Use {
        had: Had,
        as_the_profile_says: bool,
        keep_profile: bool,
    },
    /// `awsmfa off`.
    Off,
}

/// What is to be done now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Find out first what comes of this.
    Try(Try),
    /// This is the answer.
    Answer(Box<Answer>),
}

/// Something to find out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Try {
    /// What is wanted.
    pub wish: Wish,
    /// Whether AWS may be asked for it.
    pub call: bool,
}

/// The answer to a shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What happens to the session in the shell.
    pub change: Change,
    /// Whether the session that is put there takes the profile variables away.
    pub takes_profile: bool,
    /// Variables that the user gets back.
    pub give_back: Vec<(&'static str, String)>,
    /// What the shell remembers.
    pub memory: Memory,
    /// The second at which the program wants to be asked again, 0 for never.
    pub next: i64,
    /// What is said, a line each.
    pub words: Vec<String>,
}

/// What happens to the session in the shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing.
    None,
    /// Ours goes.
    Drop,
    /// There is none, and what is left of one goes: the name of its profile.
    Forget,
    /// Every session goes, whoever put it there.
    Clear,
    /// The session that was had last takes its place, with this `AWSMFA_SESSION`.
    Put(String),
}

/// Decides. `memory` is `None` for a new shell.
pub fn decide(
    event: &Event,
    memory: Option<&Memory>,
    here: &Here,
    now: i64,
    tried: &[(Wish, Outcome)],
) -> Step {
    let mut deciding = Deciding::new(memory, here, now, tried);
    let done = match event {
        Event::Prompt => deciding.prompt(),
        Event::Use {
            had,
            as_the_profile_says,
            keep_profile,
        } => {
            deciding.used(had, *as_the_profile_says, *keep_profile);
            Ok(())
        }
        Event::Off => {
            deciding.off();
            Ok(())
        }
    };
    match done {
        Ok(()) => Step::Answer(Box::new(deciding.answer())),
        Err(try_first) => Step::Try(try_first),
    }
}

/// The work on one answer.
struct Deciding<'a> {
    here: &'a Here,
    now: i64,
    tried: &'a [(Wish, Outcome)],
    /// The memory as it was, for a new shell as if it had been told of all that is here but the pin.
    before: Memory,
    /// Whether the shell was known.
    is_known: bool,
    /// The pin was left or entered since.
    pin_changed: bool,
    answer: Answer,
    /// The end of the session that the shell will hold.
    end: Option<i64>,
}

/// A step that has to be taken first.
type Tried<T> = Result<T, Try>;

impl<'a> Deciding<'a> {
    fn new(
        memory: Option<&Memory>,
        here: &'a Here,
        now: i64,
        tried: &'a [(Wish, Outcome)],
    ) -> Self {
        // A value that is there when the hook is loaded is no request.
        let before = memory.cloned().unwrap_or_else(|| Memory {
            profile: here.profile.clone(),
            default_profile: here.default_profile.clone(),
            session: here.session().to_owned(),
            ..Memory::default()
        });
        let mut next = before.clone();
        next.profile.clone_from(&here.profile);
        next.default_profile.clone_from(&here.default_profile);
        here.session().clone_into(&mut next.session);
        if let Place::Under(pin) = &here.place {
            next.pin.clone_from(pin);
        }
        let pin_changed = next.pin != before.pin;
        next.stands &= !pin_changed;
        if here.ours().is_some() {
            next.aside = None;
        }
        Self {
            here,
            now,
            tried,
            is_known: memory.is_some(),
            pin_changed,
            before,
            answer: Answer {
                change: Change::None,
                takes_profile: false,
                give_back: Vec::new(),
                memory: next,
                next: 0,
                words: Vec::new(),
            },
            end: here.ours().and_then(|ours| ours.end),
        }
    }

    fn memory(&mut self) -> &mut Memory {
        &mut self.answer.memory
    }

    /// What to come back to, where a profile variable or a pin has put another session, or none, in its
    /// place; empty for nothing.
    fn base(&self) -> Option<String> {
        match &self.here.keys {
            Keys::Ours(ours) => ours.base().map(str::to_owned),
            Keys::None => self.before.aside.clone(),
            Keys::Others => None,
        }
    }

    fn former_variable(&self) -> &str {
        here::first(&self.before.profile, &self.before.default_profile)
    }

    fn variable_changed(&self) -> bool {
        self.is_known && self.here.variable() != self.former_variable()
    }

    // -- A prompt --------------------------------------------------------------------------------

    fn prompt(&mut self) -> Tried<()> {
        self.notice();
        if !self.follow()? {
            self.renew()?;
        }
        Ok(())
    }

    /// What somebody else did: `env`, typed here, put a session there that stands, and took the profile
    /// variable away.
    fn notice(&mut self) {
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

    /// The profile variable and the pin; whether they moved the session.
    fn follow(&mut self) -> Tried<bool> {
        let base = self.base();
        if self.here.keys == Keys::Others {
            self.say_that_others_keys_stay();
            return Ok(false);
        }
        if !self.here.variable().is_empty() {
            // A variable acts when it changes while a session is active, and outranks every pin.
            if !self.variable_changed() || (self.here.ours().is_none() && base.is_none()) {
                return Ok(false);
            }
            let profile = self.here.variable().to_owned();
            let sentence = words::no_session_of_variable(&profile);
            self.bring(profile, base, sentence)?;
            return Ok(true);
        }
        if self.here.ours().is_some_and(Ours::is_direnvs) {
            return Ok(false);
        }
        let hides_direnvs = base.as_deref().is_some_and(here::is_direnvs);
        let pin = self.answer.memory.pin.clone();
        match pin.filter(|_| !self.answer.memory.stands && !hides_direnvs) {
            Some(pin) => {
                let is_there = self
                    .here
                    .ours()
                    .is_some_and(|ours| ours.base().is_some() && ours.profile == pin.profile);
                let is_new = self.pin_changed || self.variable_changed();
                let is_lost = self.here.ours().is_some() && base.is_some();
                if is_there || !(is_new || is_lost) {
                    return Ok(false);
                }
                let sentence = words::no_session_of_pin(&pin.profile);
                self.bring(pin.profile, base, sentence)?;
                Ok(true)
            }
            None => match base {
                Some(base) => self.come_back(&base).map(|()| true),
                None => Ok(false),
            },
        }
    }

    /// Brings a profile's session, or none at all: never another account's.
    fn bring(&mut self, profile: String, base: Option<String>, sentence: String) -> Tried<()> {
        let is_first = base.is_none();
        let base = base.unwrap_or_else(|| self.here.session().to_owned());
        match self.had(Wish::Profile(profile))? {
            // The user has it already, so nobody brings it.
            Some(had) if is_first && here::entry_of(&had.text) == here::entry_of(&base) => {}
            Some(had) => self.put(&had, &format!(":{base}")),
            None => {
                self.drop_ours();
                self.memory().aside = Some(base);
                self.answer.words.push(sentence);
            }
        }
        Ok(())
    }

    /// What brought the session is gone, so the former one comes back.
    fn come_back(&mut self, base: &str) -> Tried<()> {
        self.memory().aside = None;
        if base.is_empty() {
            self.drop_ours();
            return Ok(());
        }
        let wish = Wish::Renewal {
            entry: here::entry_of(base).to_owned(),
            min_ttl: WORTH_BRINGING_BACK,
        };
        match self.had(wish)? {
            Some(had) => self.put(&had, here::behind(base)),
            None => {
                self.drop_ours();
                let was_variable = self.variable_changed();
                self.answer
                    .words
                    .push(words::nothing_to_come_back_to(was_variable));
            }
        }
        Ok(())
    }

    /// Renews, and at the end takes away. It never asks for a code.
    fn renew(&mut self) -> Tried<()> {
        let Some(ours) = self.here.ours() else {
            return Ok(());
        };
        let Some(end) = ours.end.filter(|end| self.now >= end - RENEW_BEFORE) else {
            return Ok(());
        };
        if self.now >= self.before.retry {
            self.memory().retry = self.now + PAUSE;
            let wish = Wish::Renewal {
                entry: ours.entry().to_owned(),
                min_ttl: RENEW_BEFORE,
            };
            if let Some(had) = self.had(wish)? {
                self.put(&had, here::behind(&ours.text));
                return Ok(());
            }
        }
        if self.now >= end {
            self.memory().aside = ours.base().map(str::to_owned);
            self.drop_ours();
            if self.here.variable().is_empty() {
                self.give_back();
            }
            self.answer.words.push(words::ended(&ours.profile));
        } else if self.before.said != ours.text {
            self.memory().said.clone_from(&ours.text);
            let left = end - self.now;
            self.answer.words.push(words::ends(left, &ours.profile));
        }
        Ok(())
    }

    fn say_that_others_keys_stay(&mut self) {
        let pin = self.answer.memory.pin.as_ref();
        if let Some(pin) = pin.filter(|_| self.pin_changed && self.here.variable().is_empty()) {
            let sentence = words::keys_of_others(&pin.profile);
            self.answer.words.push(sentence);
        }
    }

    // -- What was typed --------------------------------------------------------------------------

    /// In a pinned directory `use` for the pinned profile is what the pin asks for, and goes with it;
    /// any other stands until the pin is left and entered again.
    fn used(&mut self, had: &Had, as_the_profile_says: bool, keep_profile: bool) {
        let here = self.here;
        self.remember_before(&had.text);
        self.take(
            here.profile.clone(),
            here.default_profile.clone(),
            here.region.clone(),
            here.default_region.clone(),
        );
        let base = self.base();
        let pinned = self.answer.memory.pin.as_ref().map(|pin| &pin.profile);
        let is_pinned = as_the_profile_says && pinned == Some(&had.profile);
        let stands = pinned.is_some() && !is_pinned;
        let memory = self.memory();
        memory.stands = stands;
        memory.aside = None;
        if !keep_profile {
            memory.profile.clear();
            memory.default_profile.clear();
            self.answer.takes_profile = true;
        }
        if is_pinned {
            let base = base.unwrap_or_else(|| match here.ours() {
                Some(ours) => ours.text.clone(),
                None => String::new(),
            });
            self.put(had, &format!(":{base}"));
        } else {
            self.put(had, "");
        }
    }

    fn off(&mut self) {
        self.remember_before("");
        if self.here.is_session {
            self.answer.change = Change::Clear;
        } else {
            self.answer.change = Change::Forget;
            self.answer.words.push(words::no_session());
        }
        self.end = None;
        let memory = self.memory();
        memory.session.clear();
        memory.aside = None;
        memory.stands = memory.pin.is_some();
        self.give_back();
    }

    fn remember_before(&mut self, new: &str) {
        if let Some(ours) = self.here.ours()
            && here::entry_of(new) != ours.entry()
        {
            self.memory().before = Some((ours.entry().to_owned(), ours.profile.clone()));
        }
    }

    // -- What all of them do ---------------------------------------------------------------------

    /// What came of a wish; where it has not been tried, that is the next step.
    fn had(&mut self, wish: Wish) -> Tried<Option<Had>> {
        let call = self.now >= self.before.unreachable;
        match self.tried.iter().find(|(tried, _)| *tried == wish) {
            Some((_, Outcome::Had(had))) => Ok(Some(had.clone())),
            Some((_, Outcome::Not)) => Ok(None),
            Some((_, Outcome::NoAnswer)) => {
                self.memory().unreachable = self.now + PAUSE;
                Ok(None)
            }
            None => Err(Try { wish, call }),
        }
    }

    fn put(&mut self, had: &Had, behind: &str) {
        let text = format!("{}{behind}", had.text);
        self.memory().session.clone_from(&text);
        self.answer.change = Change::Put(text);
        self.end = Some(had.end);
    }

    fn drop_ours(&mut self) {
        if self.here.ours().is_some() {
            self.answer.change = Change::Drop;
            self.memory().session.clear();
            self.end = None;
        }
    }

    /// The first that a session takes away is what its end and `off` give back.
    fn take(&mut self, profile: String, default_profile: String, region: String, other: String) {
        let direnv = self.here.direnv.clone();
        self.memory().taken.get_or_insert(Taken {
            direnv,
            profile,
            default_profile,
            region,
            default_region: other,
        });
    }

    fn give_back(&mut self) {
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

    fn answer(mut self) -> Answer {
        // The shell compares with what it has after the change.
        for (name, value) in &self.answer.give_back {
            match *name {
                "AWS_PROFILE" => self.answer.memory.profile.clone_from(value),
                "AWS_DEFAULT_PROFILE" => self.answer.memory.default_profile.clone_from(value),
                _ => {}
            }
        }
        let retry = self.answer.memory.retry;
        self.answer.next = match self.end {
            None => 0,
            Some(end) if self.now < end - RENEW_BEFORE => end - RENEW_BEFORE,
            Some(end) => retry.min(end).max(self.now),
        };
        self.answer
    }
}

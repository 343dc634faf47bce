//! What the policy is asked, and what it answers: plain types.

use crate::hook::memory::Memory;

/// A session to be had without a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// The one of this profile.
    Profile(String),
    /// The one of this store entry: the same identity or none.
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
    /// The session that was got last takes its place, with this `AWSMFA_SESSION`.
    Put(String),
}

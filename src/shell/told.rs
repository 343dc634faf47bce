//! What the hook's snippets get: the change of the environment and what the shell has to remember, in a
//! shape that they can tell from anything else. `docs/hook-protocol.md` has it in full.
//!
//! A snippet that evaluates looks at the first characters and at the last: before the first character is
//! evaluated it knows that the text is an answer, and that nothing of it is missing. One that does not
//! evaluate gets records, a line each, between a first line and a last one.

use zeroize::Zeroizing;

use super::{End, Shell, fish, nushell, posix, tcsh};
use crate::environment::patch::EnvPatch;
use crate::error::Result;
use crate::text::word::word;

/// What a shell has to remember until it asks again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The program's own: one word of letters, digits and `.:_-`.
    pub memory: String,
    /// The second at which this is said.
    pub now: i64,
    /// The second at which the program wants to be asked again, 0 for never.
    pub next: i64,
    /// Whether there are pins, and so a change of directory is to be reported.
    pub pins: bool,
    /// What the user has to know, a sentence each.
    pub words: Vec<String>,
}

impl Shell {
    /// The answer in this shell's form.
    pub fn tell(self, told: &Told, patch: &EnvPatch) -> Result<Zeroizing<String>> {
        let Told { memory, next, .. } = told;
        let pins = if told.pins { "1" } else { "" };
        match self {
            // The last word is set when everything before it worked (a variable may be read-only).
            Shell::Bash | Shell::Zsh => {
                let change = posix::render("builtin", patch, End::Success);
                let change = change.trim_end_matches([';', '\n']);
                Ok(Zeroizing::new(format!(
                    "_awsmfa_memory='{memory}' _awsmfa_next={next} _awsmfa_pins={pins}; {change} && _awsmfa_put=1;\n"
                )))
            }
            Shell::Fish => {
                let change = fish::render(patch, End::Success);
                let change = change.trim_end_matches([';', '\n']);
                Ok(Zeroizing::new(format!(
                    "set -g _awsmfa_memory '{memory}'; set -g _awsmfa_next {next}; set -g _awsmfa_pins {}; \
                     {change}; and set -g _awsmfa_put 1;\n",
                    if told.pins { 1 } else { 2 } // an index: the snippet reads "$PWD[$_awsmfa_pins]"
                )))
            }
            Shell::Elvish | Shell::Nushell | Shell::Xonsh => Ok(json(told, patch)),
            Shell::Tcsh => Ok(for_tcsh(told, patch)),
            Shell::Sh | Shell::PowerShell | Shell::Cmd => Ok(records(told, patch)),
        }
    }

    /// The sentences that the answer has not: they are for standard error. PowerShell throws away what a program
    /// writes there while it makes its prompt.
    pub fn still_to_say(self, told: &Told) -> &[String] {
        match self {
            Shell::PowerShell => &[],
            _ => &told.words,
        }
    }
}

/// One object on one line: whole, or no JSON. A variable that goes is null. elvish has no clock but how long the
/// machine is up, so it is told how long to wait.
fn json(told: &Told, patch: &EnvPatch) -> Zeroizing<String> {
    let Told { memory, next, .. } = told;
    let (wait, pins) = ((next - told.now).max(0), told.pins);
    let change = nushell::render(patch, End::Success);
    let change = change.trim_end();
    Zeroizing::new(format!(
        "{{\"awsmfa\": 1, \"memory\": \"{memory}\", \"next\": {next}, \"wait\": {wait}, \"pins\": {pins}, \"set\": {change}}}\n"
    ))
}

/// Code on one line, which is read as words: so a blank in a value is a variable, and what cannot be said at all (a
/// line's end in what the user gets back) is left out. The wait is for `sched`, which knows minutes and no day beyond
/// this one.
fn for_tcsh(told: &Told, patch: &EnvPatch) -> Zeroizing<String> {
    let mut text = super::buffer(patch);
    let Told { memory, next, .. } = told;
    let minutes = ((next - told.now) / 60).clamp(0, 22 * 60);
    let wait = match next {
        0 => "0".to_owned(),
        _ => format!("+{}:{:02}", minutes / 60, minutes % 60),
    };
    let pins = u8::from(told.pins);
    text.push_str(&format!(
        "set _awsmfa_memory = '{memory}'; set _awsmfa_wait = {wait}; set _awsmfa_pins = {pins}; "
    ));
    for name in &patch.unset {
        text.push_str(&format!("unsetenv {name}; "));
    }
    for (name, value) in &patch.set {
        if let Some(quoted) = tcsh::quote(value.expose()).filter(|_| !value.expose().contains('\t'))
        {
            text.push_str(&format!("setenv {name} "));
            text.push_str(&Zeroizing::new(quoted.replace(' ', "'$_awsmfa_blank:q'")));
            text.push_str("; ");
        }
    }
    text.push_str("set _awsmfa_put = 1;\n");
    text
}

/// A line each, in ASCII: `NAME VALUE`, where a value is one word in which every byte but letters, digits,
/// `:` and `-` is `_` and two hexadecimal digits. In what a session consists of that is `/`, `+` and `=` alone.
fn records(told: &Told, patch: &EnvPatch) -> Zeroizing<String> {
    let mut text = super::buffer(patch);
    let pins = u8::from(told.pins);
    text.push_str(&format!(
        "awsmfa 1\nmemory {}\nnext {}\npins {pins}\n",
        told.memory, told.next
    ));
    let is_set = |name: &&&str| patch.set.iter().any(|(set, _)| set == *name);
    for name in patch.unset.iter().filter(|name| !is_set(name)) {
        text.push_str(&format!("unset {name}\n"));
    }
    for (name, value) in &patch.set {
        let value = Zeroizing::new(word(value.expose()));
        text.push_str(&format!("set {name} "));
        text.push_str(&value);
        text.push('\n');
    }
    for sentence in &told.words {
        text.push_str(&format!("say {}\n", word(sentence)));
    }
    text.push_str("end\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::session::Secret;

    fn told() -> Told {
        Told {
            memory: "1.x".into(),
            now: 2,
            next: 12,
            pins: true,
            words: vec!["it ends".into()],
        }
    }

    #[test]
    fn an_answer_has_the_shape_that_the_snippets_look_for() {
        let patch = EnvPatch {
            unset: vec!["A", "B"],
            set: vec![("A", Secret::new("x/y"))],
        };
        assert_eq!(
            *Shell::Bash.tell(&told(), &patch).unwrap(),
            "_awsmfa_memory='1.x' _awsmfa_next=12 _awsmfa_pins=1; builtin unset -v A B && ! builtin test -R A 2>/dev/null && builtin export A='x/y' && _awsmfa_put=1;\n"
        );
        assert_eq!(
            *Shell::Zsh
                .tell(&Told::default(), &EnvPatch::default())
                .unwrap(),
            "_awsmfa_memory='' _awsmfa_next=0 _awsmfa_pins=; true && _awsmfa_put=1;\n"
        );
        assert_eq!(
            *Shell::PowerShell.tell(&told(), &patch).unwrap(),
            "awsmfa 1\nmemory 1.x\nnext 12\npins 1\nunset B\nset A x_2fy\nsay it_20ends\nend\n"
        );
        for shell in [Shell::Elvish, Shell::Nushell, Shell::Xonsh] {
            assert_eq!(
                *shell.tell(&told(), &patch).unwrap(),
                "{\"awsmfa\": 1, \"memory\": \"1.x\", \"next\": 12, \"wait\": 10, \"pins\": true, \"set\": {\"B\": null, \"A\": \"x/y\"}}\n"
            );
        }
        let fish = Shell::Fish.tell(&told(), &EnvPatch::default()).unwrap();
        assert_eq!(
            *fish,
            "set -g _awsmfa_memory '1.x'; set -g _awsmfa_next 12; set -g _awsmfa_pins 1; true; and set -g _awsmfa_put 1;\n"
        );
    }

    #[test]
    fn tcsh_is_told_in_words_and_minutes() {
        let told = |next| Told {
            now: 1_795_000_000,
            next,
            ..Told::default()
        };
        let patch = EnvPatch {
            unset: vec!["A"],
            set: vec![
                ("A", Secret::new("x/y")),
                ("B", Secret::new(" a  'b*")),
                ("C", Secret::new("a\nb")),
                ("D", Secret::new("a\tb")),
            ],
        };
        assert_eq!(
            *Shell::Tcsh.tell(&told(0), &patch).unwrap(),
            "set _awsmfa_memory = ''; set _awsmfa_wait = 0; set _awsmfa_pins = 0; unsetenv A; setenv A 'x/y'; \
             setenv B ''$_awsmfa_blank:q'a'$_awsmfa_blank:q''$_awsmfa_blank:q''\\''b*'; set _awsmfa_put = 1;\n"
        );
        for (seconds, wait) in [
            (-5, "+0:00"),
            (59, "+0:00"),
            (60, "+0:01"),
            (3_661, "+1:01"),
            (129_600, "+22:00"),
        ] {
            let said = Shell::Tcsh
                .tell(&told(1_795_000_000 + seconds), &EnvPatch::default())
                .unwrap();
            assert!(
                said.contains(&format!("_awsmfa_wait = {wait};")),
                "{}",
                *said
            );
        }
    }
}

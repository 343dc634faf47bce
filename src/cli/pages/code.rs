//! The code in a page, and the commands in that code.

/// A piece of code in a page.
#[derive(Debug, PartialEq)]
pub(super) enum Code {
    /// A line that is indented: for copying, so it is complete.
    Line(String),
    /// Between backquotes in a sentence or a table: it may name a command without what that needs.
    Span(String),
}

/// The code of a page: its indented lines, and what stands between backquotes in the paragraphs between them.
pub(super) fn code_of(text: &str) -> Vec<Code> {
    let mut found = Vec::new();
    let mut paragraph = String::new();
    // One more empty line ends the last paragraph.
    for line in text.lines().chain([""]) {
        let indented = line.strip_prefix("    ");
        if indented.is_some() || line.is_empty() {
            found.extend(spans(&paragraph).into_iter().map(Code::Span));
            paragraph.clear();
        }
        match indented {
            Some(line) => found.push(Code::Line(line.to_owned())),
            None => paragraph.extend([line.trim_start(), " "]),
        }
    }
    found
}

/// What stands between backquotes, one or more of them. A table writes `\|` for a pipe.
fn spans(paragraph: &str) -> Vec<String> {
    let mut spans = Vec::new();
    let mut rest = paragraph;
    while let Some((_, opened)) = rest.split_once('`') {
        let inside = opened.trim_start_matches('`');
        let fence = "`".repeat(1 + opened.len() - inside.len());
        rest = match inside.split_once(&fence) {
            Some((span, after)) => {
                spans.push(span.replace("\\|", "|"));
                after
            }
            None => inside,
        };
    }
    spans
}

/// The words behind each `awsmfa` that a piece of code runs. `use awsmfa dev` in an `.envrc` runs none.
pub(super) fn calls(code: &str) -> Vec<Vec<String>> {
    let mut calls = Vec::new();
    for (at, name) in code.match_indices("awsmfa") {
        let (before, rest) = code.split_at(at);
        let after = rest.strip_prefix(name).unwrap();
        let is_boundary = |c: char| c.is_whitespace() || "('\"`".contains(c);
        let path = before.rsplit(is_boundary).next().unwrap();
        let context = before.strip_suffix(path).unwrap().trim_end();
        let begins_command =
            context.is_empty() || context.ends_with(|c: char| "('\"`|&;$=".contains(c));
        let is_program = path.is_empty() || path.ends_with('/');
        if begins_command && is_program && after.starts_with(' ') {
            // Python and the shell of Windows have the command between quotes, tcsh between backquotes.
            let closing = context.chars().last().filter(|c| "'\"`".contains(*c));
            calls.push(words(after, closing));
        }
    }
    calls.retain(|words| !words.is_empty());
    calls
}

/// The words of a command as a shell splits them, up to where the command ends or the page explains it: at a comment,
/// or behind a gap of three blanks.
pub(super) fn words(text: &str, closing: Option<char>) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut blanks = 0;
    for c in text.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => word.get_or_insert_default().push(c),
            None if c == ' ' => {
                words.extend(word.take());
                blanks += 1;
                if blanks == 3 {
                    break;
                }
                continue;
            }
            None if Some(c) == closing || "|&;<>()".contains(c) => break,
            None if c == '#' && word.is_none() => break,
            None if c == '\'' || c == '"' => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            None => word.get_or_insert_default().push(c),
        }
        blanks = 0;
    }
    words.extend(word);
    words
}

#[test]
fn what_a_page_runs_is_found() {
    for (code, found) in [
        ("awsmfa use dev        dev: 123456789012, 59m", "use dev"),
        ("awsmfa keys add dev   # type both halves", "keys add dev"),
        ("eval \"$(awsmfa env)\" && terraform apply", "env"),
        ("eval \"`awsmfa env --unset`\"", "env --unset"),
        ("for /f \"delims=\" %i in ('awsmfa env') do @call %i", "env"),
        ("docker run --env-file <(awsmfa env dev) IMAGE", "env dev"),
        (
            "mkdir -p x && awsmfa hook direnv > x/awsmfa.sh",
            "hook direnv",
        ),
        (
            "credential_process = /path/to/awsmfa credential-process dev",
            "credential-process dev",
        ),
        (
            "$ awsmfa env --token-code \"$A B\"",
            "env --token-code $A B",
        ),
        ("use awsmfa dev", ""),
        ("awsmfa: a sentence", ""),
        ("~/.config/direnv/lib/awsmfa.sh awsmfa", ""),
    ] {
        let calls: Vec<String> = calls(code).iter().map(|words| words.join(" ")).collect();
        assert_eq!(calls.join(" / "), found, "{code}");
    }
    let page = "See `awsmfa\nenv`, or ``a`b``:\n\n    awsmfa off\n\n| `x \\| y` |\n";
    let span = |text: &str| Code::Span(text.to_owned());
    assert_eq!(
        code_of(page),
        [
            span("awsmfa env"),
            span("a`b"),
            Code::Line("awsmfa off".into()),
            span("x | y")
        ]
    );
}

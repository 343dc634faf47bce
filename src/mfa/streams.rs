//! What the standard streams say about who could be asked. The decision is pure.
//!
//! A Windows program under mintty (Git Bash, MSYS2, Cygwin) has pipes in place of a terminal, and may have
//! a hidden console besides, which opens and at which nobody sits.

use std::io::{self, IsTerminal};

use crate::error::NoTerminal;

/// How the terminal is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By the device that stands for it, whatever the streams are.
    Device,
    /// mintty: the question goes to stderr, the answer comes from stdin, and nothing can hide it.
    Streams,
}

/// What a standard stream is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// A terminal of the system's own.
    Terminal,
    /// mintty's end of a pipe.
    #[cfg_attr(
        not(windows),
        allow(dead_code, reason = "elsewhere mintty shows a real terminal")
    )]
    Mintty,
    /// A file, another pipe, nothing.
    Other,
}

/// The way to the user at the terminal. `opens` is whether the device does.
pub fn way(stdin: Stream, stderr: Stream, opens: bool) -> Result<Way, NoTerminal> {
    match (stdin, stderr) {
        (Stream::Mintty, Stream::Mintty | Stream::Terminal) => Ok(Way::Streams),
        (Stream::Mintty, Stream::Other) | (Stream::Other, Stream::Mintty) => {
            Err(NoTerminal::Mintty)
        }
        _ if !opens => Err(NoTerminal::None),
        (Stream::Terminal, _) | (_, Stream::Terminal) => Ok(Way::Device),
        (Stream::Other, Stream::Other) => Err(NoTerminal::Redirected),
    }
}

/// Our standard input.
pub fn stdin() -> Stream {
    kind(&io::stdin())
}

/// Our standard error.
pub fn stderr() -> Stream {
    kind(&io::stderr())
}

#[cfg(not(windows))]
fn kind(stream: &impl IsTerminal) -> Stream {
    match stream.is_terminal() {
        true => Stream::Terminal,
        false => Stream::Other,
    }
}

/// std takes mintty's pipe for a terminal by its name, `\msys-…-pty0-from-master`; only a console has a mode.
#[cfg(windows)]
fn kind<S: IsTerminal>(stream: &S) -> Stream
where
    for<'a> &'a S: winapi_util::AsHandleRef,
{
    match (stream.is_terminal(), winapi_util::console::mode(stream)) {
        (true, Ok(_)) => Stream::Terminal,
        (true, Err(_)) => Stream::Mintty,
        (false, _) => Stream::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Stream::{Mintty, Other, Terminal};

    #[test]
    fn a_user_is_asked_where_the_user_looks() {
        for (stdin, stderr, opens, expected) in [
            (Terminal, Terminal, true, Ok(Way::Device)),
            (Other, Terminal, true, Ok(Way::Device)),
            (Terminal, Other, true, Ok(Way::Device)),
            (Other, Other, true, Err(NoTerminal::Redirected)),
            (Terminal, Terminal, false, Err(NoTerminal::None)),
            (Other, Other, false, Err(NoTerminal::None)),
        ] {
            assert_eq!(way(stdin, stderr, opens), expected, "{stdin:?} {stderr:?}");
        }
    }

    /// The hidden console that mintty gives to a Windows program opens.
    #[test]
    fn under_mintty_the_streams_are_the_terminal_or_nothing_is() {
        for opens in [false, true] {
            assert_eq!(way(Mintty, Mintty, opens), Ok(Way::Streams));
            for (stdin, stderr) in [(Mintty, Other), (Other, Mintty)] {
                assert_eq!(way(stdin, stderr, opens), Err(NoTerminal::Mintty));
            }
        }
    }
}

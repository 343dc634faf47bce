//! How the list looks: text for a terminal, from the line that the cursor is on downwards. Pure.
//!
//! Lines do not wrap and every column begins where it is told to, so that what a terminal thinks of the width of a
//! character moves nothing.

use std::fmt::Write;

use super::Row;
use super::list::{List, Shown};
use crate::text::sanitize;

const PROMPT: &str = "profile> ";
const HELP: &str = "enter takes it, esc leaves";
/// As many rows as a person looks over; to find the others, they type.
const MOST_ROWS: usize = 20;
/// Columns of the pointer before each row.
const MARGIN: usize = 2;
const BETWEEN: usize = 2;

/// The whole list, for a terminal of this many rows and columns. The cursor is on the first line before and after.
/// After a change of size the terminal may have wrapped what was there: it is taken away first.
pub fn frame(
    list: &mut List,
    (rows, columns): (usize, usize),
    color: bool,
    is_resized: bool,
) -> String {
    let look = Look { columns, color };
    // The line of the prompt, the line of the counts, and the terminal's last line where somebody's text may be.
    let room = MOST_ROWS.min(rows.saturating_sub(3)).max(1);
    let widths = Widths::of(list.rows(), columns);
    let shown = list.shown(room);
    let (fitting, all) = list.counts();
    let mut lines = vec![look.prompt(list.query())];
    if rows > 2 {
        let count = format!("{fitting}/{all}  {HELP}");
        lines.push(look.dim(&format!("  {}", look.clipped(&count, MARGIN))));
    }
    if rows > 1 {
        lines.extend(shown.iter().map(|row| look.row(row, &widths)));
    }
    let mut text = String::from("\x1b[?25l\x1b[?7l\r");
    if is_resized {
        text.push_str("\x1b[J");
    }
    let below = lines.len() - 1;
    text.push_str(&lines.join("\x1b[K\r\n"));
    text.push_str("\x1b[K");
    if below > 0 {
        let _ = write!(text, "\x1b[J\x1b[{below}A");
    }
    let cursor = PROMPT.len() + look.query(list.query()).chars().count() + 1;
    let _ = write!(text, "\x1b[{}G\x1b[?25h", cursor.min(columns.max(1)));
    text
}

/// Where the columns behind the name begin, from 0.
struct Widths {
    account: usize,
    role: usize,
    state: usize,
}

impl Widths {
    fn of(rows: &[Row], columns: usize) -> Self {
        let widest = |part: fn(&Row) -> &String, at_most: usize| {
            let lengths = rows.iter().map(|row| part(row).chars().count());
            lengths.max().unwrap_or(0).min(at_most)
        };
        let after = |begin: usize, width: usize| match width {
            0 => begin,
            width => begin + width + BETWEEN,
        };
        let account = after(MARGIN, widest(|row| &row.name, (columns / 2).max(20)));
        let role = after(account, widest(|row| &row.account, 12));
        let state = after(role, widest(|row| &row.role, (columns / 4).max(10)));
        Self {
            account,
            role,
            state,
        }
    }
}

struct Look {
    columns: usize,
    color: bool,
}

impl Look {
    fn prompt(&self, query: &str) -> String {
        format!("{}{}", self.green(PROMPT), self.query(query))
    }

    /// The end of what was typed, where not all of it has room.
    fn query(&self, query: &str) -> String {
        let query = safe(query);
        let room = self.columns.saturating_sub(PROMPT.len() + 1);
        let skipped = query.chars().count().saturating_sub(room);
        query.chars().skip(skipped).collect()
    }

    fn row(&self, shown: &Shown, widths: &Widths) -> String {
        let Row {
            name,
            account,
            role,
            state,
            works,
        } = shown.row;
        let mut line = match shown.is_chosen {
            true => self.green("> "),
            false => "  ".to_owned(),
        };
        let room = (widths.account - MARGIN).saturating_sub(BETWEEN);
        let text = self.underlined(name, 0, shown, (MARGIN, room));
        line.push_str(&match (shown.is_chosen, *works) {
            (true, _) => format!("\x1b[1m{text}\x1b[0m"),
            (false, true) => text,
            (false, false) => self.dim(&text),
        });
        // What stood there before may have been longer.
        line.push_str("\x1b[K");
        // As `list` puts the three into one text.
        let of_account = name.chars().count() + 1;
        let of_role = of_account + account.chars().count() + 1;
        for (text, offset, begin, end) in [
            (account, of_account, widths.account, widths.role),
            (role, of_role, widths.role, widths.state),
            (state, usize::MAX, widths.state, self.columns + BETWEEN),
        ] {
            let room = end.saturating_sub(begin).saturating_sub(BETWEEN);
            let text = self.underlined(text, offset, shown, (begin, room));
            if !text.is_empty() {
                // Columns of a terminal begin with 1. What a wide name left there goes first.
                let _ = write!(line, "\x1b[{}G\x1b[K", begin + 1);
                line.push_str(&match *works {
                    true => text,
                    false => self.dim(&text),
                });
            }
        }
        line
    }

    /// As much of a text as there is room for from this column on, with the characters underlined that fit what was
    /// typed. The text's first character is the one of this number in what was looked into.
    fn underlined(
        &self,
        text: &str,
        offset: usize,
        shown: &Shown,
        (begin, room): (usize, usize),
    ) -> String {
        let mut drawn = String::new();
        let is_fitting = |index: usize| {
            let index = offset.checked_add(index);
            index.is_some_and(|index| shown.fitting.iter().any(|fits| *fits as usize == index))
        };
        for (index, c) in self
            .clipped(&safe(text), begin)
            .chars()
            .take(room)
            .enumerate()
        {
            match is_fitting(index) {
                true => drawn.push_str(&format!("\x1b[4m{c}\x1b[24m")),
                false => drawn.push(c),
            }
        }
        drawn
    }

    fn clipped(&self, text: &str, begin: usize) -> String {
        let room = self.columns.saturating_sub(begin);
        text.chars().take(room).collect()
    }

    fn dim(&self, text: &str) -> String {
        format!("\x1b[2m{text}\x1b[0m")
    }

    fn green(&self, text: &str) -> String {
        match self.color {
            true => format!("\x1b[32m{text}\x1b[0m"),
            false => text.to_owned(),
        }
    }
}

/// What can steer no terminal. A console of Windows reads bytes by its code page.
fn safe(text: &str) -> String {
    let text = sanitize::printable(text);
    match cfg!(windows) {
        true => text.replace(|c: char| !c.is_ascii(), "?"),
        false => text,
    }
}

#[cfg(test)]
#[path = "frame_tests.rs"]
mod tests;

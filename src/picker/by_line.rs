//! The list for a terminal that cannot move its cursor: numbered lines, and an answer of a number or of a part of a name.

use super::Row;
use super::keys::Key;
use super::list::List;
use crate::error::Result;
use crate::mfa::terminal::Terminal;
use crate::text::sanitize;

/// As many as anybody reads; the rest is asked for by a part of the name.
const SHOWN: usize = 30;
/// Of a name, a role or a problem.
const LONGEST: usize = 60;

/// Lets somebody pick one; its place among `rows`.
pub fn pick(rows: &[Row], terminal: &Terminal) -> Result<usize> {
    let mut fitting: Vec<usize> = (0..rows.len()).collect();
    loop {
        for (number, row) in (1..)
            .zip(fitting.iter().filter_map(|i| rows.get(*i)))
            .take(SHOWN)
        {
            terminal.say(&line(number, row))?;
        }
        if let Some(more @ 1..) = fitting.len().checked_sub(SHOWN) {
            terminal.say(&format!("and {more} more"))?;
        }
        let answer = terminal.ask("Which profile? Its number or a part of its name: ")?;
        let found = found(rows, &fitting, &answer);
        match found[..] {
            [] => terminal.say("no profile fits that")?,
            [only] => return Ok(only),
            _ => fitting = found,
        }
    }
}

fn line(number: usize, row: &Row) -> String {
    let short = |text: &String| {
        let text = sanitize::printable(text);
        text.chars().take(LONGEST).collect::<String>()
    };
    let parts = [&row.name, &row.account, &row.role, &row.state].map(short);
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("{number:>3}  {}", parts.join("  "))
}

/// The row of this number or of exactly this name; else those that fit.
fn found(rows: &[Row], fitting: &[usize], answer: &str) -> Vec<usize> {
    let number: Option<usize> = answer.parse().ok();
    // What was not shown has no number.
    let number = number.filter(|number| *number <= SHOWN);
    let of_number = number.and_then(|number| fitting.get(number.checked_sub(1)?));
    let of_name = || rows.iter().position(|row| row.name == answer);
    if let Some(index) = of_number.copied().or_else(of_name) {
        return vec![index];
    }
    let mut list = List::new(rows, 0);
    answer.chars().for_each(|c| list.press(&Key::Char(c)));
    list.all_fitting().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_a_name_or_a_part_of_one_is_an_answer() {
        let row = |name: &str| Row {
            name: name.to_owned(),
            account: String::new(),
            role: String::new(),
            state: String::new(),
            works: true,
        };
        let rows = ["dev", "prod-dev", "7"].map(row);
        let all = [0, 1, 2];
        assert_eq!(found(&rows, &all, "2"), [1]);
        assert_eq!(found(&rows, &[1], "1"), [1]);
        assert_eq!(found(&rows, &all, "dev"), [0]);
        assert_eq!(found(&rows, &all, "ev"), [0, 1]);
        assert_eq!(found(&rows, &all, "7"), [2], "there is no seventh");
        assert!(found(&rows, &all, "x").is_empty());
        let many: Vec<Row> = (0..50).map(|n| row(&format!("p{n}"))).collect();
        let all: Vec<usize> = (0..50).collect();
        assert_eq!(found(&many, &all, "30"), [29]);
        assert_eq!(
            found(&many, &all, "31"),
            [31],
            "the one with 31 in its name"
        );
    }

    #[test]
    fn a_line_is_one_line_whatever_the_names_are() {
        let row = Row {
            name: "x".repeat(10_000),
            account: String::new(),
            role: "\x1b[2J\r\nrole".to_owned(),
            state: "1h".to_owned(),
            works: true,
        };
        let expected = format!("  7  {}   [2J  role  1h", "x".repeat(LONGEST));
        assert_eq!(line(7, &row), expected);
    }
}

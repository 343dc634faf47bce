//! What a terminal shows: from the bytes that a program sent to lines of text with their colours. As much of a terminal
//! as bash's line editor and this program need.

/// How a character looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    pub is_bold: bool,
    pub is_dim: bool,
    pub is_underlined: bool,
    pub is_green: bool,
}

/// A character in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    pub character: char,
    pub style: Style,
}

const BLANK: Cell = Cell {
    character: ' ',
    style: Style {
        is_bold: false,
        is_dim: false,
        is_underlined: false,
        is_green: false,
    },
};

/// A terminal that is high enough for everything, so that nothing scrolls away.
#[derive(Debug, Default)]
pub struct Screen {
    lines: Vec<Vec<Cell>>,
    row: usize,
    column: usize,
    style: Style,
    columns: usize,
}

impl Screen {
    /// Shows these bytes, on so many columns.
    pub fn of(bytes: &[u8], columns: usize) -> Self {
        let mut screen = Self {
            columns,
            ..Self::default()
        };
        let text = String::from_utf8_lossy(bytes).into_owned();
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next() {
            match c {
                '\r' => screen.column = 0,
                '\n' => screen.row += 1,
                '\u{8}' => screen.column = screen.column.saturating_sub(1),
                '\u{1b}' if rest.next_if_eq(&'[').is_some() => {
                    let mut parameters = String::new();
                    let last = loop {
                        match rest.next() {
                            Some(c) if ('@'..='~').contains(&c) => break c,
                            Some(c) => parameters.push(c),
                            None => return screen,
                        }
                    };
                    screen.control(&parameters, last);
                }
                c if c.is_control() => {}
                c => screen.put(c),
            }
        }
        screen
    }

    /// The lines, without the blank ends of each and of all.
    pub fn lines(&self) -> Vec<&[Cell]> {
        let trimmed = |line: &'_ Vec<Cell>| line.iter().rposition(|cell| *cell != BLANK);
        let mut lines: Vec<&[Cell]> = self
            .lines
            .iter()
            .map(|line| &line[..trimmed(line).map_or(0, |last| last + 1)])
            .collect();
        while lines.last().is_some_and(|line| line.is_empty()) {
            lines.pop();
        }
        lines
    }

    /// Row and column of the cursor.
    pub fn cursor(&self) -> (usize, usize) {
        (self.row, self.column)
    }

    fn put(&mut self, character: char) {
        if self.column >= self.columns {
            self.column = 0;
            self.row += 1;
        }
        let style = self.style;
        let (row, column) = (self.row, self.column);
        let line = self.line(row);
        while line.len() <= column {
            line.push(BLANK);
        }
        line[column] = Cell { character, style };
        self.column += 1;
    }

    fn line(&mut self, row: usize) -> &mut Vec<Cell> {
        while self.lines.len() <= row {
            self.lines.push(Vec::new());
        }
        &mut self.lines[row]
    }

    fn control(&mut self, parameters: &str, last: char) {
        let number = parameters.parse().unwrap_or(1);
        let (row, column) = (self.row, self.column);
        match last {
            'A' => self.row = row.saturating_sub(number),
            'B' => self.row += number,
            'C' => self.column += number,
            'D' => self.column = column.saturating_sub(number),
            'G' => self.column = number - 1,
            'K' => self.line(row).truncate(column),
            'J' => {
                self.line(row).truncate(column);
                self.lines.truncate(row + 1);
            }
            'm' => {
                for number in parameters.split(';') {
                    match number {
                        "1" => self.style.is_bold = true,
                        "2" => self.style.is_dim = true,
                        "4" => self.style.is_underlined = true,
                        "24" => self.style.is_underlined = false,
                        "32" => self.style.is_green = true,
                        _ => self.style = Style::default(),
                    }
                }
            }
            // Modes of the terminal that change nothing here.
            'h' | 'l' => {}
            other => panic!("what is ESC [ {parameters} {other}?"),
        }
    }
}

#[test]
fn a_screen_is_what_was_sent_last() {
    let screen = Screen::of(
        b"one\r\ntwo\x1b[1A\r\x1b[Kthree\x1b[2GH\x1b[1B\r\x1b[1mT",
        80,
    );
    let text = |line: &&[Cell]| line.iter().map(|cell| cell.character).collect::<String>();
    let lines: Vec<String> = screen.lines().iter().map(text).collect();
    assert_eq!(lines, ["tHree", "Two"]);
    assert_eq!(screen.cursor(), (1, 1));
    assert!(screen.lines()[1][0].style.is_bold);
}

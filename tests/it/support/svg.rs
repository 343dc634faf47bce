//! A picture of terminals, as SVG: text stays text, and a column is a column in whatever font there is.

use std::fmt::Write;

use super::screen::{Cell, Screen, Style};

/// A terminal in the picture.
pub struct Window {
    pub title: &'static str,
    pub screen: Screen,
    /// Whether somebody is about to type there.
    pub has_cursor: bool,
}

const COLUMN: usize = 8;
const LINE: usize = 18;
const MARGIN: usize = 14;
const TITLE: usize = 30;
const GAP: usize = 16;

/// The windows, below each other.
pub fn picture(windows: &[Window], columns: usize) -> String {
    let width = columns * COLUMN + 2 * MARGIN;
    let height_of = |window: &Window| TITLE + window.rows() * LINE + MARGIN;
    let all: usize = windows.iter().map(|window| height_of(window) + GAP).sum();
    let height = all - GAP;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xml:space=\"preserve\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n\
         <style>\n\
         text {{ font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #d8dee9; white-space: pre }}\n\
         .title {{ fill: #8b95a7 }}\n.green {{ fill: #8fce7e }}\n.dim {{ fill: #8b95a7 }}\n.bold {{ font-weight: 700 }}\n\
         .underlined {{ text-decoration: underline }}\n\
         </style>\n"
    );
    let mut top = 0;
    for window in windows {
        let height = height_of(window);
        let _ = writeln!(
            svg,
            "<rect y=\"{top}\" width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"#1d2330\"/>"
        );
        for (x, colour) in [(18, "#e06c75"), (36, "#e5c07b"), (54, "#98c379")] {
            let y = top + TITLE / 2;
            let _ = writeln!(
                svg,
                "<circle cx=\"{x}\" cy=\"{y}\" r=\"5\" fill=\"{colour}\"/>"
            );
        }
        let (x, y) = (width / 2, top + TITLE / 2 + 4);
        let _ = writeln!(
            svg,
            "<text class=\"title\" x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">{}</text>",
            window.title
        );
        window.draw(&mut svg, top + TITLE);
        top += height + GAP;
    }
    svg.push_str("</svg>\n");
    svg
}

impl Window {
    fn rows(&self) -> usize {
        let lines = self.screen.lines().len();
        match self.has_cursor {
            true => lines.max(self.screen.cursor().0 + 1),
            false => lines,
        }
    }

    fn draw(&self, svg: &mut String, top: usize) {
        for (row, line) in self.screen.lines().into_iter().enumerate() {
            let y = top + row * LINE + 13;
            let mut column = 0;
            for run in line.chunk_by(|a, b| a.style == b.style) {
                // A column of a table begins where it is told to, however wide a font's blanks are.
                for word in run.chunk_by(|a, b| a.character != ' ' || b.character != ' ') {
                    text(svg, word, MARGIN + column * COLUMN, y);
                    column += word.len();
                }
            }
        }
        if self.has_cursor {
            let (row, column) = self.screen.cursor();
            let (x, y) = (MARGIN + column * COLUMN, top + row * LINE);
            let _ = writeln!(
                svg,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{COLUMN}\" height=\"16\" fill=\"#d8dee9\"/>"
            );
        }
    }
}

/// Characters of one look. Their width is said, so that no font moves what comes after them.
fn text(svg: &mut String, run: &[Cell], x: usize, y: usize) {
    let text: String = run.iter().map(|cell| cell.character).collect();
    let blanks = text.len() - text.trim_start().len();
    let text = text.trim();
    if text.is_empty() {
        return;
    }
    let style = run.first().map_or(Style::default(), |cell| cell.style);
    let classes = [
        (style.is_green, "green"),
        (style.is_dim, "dim"),
        (style.is_bold, "bold"),
        (style.is_underlined, "underlined"),
    ];
    let classes: Vec<&str> = classes
        .into_iter()
        .filter_map(|(is_so, class)| is_so.then_some(class))
        .collect();
    let class = match classes[..] {
        [] => String::new(),
        _ => format!(" class=\"{}\"", classes.join(" ")),
    };
    let (x, length) = (x + blanks * COLUMN, text.chars().count() * COLUMN);
    let escaped = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let _ = writeln!(
        svg,
        "<text{class} x=\"{x}\" y=\"{y}\" textLength=\"{length}\" lengthAdjust=\"spacingAndGlyphs\">{escaped}</text>"
    );
}

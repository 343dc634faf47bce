//! Columns for a terminal. Pure.

use super::sanitize;

/// Columns as wide as their widest cell; the environment may hold anything, so nothing steers a terminal.
pub fn table<const COLUMNS: usize>(rows: &[[String; COLUMNS]]) -> String {
    let rows: Vec<[String; COLUMNS]> = rows
        .iter()
        .map(|row| row.clone().map(|cell| sanitize::clean(&cell, &[])))
        .collect();
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|c| c.chars().count())
            .max()
            .unwrap_or(0)
    };
    let mut text = String::new();
    for row in &rows {
        let cells: Vec<String> = row
            .iter()
            .enumerate()
            .map(|(i, cell)| format!("{cell:<0$}", width(i)))
            .collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}

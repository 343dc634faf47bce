//! The matrix as a text: shells down, classes across.

use crate::support::shells::Shell;
use crate::support::values::classes;

/// A row of the matrix: how many values were put to the test in each class, and what went wrong.
#[derive(Default)]
pub struct Row {
    pub counts: Vec<usize>,
    pub evaluations: usize,
    pub mismatches: Vec<String>,
    /// How often a value ran as code.
    pub canaries: usize,
}

/// Shells down, classes across, and the sums.
pub fn table(rows: &[(&Shell, Option<Row>)], seconds: f64) -> String {
    let classes = classes();
    let name_width = rows
        .iter()
        .map(|(shell, _)| shell.name.len())
        .max()
        .unwrap();
    let line = |name: &str, idioms: &str, cells: &[String]| {
        let cells = cells.iter().zip(classes);
        let cells: String = cells
            .map(|(cell, class)| format!("  {cell:>width$}", width = class.name.len()))
            .collect();
        format!("{name:name_width$}  {idioms:>6}{cells}\n")
    };
    let names: Vec<String> = classes.iter().map(|class| class.name.to_owned()).collect();
    let mut text = "\n".to_owned() + &line("shell", "idioms", &names);
    for (shell, row) in rows {
        text += &match row {
            Some(row) => {
                let counts: Vec<String> = row.counts.iter().map(ToString::to_string).collect();
                line(shell.name, &shell.idioms.len().to_string(), &counts)
            }
            None => format!("{:name_width$}  not installed\n", shell.name),
        };
    }
    let here: Vec<(&&Shell, &Row)> = rows
        .iter()
        .filter_map(|(shell, row)| Some((shell, row.as_ref()?)))
        .collect();
    let sum = |of: fn(&Row) -> usize| here.iter().map(|(_, row)| of(row)).sum::<usize>();
    let pairs: usize = here.iter().map(|(shell, _)| shell.idioms.len()).sum();
    text + &format!(
        "{} values of {} classes in {pairs} idioms of {} shells: {} cells, {} evaluations of {} values, \
         {} mismatches, {} ran as code, {seconds:.1} s\n",
        classes
            .iter()
            .map(|class| class.values.len())
            .sum::<usize>(),
        classes.len(),
        here.len(),
        pairs * classes.len(),
        sum(|row| row.evaluations),
        sum(|row| row.counts.iter().sum()),
        sum(|row| row.mismatches.len()),
        sum(|row| row.canaries),
    )
}

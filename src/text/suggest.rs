//! Finds names that differ from a word by a typo: profiles, subcommands. Pure.

/// Up to three of `names`, nearest first. Letters that changed places count as one error (`dve` for
/// `dev`), which clap's measure, Jaro-Winkler, does not see in a short word. One error is allowed to
/// every word, and one more for every five letters, as long as a letter is right.
pub fn nearest<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> Vec<&'n str> {
    let word = word.to_lowercase();
    let mut scored: Vec<(usize, &str)> = names
        .into_iter()
        .map(|name| (strsim::osa_distance(&word, &name.to_lowercase()), name))
        .filter(|(errors, name)| *errors <= 1 + name.len() / 5 && *errors < name.len())
        .collect();
    scored.sort_by_key(|(errors, _)| *errors);
    scored.into_iter().take(3).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_error_finds_the_name_and_another_word_does_not() {
        let names = ["dev", "default", "prod"];
        assert_eq!(nearest("dve", names), ["dev"]);
        assert_eq!(nearest("Defalut", names), ["default"]);
        assert_eq!(nearest("prd", names), ["prod"]);
        assert_eq!(nearest("staging", names), [""; 0]);
    }
}

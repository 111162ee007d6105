//! People outside whom the workspace knows by name: what may be said of them, and how they are found.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::{
    dialing::DialPlan,
    id::{ContactId, WorkspaceId},
    people::Fault,
};

/// The longest note, characters.
const NOTE_LENGTH: usize = 2000;

/// Somebody outside whom the workspace knows by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Whose.
    pub workspace: WorkspaceId,
    /// Their name in addresses, which say nothing of them.
    pub id: ContactId,
    /// E.164, unique in the workspace.
    pub number: String,
    /// As people call them.
    pub name: String,
    /// What else is worth knowing, in lines.
    pub note: String,
}

/// What is looked for among contacts: a part of a name, or of a number as people write it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// A part of a name, folded. Nothing is part of every name.
    pub name: String,
    /// Digits that stand one after the other in a number, when what was typed can be one.
    pub digits: Option<String>,
}

impl Search {
    /// What somebody typed into a field for names and numbers.
    pub fn of(typed: &str) -> Self {
        let name = folded(typed);
        let of_a_number = |c: char| c.is_ascii_digit() || " +-()./".contains(c);
        // What stands before a number at home is not part of it in E.164.
        let digits: String = name.chars().filter(char::is_ascii_digit).skip_while(|digit| *digit == '0').collect();
        let digits = Some(digits).filter(|digits| !digits.is_empty() && name.chars().all(of_a_number));
        Self { name, digits }
    }
}

/// A name as it is sorted and searched: lower case, without accents, so that `Ștefan` is found by `stefan`.
pub fn folded(name: &str) -> String {
    let plain: String = name.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A contact's number as it was typed, in E.164. Whether it may be called is another question: whoever calls us can be known.
///
/// # Errors
/// It is none.
pub fn number(typed: &str, plan: &DialPlan) -> Result<String, Fault> {
    plan.number(typed).map_err(|_| Fault::NumberUnfit)
}

/// A note as it was typed, without the space around it.
///
/// # Errors
/// It is too long.
pub fn note(typed: &str) -> Result<String, Fault> {
    let note = typed.trim().replace("\r\n", "\n").replace('\0', "");
    if note.chars().count() <= NOTE_LENGTH { Ok(note) } else { Err(Fault::NoteLong) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_and_capitals_do_not_matter() {
        assert_eq!(folded("  Daniel   ȘTEFAN-Țuțu "), "daniel stefan-tutu");
        // With a cedilla instead of a comma, as older keyboards write it.
        assert_eq!(folded("Ştefan Ţuţu"), folded("Ștefan Țuțu"));
    }

    #[test]
    fn a_number_is_found_as_people_write_it() {
        for typed in ["0722 111", "+40 722-111", "722111", "0040722111", "(0722) 111"] {
            let digits = Search::of(typed).digits.unwrap_or_default();
            assert!(!digits.is_empty() && "+40722111222".contains(&digits), "{typed}: {digits}");
        }
        for typed in ["", "ana", "ana 2", "0", "+"] {
            assert_eq!(Search::of(typed).digits, None, "{typed}");
        }
    }

    #[test]
    fn notes_keep_their_lines_and_have_an_end() {
        assert_eq!(note(" one\r\ntwo \r\n").as_deref(), Ok("one\ntwo"));
        assert_eq!(note(&"ț".repeat(2000)).map(|note| note.chars().count()), Ok(2000));
        assert_eq!(note(&"x".repeat(2001)), Err(Fault::NoteLong));
    }
}

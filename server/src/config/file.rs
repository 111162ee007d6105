//! The file with settings: each value as text, and the line that it is on, so that it is read as a flag's value is.

use std::{fs, ops::Range, path::Path};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// A value in the file.
pub(super) struct Entry {
    /// Its name; in a table, `table.name`.
    pub(super) key: String,
    /// `None` when it is nothing that a setting can be: a list, a date, a fraction.
    pub(super) value: Option<String>,
    pub(super) line: usize,
}

/// What is in the file, and what is wrong with it: lines and why.
#[derive(Default)]
pub(super) struct Contents {
    pub(super) entries: Vec<Entry>,
    pub(super) faults: Vec<(Option<usize>, String)>,
}

/// Reads the file. Where a line cannot be read the others still are, so that all of them are named at once.
pub(super) fn read(path: &Path) -> Contents {
    let mut contents = Contents::default();
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            contents.faults.push((None, format!("the file cannot be read: {error}")));
            return contents;
        }
    };
    let line = |span: Range<usize>| text.bytes().take(span.start).filter(|byte| *byte == b'\n').count() + 1;
    let (table, errors) = DeTable::parse_recoverable(&text);
    contents.faults.extend(errors.iter().map(|error| (error.span().map(line), error.message().to_owned())));
    // What is left of a line that cannot be read is not worth a second complaint.
    let broken: Vec<usize> = contents.faults.iter().filter_map(|(line, _)| *line).collect();
    take(table.get_ref(), "", &line, &mut contents.entries);
    contents.entries.retain(|entry| !broken.contains(&entry.line));
    contents.entries.sort_by_key(|entry| entry.line);
    contents
}

fn take(table: &DeTable<'_>, within: &str, line: &dyn Fn(Range<usize>) -> usize, entries: &mut Vec<Entry>) {
    for (key, value) in table {
        let line_of = |key: &Spanned<_>| line(key.span());
        let name = format!("{within}{}", key.get_ref());
        match value.get_ref() {
            // Settings are in tables, but not in tables of tables.
            DeValue::Table(table) if within.is_empty() => take(table, &format!("{name}."), line, entries),
            value => entries.push(Entry { key: name, value: text(value), line: line_of(key) }),
        }
    }
}

fn text(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().to_owned()),
        DeValue::Boolean(yes) => Some(yes.to_string()),
        _ => None,
    }
}

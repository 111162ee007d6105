//! What everybody in a workspace was called, under which extension they were reached, and when. Calls, messages to others
//! and entries of the audit log from before it was kept who somebody is know them by that alone.

use std::collections::BTreeSet;

use crate::{
    audit::{Change, Deed, Entry},
    history::ERASED,
    id::AgentId,
    people::Account,
    time::Timestamp,
};

/// Names are told apart by this in a list of them.
const BETWEEN: &str = ", ";

/// A name or an extension, and for how long it was somebody's.
#[derive(Debug)]
struct Held {
    word: String,
    from: Timestamp,
    until: Timestamp,
}

#[derive(Debug)]
struct Person {
    id: AgentId,
    names: Vec<Held>,
    extensions: Vec<Held>,
}

/// The people of a workspace as they were, as far back as its audit log goes.
#[derive(Debug)]
pub struct Register(Vec<Person>);

fn holds(all: &[Held], word: &str, at: Timestamp) -> bool {
    all.iter().any(|held| held.word == word && held.from <= at && at <= held.until)
}

/// What something was, from what it is and what was changed, the newest change first.
fn past<'a>(now: &str, changes: impl Iterator<Item = (Timestamp, &'a Change)>) -> Vec<Held> {
    let mut all = Vec::new();
    let mut keep = |word: Option<&str>, from, until| {
        if let Some(word) = word.filter(|word| !word.is_empty()) {
            all.push(Held { word: word.to_owned(), from, until });
        }
    };
    let (mut word, mut until) = (Some(now), Timestamp(i64::MAX));
    for (at, change) in changes {
        keep(word, at, until);
        // Not everything is noted: whoever comes in by a link says what they are called. Then it was either of the two.
        let after = change.after.as_deref().filter(|after| Some(*after) != word);
        keep(after, at, until);
        (word, until) = (change.before.as_deref(), at);
    }
    keep(word, Timestamp(i64::MIN), until);
    all
}

impl Register {
    /// From everybody's accounts and the audit log, the newest entry first.
    pub fn of(everyone: &[Account], log: &[Entry]) -> Self {
        let person = |account: &Account| {
            let id = &account.profile.id;
            let of = |what: &'static str| {
                let entries = log.iter().filter(move |entry| entry.whom.as_ref() == Some(id));
                entries.flat_map(move |entry| {
                    let changes = entry.changes.iter().filter(move |change| change.what == what);
                    changes.map(move |change| (entry.at, change))
                })
            };
            Person {
                id: id.clone(),
                names: past(&account.profile.name, of("name")),
                extensions: past(&account.profile.extension, of("extension")),
            }
        };
        Self(everyone.iter().map(person).collect())
    }

    fn person(&self, agent: &AgentId) -> Option<&Person> {
        self.0.iter().find(|person| person.id == *agent)
    }

    fn others(&self, agent: &AgentId) -> impl Iterator<Item = &Person> {
        self.0.iter().filter(move |person| person.id != *agent)
    }

    /// Every name and extension that was ever somebody's.
    pub fn words(&self, agent: &AgentId) -> BTreeSet<&str> {
        let all = self.person(agent).into_iter().flat_map(|person| person.names.iter().chain(&person.extensions));
        all.map(|held| held.word.as_str()).collect()
    }

    /// The names in a list of them, in which a name may look like two.
    fn listed<'a>(&self, names: &'a str, at: Timestamp) -> Vec<&'a str> {
        let (mut all, mut rest) = (Vec::new(), Some(names));
        while let Some(names) = rest {
            let stands_first = |held: &&Held| {
                let after = names.strip_prefix(held.word.as_str());
                held.from <= at
                    && at <= held.until
                    && after.is_some_and(|after| after.is_empty() || after.starts_with(BETWEEN))
            };
            let known = self.0.iter().flat_map(|person| &person.names).filter(stands_first);
            let length = known.map(|held| held.word.len()).max().or_else(|| names.find(BETWEEN)).unwrap_or(names.len());
            let (name, after) = names.split_at(length);
            all.push(name);
            rest = after.strip_prefix(BETWEEN);
        }
        all
    }

    /// Whether somebody is meant by the extension and the name of a colleague who was called. Where the two speak for
    /// different people, or a name for several, nobody is.
    pub fn is_meant(&self, agent: &AgentId, number: &str, name: Option<&str>, at: Timestamp) -> bool {
        let speaks = |person: &Person| {
            (holds(&person.extensions, number, at), name.is_some_and(|name| holds(&person.names, name, at)))
        };
        let mut others = self.others(agent).map(speaks);
        match self.person(agent).map(speaks) {
            Some((true, true)) => true,
            Some((true, false)) => !others.any(|(_, by_name)| by_name),
            Some((false, true)) => !others.any(|(by_number, by_name)| by_number || by_name),
            Some((false, false)) | None => false,
        }
    }

    /// What is left of an entry when somebody is not to stand there by name among those who answer a number. `None` when
    /// they do not, or when somebody else of that name may be meant.
    pub fn without(&self, agent: &AgentId, entry: &Entry) -> Option<Vec<Change>> {
        let is_theirs = |name: &str| {
            let theirs = self.person(agent).is_some_and(|person| holds(&person.names, name, entry.at));
            theirs && !self.others(agent).any(|other| holds(&other.names, name, entry.at))
        };
        let is_named =
            |names: &Option<String>| names.iter().flat_map(|names| self.listed(names, entry.at)).any(is_theirs);
        let names_them =
            |change: &Change| change.what == "answers" && [&change.before, &change.after].into_iter().any(is_named);
        if entry.deed != Deed::NumberChanged || !entry.changes.iter().any(names_them) {
            return None;
        }
        let erased = |names: &Option<String>| {
            let told = |name| if is_theirs(name) { ERASED } else { name };
            names
                .as_ref()
                .map(|names| self.listed(names, entry.at).into_iter().map(told).collect::<Vec<_>>().join(BETWEEN))
        };
        let left = |change: &Change| match change.what.as_str() {
            "answers" => Change { before: erased(&change.before), after: erased(&change.after), ..change.clone() },
            _ => change.clone(),
        };
        Some(entry.changes.iter().map(left).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        agent::{Profile, Role},
        audit::Actor,
        people::Fallback,
    };

    fn person(id: &str, name: &str, extension: &str) -> Account {
        Account {
            workspace: "salon".into(),
            profile: Profile { id: id.into(), name: name.into(), extension: extension.into(), role: Role::Agent },
            email: format!("{id}@salon.example"),
            language: None,
            fallback: Fallback::Nowhere,
            caller_id: None,
            joined: Some(Timestamp(1)),
            deactivated: None,
        }
    }

    fn entry(at: i64, deed: Deed, whom: Option<&str>, changes: &[(&str, Option<&str>, Option<&str>)]) -> Entry {
        Entry {
            at: Timestamp(at),
            by: Actor::Server,
            deed,
            subject: String::new(),
            whom: whom.map(Into::into),
            changes: changes.iter().map(|(what, before, after)| Change::new(what, *before, *after)).collect(),
        }
    }

    /// Eve was Eva with 101 until 2000; since 3000 Dan has 101, who had 102.
    fn salon() -> Register {
        let everyone = [person("eve", "Eve", "105"), person("dan", "Dan", "101"), person("ion", "Ion", "103")];
        let log = [
            entry(3000, Deed::PersonChanged, Some("dan"), &[("extension", Some("102"), Some("101"))]),
            entry(2000, Deed::PersonChanged, Some("eve"), &[("name", Some("Eva"), Some("Eve"))]),
            entry(2000, Deed::PersonChanged, Some("eve"), &[("extension", Some("101"), Some("105"))]),
            entry(
                1000,
                Deed::PersonInvited,
                Some("eve"),
                &[("name", None, Some("E. Pop")), ("extension", None, Some("101"))],
            ),
        ];
        Register::of(&everyone, &log)
    }

    #[test]
    fn somebody_is_known_by_what_they_were_called_then() {
        let salon = salon();
        assert_eq!(salon.words(&"eve".into()), BTreeSet::from(["101", "105", "E. Pop", "Eva", "Eve"]));
        let meant = |who: &str, number, name, at| salon.is_meant(&who.into(), number, Some(name), Timestamp(at));
        assert!(meant("eve", "101", "Eva", 1500) && meant("eve", "101", "E. Pop", 1500), "she said what she is called");
        assert!(meant("eve", "105", "Eve", 2500) && salon.is_meant(&"eve".into(), "105", None, Timestamp(2500)));
        assert!(!meant("eve", "101", "Dan", 3500) && meant("dan", "101", "Dan", 3500), "it is his extension by then");
        assert!(!meant("dan", "101", "Eva", 1500) && meant("dan", "102", "Dan", 1500));
        assert!(!meant("eve", "101", "Eva", 500), "she was not here");
        assert!(!meant("ion", "101", "Dan", 3500) && !meant("nobody", "101", "Eva", 1500));
    }

    #[test]
    fn where_a_name_is_anothers_too_the_extension_decides() {
        let everyone = [person("eve", "Eve", "105"), person("eve2", "Eve", "106")];
        let salon = Register::of(&everyone, &[]);
        let meant = |who: &str, number| salon.is_meant(&who.into(), number, Some("Eve"), Timestamp(5));
        assert!(meant("eve", "105") && !meant("eve2", "105") && !meant("eve", "106") && meant("eve2", "106"));
        assert!(!meant("eve", "107") && !meant("eve2", "107"), "it may be either");
    }

    #[test]
    fn a_name_that_looks_like_two_is_one() {
        let everyone = [person("pop", "Pop, Ana", "105"), person("ana", "Ana", "106")];
        let salon = Register::of(&everyone, &[]);
        let without = |who: &str| {
            let changes = [("answers", Some("Ana"), Some("Dan, Pop, Ana, Ana"))];
            let entry = entry(5, Deed::NumberChanged, None, &changes);
            salon.without(&who.into(), &entry).map(|left| left[0].after.clone().unwrap_or_default())
        };
        assert_eq!(without("pop").as_deref(), Some("Dan, erased, Ana"));
        assert_eq!(without("ana").as_deref(), Some("Dan, Pop, Ana, erased"));
    }

    #[test]
    fn who_answers_a_number_stands_there_without_them() {
        let (salon, eve) = (salon(), AgentId::from("eve"));
        let named = |at, before, after| {
            let changes = [("answers", Some(before), Some(after)), ("name", Some("Eva"), Some("Sales"))];
            salon.without(&eve, &entry(at, Deed::NumberChanged, None, &changes))
        };
        let left = |before, after| {
            Some(vec![
                Change::new("answers", Some(before), Some(after)),
                Change::new("name", Some("Eva"), Some("Sales")),
            ])
        };
        assert_eq!(named(1500, "Dan", "Dan, Eva, Evander"), left("Dan", "Dan, erased, Evander"));
        assert_eq!(named(2500, "Eve", "Ion"), left("erased", "Ion"));
        assert_eq!(named(2500, "Eva", "Ion"), None, "nobody is called that any more");
        let of_a_person = entry(2500, Deed::PersonChanged, None, &[("answers", Some("Eve"), None)]);
        assert_eq!(salon.without(&eve, &of_a_person), None);
    }
}

//! The laws of comparing.

use proptest::{prelude::*, sample::select};

use super::*;
use switchyard::drift::{Findings, Problem};

const NOW: Timestamp = Timestamp(1_000);

fn urls() -> Urls {
    Urls::new("https://floor.example", &"acme".into())
}

fn before() -> Resource {
    let all = [
        ("status", "in-use"),
        ("emergency_address_status", "unregistered"),
        ("voice_url", "https://old.example/x#rc=2"),
    ];
    Resource(all.map(|(name, value)| (name.to_owned(), value.to_owned())).into())
}

fn number() -> Subject {
    Subject::Number("+40312345678".into())
}

/// An application or a number, and how it should be.
fn anything() -> impl Strategy<Value = (Subject, Wanted)> {
    select(vec![
        (Subject::Application, Wanted::application(&urls())),
        (number(), Wanted::number(&urls(), "AC1", "AP1", &before())),
    ])
}

/// Twilio does as it is asked: names of parameters are those of properties, in capitals.
fn after(mut found: Resource, form: &[(&str, &str)]) -> Resource {
    for (parameter, value) in form {
        let watched = APPLICATION.iter().chain(NUMBER).find(|(_, name)| *name == Some(*parameter));
        found.0.insert(watched.expect("a parameter of ours").0.to_owned(), (*value).to_owned());
    }
    found
}

fn as_wanted(wanted: &Wanted) -> Resource {
    Resource(wanted.0.iter().map(|((field, _), value)| ((*field).to_owned(), value.clone())).collect())
}

proptest! {
    #[test]
    fn what_is_as_it_should_be_does_not_differ(((subject, wanted), extra) in (anything(), "[a-z_]{3,9}")) {
        let mut found = as_wanted(&wanted);
        found.0.entry(extra).or_insert_with(|| "whatever".to_owned());
        prop_assert_eq!(wanted.compare(&subject, &found, NOW), vec![]);
    }

    #[test]
    fn each_property_that_is_changed_is_found_and_no_other(
        (subject, wanted) in anything(),
        which in any::<prop::sample::Index>(),
        theirs in "[ -~]{0,20}",
    ) {
        let ((field, parameter), ours) = which.get(&wanted.0).clone();
        prop_assume!(theirs != ours);
        let mut found = as_wanted(&wanted);
        found.0.insert(field.to_owned(), theirs.clone());
        let repairable = parameter.is_some();
        let expected = Difference { subject: subject.clone(), field: field.to_owned(), ours, theirs, since: NOW, repairable };
        prop_assert_eq!(wanted.compare(&subject, &found, NOW), vec![expected]);
    }

    #[test]
    fn a_repair_leaves_what_cannot_be_repaired_and_nothing_else(
        (subject, wanted) in anything(),
        theirs in prop::collection::vec(prop::option::of("[ -~]{0,9}"), 20),
    ) {
        let mut found = Resource::default();
        for (((field, _), _), value) in wanted.0.iter().zip(theirs) {
            found.0.extend(value.map(|value| ((*field).to_owned(), value)));
        }
        let differ = wanted.compare(&subject, &found, NOW);
        let repaired = after(found.clone(), &wanted.form(None));
        let left = wanted.compare(&subject, &repaired, NOW);
        let hopeless: Vec<Difference> = differ.iter().filter(|one| !one.repairable).cloned().collect();
        prop_assert_eq!(&left, &hopeless);
        // One by one it comes to the same.
        let one_by_one = differ.iter().fold(found, |found, one| after(found, &wanted.form(Some(&one.field))));
        prop_assert_eq!(wanted.compare(&subject, &one_by_one, NOW), hopeless);
    }

    #[test]
    fn a_number_can_be_put_back_exactly(values in prop::collection::vec("[ -~]{0,9}", NUMBER.len()), trunk: bool) {
        let mut before = Resource(NUMBER.iter().map(|(field, _)| (*field).to_owned()).zip(values).collect());
        // Twilio never has both.
        let (field, value) = if trunk { ("voice_application_sid", "") } else { ("trunk_sid", "") };
        before.0.insert(field.to_owned(), value.to_owned());
        let pointed = after(before.clone(), &Wanted::number(&urls(), "AC1", "AP1", &before).form(None));
        let mut back = after(pointed, &Wanted::as_before(&before).form(None));
        if !before.get("trunk_sid").is_empty() {
            // Twilio's own doing.
            back.0.insert("voice_application_sid".to_owned(), String::new());
        }
        let changeable = |resource: &Resource| {
            let fields = NUMBER.iter().filter(|(_, parameter)| parameter.is_some());
            fields.map(|(field, _)| resource.get(field).to_owned()).collect::<Vec<_>>()
        };
        prop_assert_eq!(changeable(&back), changeable(&before));
    }

    #[test]
    fn what_lasts_is_as_old_as_when_it_was_first_found(
        first in 0_i64..100,
        later in 100_i64..200,
        same: bool,
    ) {
        let differing = |theirs: &str| {
            let mut found = as_wanted(&Wanted::application(&urls()));
            found.0.insert("voice_url".to_owned(), theirs.to_owned());
            Wanted::application(&urls()).compare(&Subject::Application, &found, Timestamp(0))
        };
        let problems = || vec![Problem::KeyRevoked { key: "SK1".into() }];
        let before = Findings::new(Timestamp(first), problems(), differing("elsewhere"), None);
        let theirs = if same { "elsewhere" } else { "yet elsewhere" };
        let now = Findings::new(Timestamp(later), problems(), differing(theirs), Some(&before));
        prop_assert_eq!(now.at, Timestamp(later));
        prop_assert_eq!(now.problems[0].1, Timestamp(first));
        prop_assert_eq!(now.differences[0].since, Timestamp(if same { first } else { later }));
    }
}

#[test]
fn every_field_that_facts_name_is_looked_after() {
    let wanted = Wanted::application(&urls());
    let fields: Vec<&str> = wanted.0.iter().map(|((field, _), _)| *field).collect();
    assert_eq!(fields.len(), 13);
    let number = Wanted::number(&urls(), "AC1", "AP1", &before());
    for field in
        ["voice_application_sid", "trunk_sid", "voice_receive_mode", "sms_url", "status_callback", "account_sid"]
    {
        assert!(number.0.iter().any(|((known, _), _)| *known == field), "{field}");
    }
    assert_eq!(number.form(Some("status")), [], "the status of a number is Twilio's");
}

#[test]
fn a_changed_query_or_fragment_is_a_difference() {
    let wanted = Wanted::application(&urls());
    let mut found = as_wanted(&wanted);
    let url = format!("{}#rc=2", urls().inbound());
    found.0.insert("voice_url".into(), url.clone());
    let differ = wanted.compare(&Subject::Application, &found, NOW);
    assert_eq!((differ.len(), differ[0].theirs.as_str()), (1, url.as_str()));
}

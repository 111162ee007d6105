//! The laws of comparing.

use proptest::{prelude::*, sample::select};

use super::*;
use switchyard::drift::{Findings, Part, Problem, Unseen};

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
        let (repairable, acceptable) = (parameter.is_some(), AS_BEFORE.contains(&field));
        let compared = wanted.compare(&subject, &found, NOW);
        let field = field.to_owned();
        let expected = Difference { subject, field, ours, theirs, since: NOW, repairable, acceptable };
        prop_assert_eq!(compared, vec![expected]);
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
    fn what_was_accepted_differs_no_more_and_is_not_put_back(which in select(AS_BEFORE), theirs in "[ -~]{1,20}") {
        let mut accepted = before();
        accepted.0.insert(which.to_owned(), theirs.clone());
        let wanted = |before: &Resource| Wanted::number(&urls(), "AC1", "AP1", before);
        let mut found = as_wanted(&wanted(&before()));
        found.0.insert(which.to_owned(), theirs);
        let differ = wanted(&before()).compare(&number(), &found, NOW);
        prop_assert!(differ.iter().all(|one| one.acceptable && !one.repairable && one.field == which));
        prop_assert_eq!(wanted(&accepted).compare(&number(), &found, NOW), vec![]);
        prop_assert_eq!(Wanted::as_before(&accepted), Wanted::as_before(&before()));
    }

    #[test]
    fn what_cannot_be_looked_at_is_as_it_was_known(
        part in select(vec![Part::Account, Part::Key, Part::Application, Part::Numbers]),
        blind in 1_i64..4,
    ) {
        let differing = |subject: Subject, wanted: &Wanted, field: &str| {
            let mut found = as_wanted(wanted);
            found.0.insert(field.to_owned(), "elsewhere".to_owned());
            wanted.compare(&subject, &found, NOW)
        };
        let all_differences = || {
            let of_number = Wanted::number(&urls(), "AC1", "AP1", &before());
            let mut all = differing(Subject::Application, &Wanted::application(&urls()), "voice_url");
            all.extend(differing(number(), &of_number, "sms_url"));
            all
        };
        let all_problems = || vec![Problem::KeyRevoked { key: "SK1".into() }, Problem::NumberGone { number: "+1".into() }];
        let first = Findings::new(Timestamp(1), all_problems(), all_differences(), None);
        let mut last = first.clone();
        for n in 0..blind {
            let blind = Findings::new(Timestamp(10 + n), vec![Problem::Unreachable], Vec::new(), Some(&last)).unseen_from(part, &last);
            // Once with all that could be seen before: what was not among it is kept, and nothing is known twice.
            prop_assert_eq!(blind.problems.clone(), vec![(Problem::Unreachable, Timestamp(10))]);
            let kept = blind.unseen.differences.len();
            prop_assert_eq!(kept, match part { Part::Numbers => 1, _ => 2 });
            prop_assert_eq!(blind.unseen.problems.len(), if part <= Part::Key { 2 } else { 1 });
            last = blind;
        }
        let seen = Findings::new(Timestamp(99), all_problems(), all_differences(), Some(&last));
        prop_assert_eq!(&seen.unseen, &Unseen::default());
        for one in seen.differences.iter().filter(|one| part <= Part::Application || one.subject == number()) {
            prop_assert_eq!(one.since, Timestamp(1), "it is as old as when it was first seen: {:?}", one);
        }
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
    let of_applications = [
        "voice_url",
        "voice_method",
        "voice_fallback_url",
        "voice_fallback_method",
        "status_callback",
        "status_callback_method",
        "sms_url",
        "sms_method",
        "sms_fallback_url",
        "sms_fallback_method",
        "message_status_callback",
        "api_version",
        "public_application_connect_enabled",
    ];
    assert_eq!(fields, of_applications);
    let number = Wanted::number(&urls(), "AC1", "AP1", &before());
    let mut fields: Vec<&str> = number.0.iter().map(|((field, _), _)| *field).collect();
    fields.sort_unstable();
    // Without the voice URLs: a number that names an application has none.
    let of_numbers = [
        "account_sid",
        "bundle_sid",
        "capabilities.sms",
        "capabilities.voice",
        "emergency_address_status",
        "sms_application_sid",
        "sms_fallback_method",
        "sms_fallback_url",
        "sms_method",
        "sms_url",
        "status",
        "status_callback",
        "status_callback_method",
        "trunk_sid",
        "voice_application_sid",
        "voice_receive_mode",
    ];
    assert_eq!(fields, of_numbers);
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

//! What is different between something as it was and as it is.

use super::Change;
use crate::{
    drift::{Difference, Subject},
    numbers::Number,
    people::{Account, Fallback, Language},
    ports::Connection,
};

/// What is known of something, by the names of its properties in forms or at the carrier.
pub type Known<const N: usize> = [(&'static str, Option<String>); N];

/// What is different between two states of something: nothing is known of what was not there, or is not there any more.
pub fn between<const N: usize>(before: Option<&Known<N>>, after: Option<&Known<N>>) -> Vec<Change> {
    let value = |known: Option<&Known<N>>, at: usize| known?.get(at)?.1.clone();
    let names = after.or(before).into_iter().flatten().map(|(what, _)| *what).enumerate();
    names
        .map(|(at, what)| Change { what: what.to_owned(), before: value(before, at), after: value(after, at) })
        .filter(|change| change.before != change.after)
        .collect()
}

/// What is different between two accounts of somebody, or is set for somebody new.
pub fn differences(before: Option<&Account>, after: &Account) -> Vec<Change> {
    between(before.map(known).as_ref(), Some(&known(after)))
}

/// What is different between a number as it was and as it is, by the names of the form's fields.
pub fn number_differences(before: &Number, after: &Number, everyone: &[Account]) -> Vec<Change> {
    let names = |number: &Number| {
        let agents = number.answered_by.as_ref()?;
        let answering = everyone.iter().filter(|account| agents.contains(&account.profile.id));
        Some(answering.map(|account| account.profile.name.as_str()).collect::<Vec<_>>().join(", "))
    };
    let known = |number: &Number| {
        [
            ("name", Some(number.label.clone())),
            ("answers", names(number)),
            ("hours", number.hours.as_ref().map(ToString::to_string)),
            ("default", number.is_default.then(|| number.number.clone())),
        ]
    };
    between(Some(&known(before)), Some(&known(after)))
}

/// What is different in how a workspace is connected with its carrier. That a secret is another one is told elsewhere.
pub fn connection_differences(before: Option<&Connection>, after: &Connection) -> Vec<Change> {
    let known = |connection: &Connection| {
        [
            ("account", Some(connection.account.clone())),
            ("key", connection.key.clone()),
            ("application", connection.application.clone()),
            ("countries", Some(connection.countries.clone())),
        ]
    };
    between(before.map(known).as_ref(), Some(&known(after)))
}

/// Which numbers ring here, if those are others than before.
pub fn ringing(before: &[String], after: &[String]) -> Option<Change> {
    let said = |numbers: &[String]| Some(numbers.join(" ")).filter(|numbers| !numbers.is_empty());
    (before != after).then(|| Change { what: "numbers".to_owned(), before: said(before), after: said(after) })
}

/// What is different at the carrier once these were put right: theirs is what was, ours is what is.
pub fn repaired(differences: &[Difference]) -> Vec<Change> {
    let ours = differences.iter().filter(|one| one.repairable);
    ours.map(|one| Change::new(&property(one), Some(&one.theirs), Some(&one.ours))).collect()
}

/// What differs at the carrier: the number, if it is one's, and the property.
pub(super) fn property(difference: &Difference) -> String {
    match &difference.subject {
        Subject::Application => difference.field.clone(),
        Subject::Number(number) => format!("{number} {}", difference.field),
    }
}

/// What is known of somebody, by the names of the form's fields.
fn known(account: &Account) -> Known<8> {
    [
        ("name", Some(account.profile.name.clone())),
        ("email", Some(account.email.clone())),
        ("extension", Some(account.profile.extension.clone())),
        ("role", Some(account.profile.role.code().to_owned())),
        ("language", account.language.map(|language| Language::code(language).to_owned())),
        (
            "fallback",
            match &account.fallback {
                Fallback::Nowhere => None,
                Fallback::Voicemail => Some("voicemail".to_owned()),
                Fallback::Mobile(number) => Some(number.clone()),
            },
        ),
        ("caller_id", account.caller_id.clone()),
        ("standing", Some(account.standing().code().to_owned())),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        agent::{Profile, Role},
        hours::{Hours, Span},
        id::AgentId,
        time::Timestamp,
    };

    fn ana() -> Account {
        Account {
            workspace: "salon".into(),
            profile: Profile { id: "ana".into(), name: "Ana".into(), extension: "101".into(), role: Role::Agent },
            email: "ana@salon.example".into(),
            language: None,
            fallback: Fallback::Nowhere,
            caller_id: None,
            joined: None,
            deactivated: None,
        }
    }

    #[test]
    fn only_what_was_changed_is_noted() {
        assert_eq!(differences(Some(&ana()), &ana()), []);
        let mut changed = ana();
        (changed.profile.role, changed.fallback) = (Role::Admin, Fallback::Mobile("+40722000001".into()));
        assert_eq!(
            differences(Some(&ana()), &changed),
            [Change::new("role", Some("agent"), Some("admin")), Change::new("fallback", None, Some("+40722000001"))]
        );
    }

    #[test]
    fn that_somebody_came_and_left_is_a_change_of_what_is_known_of_them() {
        let joined = Account { joined: Some(Timestamp(1)), ..ana() };
        let left = Account { deactivated: Some(Timestamp(2)), ..joined.clone() };
        assert_eq!(differences(Some(&ana()), &joined), [Change::new("standing", Some("invited"), Some("active"))]);
        assert_eq!(differences(Some(&joined), &left), [Change::new("standing", Some("active"), Some("deactivated"))]);
    }

    #[test]
    fn of_a_number_it_is_noted_who_answers_and_when() {
        let before = Number::named("+40312345678", "Bookings");
        assert_eq!(number_differences(&before, &before, &[ana()]), []);
        let mut hours = Hours::default();
        hours.0[0] = vec![Span { from: 540, to: 1020 }];
        hours.0[1] = hours.0[0].clone();
        let answered_by = Some([AgentId::from("ana")].into());
        let after = Number { answered_by, hours: Some(hours), is_default: true, ..before.clone() };
        assert_eq!(
            number_differences(&before, &after, &[ana()]),
            [
                Change::new("answers", None, Some("Ana")),
                Change::new("hours", None, Some("mon–tue 09:00–17:00")),
                Change::new("default", None, Some("+40312345678")),
            ]
        );
    }

    #[test]
    fn of_somebody_new_everything_that_is_set_is_noted() {
        let set: Vec<String> = differences(None, &ana()).into_iter().map(|change| change.what).collect();
        assert_eq!(set, ["name", "email", "extension", "role", "standing"]);
    }

    #[test]
    fn what_is_gone_was_something_and_is_nothing() {
        let known = [("name", Some("CRM".to_owned())), ("note", None)];
        assert_eq!(between(Some(&known), None), [Change::new("name", Some("CRM"), None)]);
        assert_eq!(between::<1>(None, None), []);
    }

    #[test]
    fn of_numbers_the_set_before_and_the_set_since_are_noted() {
        let [one, two] = ["+40312345678", "+40312345679"].map(str::to_owned);
        assert_eq!(ringing(std::slice::from_ref(&one), std::slice::from_ref(&one)), None);
        let both = Change::new("numbers", None, Some("+40312345678 +40312345679"));
        assert_eq!(ringing(&[], &[one.clone(), two.clone()]), Some(both));
        assert_eq!(ringing(std::slice::from_ref(&two), &[]), Some(Change::new("numbers", Some(&two), None)));
    }

    #[test]
    fn what_was_put_right_was_theirs_and_is_ours() {
        let difference = |subject, field: &str, repairable| Difference {
            subject,
            field: field.into(),
            ours: "ours".into(),
            theirs: "theirs".into(),
            since: Timestamp(1),
            repairable,
        };
        let number = Subject::Number("+40312345678".into());
        let found = [
            difference(Subject::Application, "voice_url", true),
            difference(number.clone(), "sms_url", true),
            difference(number, "status", false),
        ];
        let put_right = |what| Change::new(what, Some("theirs"), Some("ours"));
        assert_eq!(repaired(&found), [put_right("voice_url"), put_right("+40312345678 sms_url")]);
    }
}

//! What is different since something was done, in words.

use leptos::prelude::*;
use switchyard::{
    agent::Role,
    audit::{Change, Deed},
    drift::Problem,
    people::Standing,
    setting::Setting,
    webhooks::Off,
};

use super::{
    super::{
        floor_settings::label,
        twilio::words::{problem, property},
    },
    told,
};
use crate::{lang::Lang, say, words};

/// One difference: what, as it was, as it is.
pub(super) fn difference(lang: Lang, deed: Deed, change: &Change) -> impl IntoView + use<> {
    let what = match change.what.as_str() {
        "name" => say!(lang, people.name),
        "email" => say!(lang, people.email),
        "extension" => say!(lang, people.extension),
        "role" => say!(lang, people.role),
        "language" => say!(lang, person.language),
        "fallback" => say!(lang, person.fallback),
        "caller_id" => say!(lang, person.caller_id),
        // Of a person it is which numbers they answer, of a number who answers it.
        "answers" if deed == Deed::PersonChanged => say!(lang, person.answers),
        "answers" => say!(lang, numbers.answered_by),
        "hours" => say!(lang, numbers.hours),
        "default" => say!(lang, numbers.default),
        "zone" => say!(lang, numbers.zone),
        "countries" => say!(lang, twilio.countries),
        "scopes" => say!(lang, api.scopes),
        "days" => say!(lang, privacy.days),
        "message_days" => say!(lang, privacy.message_days),
        "audit_days" => say!(lang, privacy.audit_days),
        "delivery_days" => say!(lang, privacy.delivery_days),
        "url" => say!(lang, webhooks.url),
        "events" => say!(lang, webhooks.events),
        "reason" => say!(lang, audit.reason),
        "problem" => say!(lang, audit.problem),
        "standing" | "state" => say!(lang, people.state),
        "numbers" => say!(lang, twilio.numbers),
        "account" => say!(lang, twilio.account_sid),
        "auth_token" => say!(lang, twilio.auth_token),
        "key" => say!(lang, twilio.key_sid),
        "application" => say!(lang, twilio.the_application),
        "country" => say!(lang, welcome.country),
        "sealing_key" => say!(lang, audit.sealing_key),
        "taken" => say!(lang, audit.taken),
        // Twilio's own names are read below.
        other => {
            let setting = Setting::ALL.into_iter().find(|setting| setting.name() == other);
            setting.map_or(other, |setting| label(lang, setting))
        }
    };
    let what = property(lang, what);
    // What is not restricted has no value.
    let unset = match change.what.as_str() {
        "answers" if deed == Deed::NumberChanged => say!(lang, numbers.everybody),
        "hours" => say!(lang, numbers.always),
        "days" | "audit_days" => say!(lang, privacy.for_ever),
        "message_days" => say!(lang, privacy.as_history),
        "fallback" => say!(lang, person.nowhere),
        _ => say!(lang, audit.nothing),
    };
    let value = |value: &Option<String>| {
        let value = value.as_deref().filter(|value| !value.is_empty())?;
        // Everything else that can be chosen there is a number.
        if change.what == "fallback" && value != "voicemail" {
            return Some(format!("{}: {value}", say!(lang, person.mobile)));
        }
        if change.what == "problem" {
            return Some(Problem::read(value).map_or_else(|| value.to_owned(), |found| problem(lang, &found)));
        }
        if change.what == "answers" && deed == Deed::NumberChanged {
            return Some(value.split(", ").map(|name| told(lang, name)).collect::<Vec<_>>().join(", "));
        }
        Some(
            match change.what.as_str() {
                "role" => Role::ALL
                    .into_iter()
                    .find(|role| role.code() == value)
                    .map_or(value, |role| words::role(lang, role)),
                "fallback" if value == "voicemail" => say!(lang, person.voicemail),
                "standing" if value == Standing::Invited.code() => say!(lang, people.invited),
                "standing" if value == Standing::Active.code() => say!(lang, people.active),
                "standing" if value == Standing::Deactivated.code() => say!(lang, people.deactivated),
                "state" if value == "on" => say!(lang, webhooks.on),
                "state" if value == "off" => say!(lang, webhooks.off),
                "reason" if value == Off::Gone.code() => say!(lang, audit.reason_gone),
                "reason" if value == Off::Failing.code() => say!(lang, audit.reason_failing),
                _ => value,
            }
            .to_owned(),
        )
    };
    let is_new = matches!(
        deed,
        Deed::WorkspaceFounded
            | Deed::PersonInvited
            | Deed::ApiTokenMade
            | Deed::TwilioConnected
            | Deed::NumberBought
            | Deed::WebhookAdded
            | Deed::BackupMade
            | Deed::BackupRestored
            | Deed::WebhookSwitchedOff
    );
    // A secret that is another one now; what was cleared is empty, and not untold.
    let is_untold = change.before.is_none() && change.after.is_none();
    let before = value(&change.before).or_else(|| (!is_new && !is_untold).then(|| unset.to_owned()));
    let untold = is_untold.then(|| say!(lang, audit.untold));
    let after = value(&change.after).unwrap_or_else(|| untold.unwrap_or(unset).to_owned());
    view! {
        <span class="quiet">{what}": "</span>
        {before.map(|before| view! { <del>{before}</del>" → " })}
        <ins>{after}</ins>
    }
}

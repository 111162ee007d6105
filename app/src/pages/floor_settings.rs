//! `/settings/floor`: how long phones ring, how calls are parked, and how many may be placed.

use leptos::prelude::*;
use switchyard::{floor::Settings, setting::Setting};

use super::{
    denied::for_whoever_may,
    settings::{SettingsPage, Tab},
};
use crate::{
    api::rules::rules,
    form::{Field, FormNews},
    lang::{Lang, use_lang},
    say,
};

/// The page.
#[component]
pub(crate) fn FloorSettingsPage() -> impl IntoView {
    let lang = use_lang();
    super::sign_in::require("/settings/floor");
    view! {
        <SettingsPage title=say!(lang, rules.title) here=Tab::Floor>
            <Suspense>
                {Suspend::new(async move {
                    for_whoever_may(rules().await, say!(lang, floor.failed), |settings| view! { <Form settings /> })
                })}
            </Suspense>
        </SettingsPage>
    }
}

#[component]
fn Form(settings: Settings) -> impl IntoView {
    let lang = use_lang();
    let ringing = [Setting::Ring, Setting::Missed, Setting::WrapUp, Setting::Rejoin];
    let parking = [Setting::Slots, Setting::Park, Setting::Recall];
    let placing = [Setting::DialsPerAgent, Setting::DialsPerFloor];
    view! {
        <h1>{say!(lang, rules.title)}</h1>
        <p class="quiet">{say!(lang, rules.lead)}</p>
        <FormNews />
        <form method="post" action="/settings/floor">
            {group(lang, say!(lang, rules.ringing), &settings, &ringing)}
            {group(lang, say!(lang, rules.parking), &settings, &parking)}
            {group(lang, say!(lang, rules.placing), &settings, &placing)}
            <p class="form-end"><button class="button primary">{say!(lang, person.save)}</button></p>
        </form>
    }
}

fn group(lang: Lang, words: &'static str, settings: &Settings, group: &[Setting]) -> impl IntoView + use<> {
    let fields = group
        .iter()
        .map(|setting| {
            let (least, most) = setting.bounds();
            let bounds = say!(lang, rules.bounds, least = least, most = most);
            let hint = match setting {
                Setting::Missed | Setting::WrapUp => format!("{bounds} {}", say!(lang, rules.never)),
                _ => bounds,
            };
            let known = settings.get(*setting).to_string();
            view! { <Field name=setting.name() label=label(lang, *setting) known inputmode="numeric" hint /> }
        })
        .collect_view();
    view! {
        <div class="panel fields">
            <h2>{words}</h2>
            {fields}
        </div>
    }
}

/// What a setting is called, here and in the audit log.
pub(super) fn label(lang: Lang, setting: Setting) -> &'static str {
    match setting {
        Setting::Ring => say!(lang, rules.ring_secs),
        Setting::WrapUp => say!(lang, rules.wrap_up_secs),
        Setting::Missed => say!(lang, rules.missed_limit),
        Setting::Rejoin => say!(lang, rules.rejoin_secs),
        Setting::Slots => say!(lang, rules.slots),
        Setting::Park => say!(lang, rules.park_secs),
        Setting::Recall => say!(lang, rules.recall_secs),
        Setting::DialsPerAgent => say!(lang, rules.dials_per_agent),
        Setting::DialsPerFloor => say!(lang, rules.dials_per_floor),
    }
}

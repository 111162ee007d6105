//! `/settings/log`: what was done as administrators do, the newest first, a page at a time.

mod difference;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use switchyard::{
    audit::{Actor, Deed, Entry},
    history::ERASED,
    rights::Right,
};

use self::difference::difference;
use super::{
    denied::for_whoever_may,
    settings::{SettingsPage, Tab},
    twilio::words::property,
};
use crate::{
    api::{AskError, visit::Visit},
    lang::{Lang, use_lang},
    say,
    ui::{
        moment::Moment,
        table::{Pages, Table},
    },
};

/// The page.
const PATH: &str = "/settings/log";
/// How many entries a page shows.
const PAGE: u32 = 50;

/// Entries with their numbers, and the number below which the next page begins.
type Entries = (Vec<(i64, Entry)>, Option<i64>);

/// The log.
#[component]
pub(crate) fn AuditPage() -> impl IntoView {
    let lang = use_lang();
    super::sign_in::require(PATH);
    let below: Option<i64> = use_query_map().with_untracked(|query| query.get("below")?.parse().ok());
    view! {
        <SettingsPage title=say!(lang, audit.title) here=Tab::Audit>
            <Suspense>
                {Suspend::new(async move {
                    for_whoever_may(entries(below).await, say!(lang, audit.failed), move |entries| view! { <Log entries first=below.is_none() /> })
                })}
            </Suspense>
        </SettingsPage>
    }
}

/// What whoever asks may read; `None` is nothing.
async fn entries(below: Option<i64>) -> Result<Option<Entries>, AskError> {
    let (visit, session) = Visit::signed_in()?;
    if !session.role.may(Right::ReadLog) {
        return Ok(None);
    }
    // One more than is shown says whether there is another page.
    let read = visit.store.audit(&session.workspace, below, PAGE + 1).await;
    let mut entries = read.map_err(|_| AskError::Unavailable.answered())?;
    let more = entries.len() > PAGE as usize;
    entries.truncate(PAGE as usize);
    let older = entries.last().filter(|_| more).map(|(id, _)| *id);
    Ok(Some((entries, older)))
}

#[component]
fn Log(entries: Entries, first: bool) -> impl IntoView {
    let lang = use_lang();
    let (entries, older) = entries;
    let empty = entries.is_empty();
    let heads = [say!(lang, audit.when), say!(lang, audit.who), say!(lang, audit.what)];
    let newest = (!first).then(|| (PATH.to_owned(), say!(lang, audit.newest)));
    let older = older.map(|older| (format!("{PATH}?below={older}"), say!(lang, audit.older)));
    let rows = entries.iter().map(|(_, entry)| row(lang, entry)).collect_view();
    view! {
        <div class="settings-head">
            <div>
                <h1>{say!(lang, audit.title)}</h1>
                <p class="quiet">{say!(lang, audit.lead)}</p>
            </div>
        </div>
        {empty.then(|| view! { <div class="empty"><p>{say!(lang, audit.empty)}</p></div> })}
        {(!empty).then(|| view! { <Table label=say!(lang, audit.title) heads class="log">{rows}</Table> })}
        <Pages label=say!(lang, audit.title) first=newest next=older />
    }
}

fn row(lang: Lang, entry: &Entry) -> impl IntoView + use<> {
    let who = match &entry.by {
        Actor::Person { name, .. } => told(lang, name),
        Actor::Command => say!(lang, audit.by_command).to_owned(),
        Actor::Server => say!(lang, audit.by_server).to_owned(),
    };
    let changes =
        entry.changes.iter().map(|change| view! { <li>{difference(lang, entry.deed, change)}</li> }).collect_view();
    view! {
        <tr>
            <td><Moment at=entry.at /></td>
            <td>{who}</td>
            <th scope="row">
                <span class="log-deed">{deed(lang, entry)}</span>
                {(!entry.changes.is_empty()).then(|| view! { <ul class="log-changes">{changes}</ul> })}
            </th>
        </tr>
    }
}

/// What was done, in words.
fn deed(lang: Lang, entry: &Entry) -> String {
    let subject = told(lang, &entry.subject);
    match entry.deed {
        Deed::WorkspaceFounded => say!(lang, audit.workspace_founded, subject = subject),
        Deed::WorkspaceRenamed => say!(lang, audit.workspace_renamed, subject = subject),
        Deed::PersonInvited => say!(lang, audit.person_invited, subject = subject),
        Deed::PersonChanged => say!(lang, audit.person_changed, subject = subject),
        Deed::LinkMade => say!(lang, audit.link_made, subject = subject),
        Deed::LinkUsed => say!(lang, audit.link_used, subject = subject),
        Deed::PersonDeactivated => say!(lang, audit.person_deactivated, subject = subject),
        Deed::PersonReactivated => say!(lang, audit.person_reactivated, subject = subject),
        Deed::PasswordChanged => say!(lang, audit.password_changed).to_owned(),
        Deed::SignedOutEverywhere => say!(lang, audit.signed_out_everywhere).to_owned(),
        Deed::TwilioConnected => say!(lang, audit.twilio_connected, subject = subject),
        Deed::NumbersChosen if subject.is_empty() => say!(lang, audit.numbers_none).to_owned(),
        Deed::NumbersChosen => say!(lang, audit.numbers_chosen, subject = subject),
        Deed::NumberForgotten => say!(lang, audit.number_forgotten, subject = subject),
        Deed::NumberChanged => say!(lang, audit.number_changed, subject = subject),
        Deed::NumberBought => say!(lang, audit.number_bought, subject = subject),
        Deed::NumberReleased => say!(lang, audit.number_released, subject = subject),
        Deed::ZoneChanged => say!(lang, audit.zone_changed).to_owned(),
        Deed::NumbersRestored => say!(lang, audit.numbers_restored).to_owned(),
        Deed::TwilioRepaired if subject.is_empty() => say!(lang, audit.twilio_set_up).to_owned(),
        Deed::TwilioRepaired => say!(lang, audit.twilio_repaired, subject = property(lang, &subject)),
        Deed::KeyReplaced => say!(lang, audit.key_replaced).to_owned(),
        Deed::TokenMade => say!(lang, audit.token_made).to_owned(),
        Deed::TokenReplaced => say!(lang, audit.token_replaced).to_owned(),
        Deed::ApiTokenMade => say!(lang, audit.api_token_made, subject = subject),
        Deed::ApiTokenRevoked => say!(lang, audit.api_token_revoked, subject = subject),
        Deed::WebhookAdded => say!(lang, audit.webhook_added, subject = subject),
        Deed::WebhookChanged => say!(lang, audit.webhook_changed, subject = subject),
        Deed::WebhookSwitchedOn => say!(lang, audit.webhook_switched_on, subject = subject),
        Deed::WebhookSwitchedOff => say!(lang, audit.webhook_switched_off, subject = subject),
        Deed::WebhookRemoved => say!(lang, audit.webhook_removed, subject = subject),
        Deed::WebhookSecretReplaced => say!(lang, audit.webhook_secret_replaced, subject = subject),
        Deed::WebhookTested => say!(lang, audit.webhook_tested, subject = subject),
        Deed::WebhookSentAgain => say!(lang, audit.webhook_sent_again, subject = subject),
        Deed::SecretsResealed if subject.is_empty() => say!(lang, audit.secrets_resealed).to_owned(),
        Deed::SecretsResealed => say!(lang, audit.webhook_secret_resealed, subject = subject),
        Deed::BackupMade => say!(lang, audit.backup_made).to_owned(),
        Deed::BackupRestored => say!(lang, audit.backup_restored).to_owned(),
        Deed::DataExported => say!(lang, audit.data_exported, subject = subject),
        Deed::RetentionChanged => say!(lang, audit.retention_changed).to_owned(),
        Deed::FloorConfigured => say!(lang, audit.floor_configured).to_owned(),
        Deed::MessageDeleted if subject.is_empty() => say!(lang, audit.message_deleted_erased).to_owned(),
        Deed::MessageDeleted => say!(lang, audit.message_deleted, subject = subject),
        Deed::ContactErased => say!(lang, audit.contact_erased).to_owned(),
        Deed::PersonErased => say!(lang, audit.person_erased).to_owned(),
        Deed::DriftFound => say!(lang, audit.drift_found).to_owned(),
        Deed::DriftAccepted => say!(lang, audit.drift_accepted, subject = property(lang, &subject)),
    }
}

/// Whom or what it was about, unless they were erased since.
fn told(lang: Lang, subject: &str) -> String {
    if subject == ERASED { say!(lang, audit.somebody_erased).to_owned() } else { subject.to_owned() }
}

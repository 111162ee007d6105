//! `switchyard gdpr retention`: how long a workspace keeps things, and for how long it is to. By the rules of the page.

use std::collections::BTreeMap;

use serde_json::json;
use switchyard::{audit::Actor, id::WorkspaceId, people::Fault, retention::Retention};

use super::{RIGHT, UNKNOWN, people::table};
use crate::{config::Keep, retention::choose, twilio::setup::Setup};

/// What nothing is called at a command line: kept for ever.
const FOR_EVER: &str = "forever";
/// And messages, as long as the history.
const AS_HISTORY: &str = "history";

/// Shows how long things are kept, after choosing what is said of it. Gives what is to be printed, and the exit code: 0 it
/// is so, 2 nothing was changed.
pub async fn retention(setup: &Setup, workspace: &WorkspaceId, keep: &Keep, as_json: bool) -> (String, u8) {
    match done(setup, workspace, keep).await {
        Ok(kept) => (if as_json { json_of(workspace, kept) } else { text_of(kept) }, RIGHT),
        Err(why) => (format!("{workspace}: {why}"), UNKNOWN),
    }
}

async fn done(setup: &Setup, workspace: &WorkspaceId, keep: &Keep) -> Result<Retention, String> {
    let workspaces = setup.store.workspaces().await.map_err(|error| error.to_string())?;
    if workspaces.iter().all(|one| one.id != *workspace) {
        return Err("there is no such workspace".to_owned());
    }
    let before = setup.store.retention(workspace).await.map_err(|error| error.to_string())?;
    let said = options(keep).into_iter().filter_map(|(option, field, typed)| {
        let none = if option == "--messages" { AS_HISTORY } else { FOR_EVER };
        typed.map(|typed| (field.to_owned(), if typed == none { String::new() } else { typed.clone() }))
    });
    let mut fields: BTreeMap<String, String> =
        before.fields().map(|(field, days)| (field.to_owned(), days)).into_iter().collect();
    fields.extend(said);
    choose(setup, workspace, Actor::Command, &fields).await.map_err(|faults| said_of(&faults, keep))
}

/// Each option, the field of the page's form that it is, and what was said.
fn options(keep: &Keep) -> [(&'static str, &'static str, Option<&String>); 4] {
    [
        ("--history", "days", keep.history.as_ref()),
        ("--messages", "message_days", keep.messages.as_ref()),
        ("--log", "audit_days", keep.log.as_ref()),
        ("--deliveries", "delivery_days", keep.deliveries.as_ref()),
    ]
}

/// What is wrong, by the names of the options.
fn said_of(faults: &[Fault], keep: &Keep) -> String {
    let said = faults.iter().map(|fault| {
        let option = options(keep).into_iter().find(|(_, field, _)| fault.field() == Some(*field));
        let why = match fault {
            Fault::DaysUnfit => "a number of days, or `forever`",
            Fault::MessageDaysUnfit => "a number of days, no longer than the history is kept, or `history`",
            Fault::AuditDaysUnfit => "90 days or more, or `forever`",
            Fault::DeliveryDaysUnfit => "4 to 365 days",
            _ => "nothing was saved: the database cannot be reached",
        };
        option.map_or_else(|| why.to_owned(), |(option, ..)| format!("{option}: {why}"))
    });
    said.collect::<Vec<_>>().join("; ")
}

fn text_of(kept: Retention) -> String {
    let Retention { calls, messages, audit, deliveries } = kept;
    let days = |days: Option<u32>, none: &str| days.map_or_else(|| none.to_owned(), |days| format!("{days} days"));
    let rows = [
        ("history", days(calls, "for ever")),
        ("messages", days(messages, "as long as the history")),
        ("log", days(audit, "for ever")),
        ("deliveries", days(Some(deliveries), "")),
    ];
    table(["what", "kept"], &rows.map(|(what, kept)| [what.to_owned(), kept]))
}

/// In days; null is for ever, and for messages as long as the history.
fn json_of(workspace: &WorkspaceId, kept: Retention) -> String {
    let Retention { calls, messages, audit, deliveries } = kept;
    json!({ "workspace": workspace, "history": calls, "messages": messages, "log": audit, "deliveries": deliveries })
        .to_string()
}

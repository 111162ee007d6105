//! Changing what a number is called, who answers it and when; and the workspace's time zone.

use std::collections::{BTreeMap, BTreeSet};

use axum::{
    Form,
    extract::{Path, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use switchyard::{
    audit::{Change, Deed, number_differences},
    hours::{Day, Hours, Span, spans},
    id::AgentId,
    numbers::Number,
    people::{self, Account, Fault, Standing},
    ports::Session,
};

use super::{home, path_of, staff, zones};
use crate::{
    forms::{Fields, again, field},
    people::trouble,
    settings::Allowed,
    state::Deps,
};

/// The list.
const LIST: &str = "/settings/numbers";

/// `POST /settings/numbers`: the time zone of all opening hours.
pub async fn zone(State(deps): State<Deps>, Allowed(session): Allowed, parts: Parts, Form(fields): Fields) -> Response {
    match set_zone(&deps, &session, field(&fields, "zone")).await {
        Ok(()) => Redirect::to(&format!("{LIST}?done=saved")).into_response(),
        Err(fault) => again(&deps, parts, LIST, fields, vec![fault]).await,
    }
}

async fn set_zone(deps: &Deps, session: &Session, zone: &str) -> Result<(), Fault> {
    if !zones().iter().any(|known| known == zone) {
        return Err(Fault::ZoneUnknown);
    }
    let mut home = home(deps, &session.workspace).await.map_err(|error| trouble(&error))?.ok_or(Fault::NotAllowed)?;
    let before = home.zone.replace(zone.to_owned());
    deps.store.put_workspace(&home).await.map_err(|error| trouble(&error))?;
    if before.as_deref() != Some(zone) {
        let changes = vec![Change::new("zone", before.as_deref(), Some(zone))];
        deps.note(session, Deed::ZoneChanged, "", changes).await;
    }
    Ok(())
}

/// `POST /settings/numbers/{number}`.
pub async fn edit(
    State(deps): State<Deps>,
    Allowed(session): Allowed,
    Path(digits): Path<String>,
    parts: Parts,
    Form(fields): Fields,
) -> Response {
    let path = path_of(&digits);
    match change(&deps, &session, &digits, &fields).await {
        Ok(true) => Redirect::to(&format!("{path}?done=saved")).into_response(),
        Ok(false) => StatusCode::NOT_FOUND.into_response(),
        Err(faults) => again(&deps, parts, &path, fields, faults).await,
    }
}

/// Answers whether there is such a number.
async fn change(
    deps: &Deps,
    session: &Session,
    digits: &str,
    fields: &BTreeMap<String, String>,
) -> Result<bool, Vec<Fault>> {
    let (workspace, unavailable) = (&session.workspace, |error| vec![trouble(&error)]);
    // Who answers is changed from people's pages too.
    let _turn = deps.people.lock().await;
    let numbers = deps.store.numbers(workspace).await.map_err(unavailable)?;
    let Some(known) = numbers.into_iter().find(|known| known.number.strip_prefix('+') == Some(digits)) else {
        return Ok(false);
    };
    let everyone = deps.store.accounts(workspace).await.map_err(unavailable)?;
    let changed = read(known.clone(), &everyone, fields)?;
    deps.store.put_number(workspace, &changed).await.map_err(unavailable)?;
    let differences = number_differences(&known, &changed, &everyone);
    if !differences.is_empty() {
        deps.note(session, Deed::NumberChanged, &changed.number, differences).await;
    }
    staff(deps, workspace).await.map_err(|_| vec![Fault::FloorBehind])?;
    Ok(true)
}

/// The number as the form says it should be; all that is wrong with it at once.
fn read(known: Number, everyone: &[Account], fields: &BTreeMap<String, String>) -> Result<Number, Vec<Fault>> {
    let typed = |name: &str| field(fields, name).trim();
    let label = people::name(typed("name"));
    let answered_by = if typed("answers") == "chosen" { chosen(&known, everyone, fields).map(Some) } else { Ok(None) };
    let hours = if typed("open") == "weekly" { week(fields).map(Some) } else { Ok(None) };
    match (label, answered_by, hours) {
        (Ok(label), Ok(answered_by), Ok(hours)) => {
            Ok(Number { label, answered_by, hours, is_default: !typed("default").is_empty(), ..known })
        }
        (label, answered_by, hours) => {
            let mut faults: Vec<Fault> = [label.err(), answered_by.err()].into_iter().flatten().collect();
            faults.extend(hours.err().into_iter().flatten());
            Err(faults)
        }
    }
}

/// Those who are ticked; and whoever answered it before they left, should they come back.
fn chosen(known: &Number, everyone: &[Account], fields: &BTreeMap<String, String>) -> Result<BTreeSet<AgentId>, Fault> {
    let is_ticked = |account: &&Account| !field(fields, &format!("agent-{}", account.profile.id)).is_empty();
    let (left, here): (Vec<_>, Vec<_>) =
        everyone.iter().partition(|account| account.standing() == Standing::Deactivated);
    let ticked: Vec<&Account> = here.into_iter().filter(is_ticked).collect();
    if ticked.is_empty() {
        return Err(Fault::NobodyAnswers);
    }
    let returning = left.into_iter().filter(|account| known.names(&account.profile.id));
    Ok(ticked.into_iter().chain(returning).map(|account| account.profile.id.clone()).collect())
}

fn week(fields: &BTreeMap<String, String>) -> Result<Hours, Vec<Fault>> {
    let typed = |day: Day, bound: &str| field(fields, &format!("{}-{bound}", day.code())).trim();
    let on = |day| -> Result<Vec<Span>, Fault> {
        let typed = [(typed(day, "from"), typed(day, "to")), (typed(day, "from-2"), typed(day, "to-2"))];
        spans(typed).ok_or(Fault::HoursUnfit(day))
    };
    let days = Day::ALL.map(on);
    let faults: Vec<Fault> = days.iter().filter_map(|day| day.as_ref().err().copied()).collect();
    if faults.is_empty() { Ok(Hours(days.map(Result::unwrap_or_default))) } else { Err(faults) }
}

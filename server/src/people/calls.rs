//! Which numbers somebody answers, and which one they show. It is about numbers as much as about them, so that whoever
//! changes it must be allowed both.

use std::collections::BTreeMap;

use axum::{
    Form,
    extract::{Path, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use switchyard::{
    audit::{self, Change, Deed},
    id::AgentId,
    numbers::Number,
    people::{self, Account, Fault, Standing},
    ports::{Session, StoreError},
    rights::Right,
};

use super::{By, authorised, path_of, trouble};
use crate::{
    auth::Colleague,
    forms::{Fields, again, field},
    numbers,
    state::Deps,
};

/// `POST /people/{agent}/calls`.
pub async fn calls(
    State(deps): State<Deps>,
    Path(agent): Path<String>,
    Colleague(session): Colleague,
    parts: Parts,
    Form(fields): Fields,
) -> Response {
    let agent = AgentId::from(agent);
    match change(&deps, &session, &agent, &fields).await {
        Ok(true) => Redirect::to(&format!("{}?done=saved", path_of(&agent))).into_response(),
        Ok(false) => StatusCode::NOT_FOUND.into_response(),
        Err(fault) => again(&deps, parts, &path_of(&agent), fields, vec![fault]).await,
    }
}

/// Answers whether there is such a person.
async fn change(
    deps: &Deps,
    session: &Session,
    agent: &AgentId,
    fields: &BTreeMap<String, String>,
) -> Result<bool, Fault> {
    let _turn = deps.people.lock().await;
    let Some((account, everyone)) =
        authorised(&deps.setup, By::Colleague(session), agent, people::Change::Link).await?
    else {
        return Ok(false);
    };
    if !session.role.may(Right::SetUp) {
        return Err(Fault::NotAllowed);
    }
    let known = deps.store.numbers(&session.workspace).await.map_err(|error| trouble(&error))?;
    let caller_id = Some(field(fields, "caller_id")).filter(|chosen| !chosen.is_empty());
    if caller_id.is_some_and(|chosen| known.iter().all(|number| number.number != chosen)) {
        return Err(Fault::NumberUnknown);
    }
    let changed = answered(&known, &everyone, agent, fields)?;
    let mut noted = Vec::new();
    let saved = async {
        for number in &changed {
            deps.store.put_number(&session.workspace, number).await?;
            let label = Some(number.label.as_str());
            let (before, after) = if number.names(agent) { (None, label) } else { (label, None) };
            noted.push(Change::new("answers", before, after));
        }
        let after = Account { caller_id: caller_id.map(str::to_owned), ..account.clone() };
        deps.store.put_account(&after).await?;
        noted.extend(audit::differences(Some(&account), &after));
        Ok::<_, StoreError>(())
    };
    let saved = saved.await;
    if !noted.is_empty() {
        deps.note(session, Deed::PersonChanged, &account, noted).await;
    }
    saved.map_err(|error| trouble(&error))?;
    numbers::staff(deps, &session.workspace).await.map_err(|_| Fault::FloorBehind)?;
    Ok(true)
}

/// The numbers that change when somebody answers those that are ticked. What everybody answers is not for one to change.
fn answered(
    known: &[Number],
    everyone: &[Account],
    agent: &AgentId,
    fields: &BTreeMap<String, String>,
) -> Result<Vec<Number>, Fault> {
    let is_here = |agent: &AgentId| {
        let mut all = everyone.iter();
        all.any(|account| account.profile.id == *agent && account.standing() != Standing::Deactivated)
    };
    let mut changed = Vec::new();
    for number in known {
        let Some(before) = &number.answered_by else { continue };
        let ticked = !field(fields, &format!("answers-{}", number.number)).is_empty();
        if ticked == before.contains(agent) {
            continue;
        }
        let mut after = before.clone();
        if ticked {
            after.insert(agent.clone());
        } else {
            after.remove(agent);
            if !after.iter().any(is_here) {
                return Err(Fault::LastToAnswer);
            }
        }
        changed.push(Number { answered_by: Some(after), ..number.clone() });
    }
    Ok(changed)
}

//! What is true, whatever webhooks have told.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Query, State},
    http::StatusCode,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    engine::{Activity, Call, Conference, Engine, Notice, Plan},
    network::Network,
    webhook::Delivery,
};

/// Every call and conference, live or ended not long ago, the oldest first.
pub(super) async fn tell(State(network): State<Arc<Network>>) -> Json<Value> {
    let mut truth = network.with(|engine| {
        let mut calls: Vec<Value> = engine.calls.newest().map(|call| of_call(engine, call)).collect();
        let mut conferences: Vec<Value> = engine.conferences.newest().map(of_conference).collect();
        calls.reverse();
        conferences.reverse();
        json!({ "calls": calls, "conferences": conferences })
    });
    truth["webhooks"] = json!(network.post.counts());
    Json(truth)
}

fn of_call(engine: &Engine, call: &Call) -> Value {
    let member = engine.member_of(call);
    let now = engine.now();
    // Legs that still ring have the label with which they will join.
    let label = match (&call.plan, member) {
        (Some(Plan::Join(join)), None) => join.label.as_deref(),
        _ => member.and_then(|member| member.label.as_deref()),
    };
    json!({
        "sid": call.sid,
        "from": call.from,
        "to": call.to,
        "status": call.status.as_str(),
        "direction": call.direction.as_str(),
        "parent": call.parent,
        "conference": member.filter(|member| member.connected).and(call.conference()),
        "label": label,
        "hold": member.is_some_and(|member| member.hold),
        "muted": member.is_some_and(|member| member.muted),
        "coaching": member.filter(|member| member.coaching).and_then(|member| member.coach.as_deref()),
        "account": call.account,
        "name": call.name,
        "params": call.params,
        "bridged": matches!(call.activity, Activity::Bridged),
        "seconds": call.seconds(now),
    })
}

fn of_conference(conference: &Conference) -> Value {
    let connected = conference.members.iter().filter(|member| member.connected);
    json!({
        "sid": conference.sid,
        "name": conference.name,
        "status": conference.status.as_str(),
        "participants": connected.map(|member| member.call.as_str()).collect::<Vec<_>>(),
        "ringing": conference.expected.iter().map(|expected| expected.call.as_str()).collect::<Vec<_>>(),
        "reason_ended": conference.ending.as_ref().map(|ending| ending.reason.as_str()),
        "account": conference.account,
    })
}

/// All calls and conferences are gone, without a word to anybody; faults and records too.
pub(super) async fn reset(State(network): State<Arc<Network>>) -> StatusCode {
    network.with(|engine| {
        engine.reset();
        network.post.reset();
    });
    StatusCode::NO_CONTENT
}

/// How many.
#[derive(Debug, Deserialize)]
pub(super) struct Limit {
    limit: Option<usize>,
}

/// The last webhooks, the newest first.
pub(super) async fn webhooks(State(network): State<Arc<Network>>, Query(query): Query<Limit>) -> Json<Vec<Delivery>> {
    Json(network.post.deliveries(query.limit.unwrap_or(100)))
}

/// The last errors and warnings, the newest first.
pub(super) async fn notifications(
    State(network): State<Arc<Network>>,
    Query(query): Query<Limit>,
) -> Json<Vec<Notice>> {
    Json(network.with(|engine| engine.notices.iter().rev().take(query.limit.unwrap_or(100)).cloned().collect()))
}

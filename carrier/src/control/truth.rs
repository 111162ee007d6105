//! What is true, whatever webhooks have told.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::refuse;
use crate::{
    engine::{Account, Activity, Call, Conference, Engine, Message, Notice, Plan, Recording},
    media,
    network::Network,
    rest,
    webhook::Delivery,
};

/// Every call and conference, live or ended not long ago, the oldest first.
pub(super) async fn tell(State(network): State<Arc<Network>>) -> Json<Value> {
    let mut truth = network.with(|engine| {
        let mut calls: Vec<Value> = engine.calls.newest().map(|call| of_call(engine, call)).collect();
        let mut conferences: Vec<Value> = engine.conferences.newest().map(of_conference).collect();
        calls.reverse();
        conferences.reverse();
        let directory = &engine.directory;
        let numbers: Vec<Value> = directory.numbers.values().map(rest::numbers::render).collect();
        let applications: Vec<Value> = directory.applications.values().map(rest::applications::render).collect();
        json!({
            "calls": calls,
            "conferences": conferences,
            "recordings": engine.recordings.newest().map(of_recording).collect::<Vec<_>>(),
            "messages": engine.messages.newest().map(of_message).collect::<Vec<_>>(),
            "numbers": numbers,
            "applications": applications,
            "accounts": directory.accounts.values().map(|account| of_account(engine, account)).collect::<Vec<_>>(),
        })
    });
    for call in truth["calls"].as_array_mut().into_iter().flatten() {
        let heard = network.media.studio().heard(call["sid"].as_str().unwrap_or_default());
        let pitch = media::listen(&heard.samples);
        call["packets_in"] = json!(heard.packets_in);
        call["packets_out"] = json!(heard.packets_out);
        call["heard"] = json!({
            "tone": pitch.as_ref().and_then(|pitch| pitch.tone).map(rounded),
            "tones": pitch.iter().flat_map(|pitch| &pitch.tones).map(|tone| rounded(*tone)).collect::<Vec<_>>(),
            "level": pitch.as_ref().map(|pitch| rounded(pitch.level)),
            "ms_ago": heard.ago,
        });
    }
    truth["clients"] = json!(network.board.registered());
    truth["wires"] = json!(network.media.studio().wires());
    truth["webhooks"] = json!(network.post.counts());
    Json(truth)
}

/// To a tenth.
fn rounded(value: f32) -> f64 {
    (f64::from(value) * 10.0).round() / 10.0
}

/// What a leg heard, as a WAV file.
pub(super) async fn heard(State(network): State<Arc<Network>>, Path(sid): Path<String>) -> Response {
    let recording = network.media.studio().recording(&sid);
    match recording {
        Some(recording) => ([(header::CONTENT_TYPE, "audio/wav")], media::wav(&recording)).into_response(),
        None => refuse(StatusCode::NOT_FOUND, "there is no such call, or it has heard nothing yet"),
    }
}

/// What the client at a leg sent through the SDK, the newest last.
pub(super) async fn messages(State(network): State<Arc<Network>>, Path(sid): Path<String>) -> Response {
    match network.board.messages(&sid) {
        Some(messages) => Json(messages).into_response(),
        None => refuse(StatusCode::NOT_FOUND, "there is no such call of a client"),
    }
}

fn of_account(engine: &Engine, account: &Account) -> Value {
    json!({
        "sid": account.sid,
        "owner": account.owner,
        "status": engine.directory.status(account),
        "keys": account.keys.keys().collect::<Vec<_>>(),
    })
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
        "pressed": call.pressed,
        "recording": match &call.activity {
            Activity::Recording(taking) => taking.tell(now),
            _ => Value::Null,
        },
        "gathering": matches!(call.activity, Activity::Gathering(_)),
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

fn of_recording(recording: &Recording) -> Value {
    json!({ "sid": recording.sid, "call": recording.call, "account": recording.account, "seconds": recording.seconds })
}

fn of_message(message: &Message) -> Value {
    json!({
        "sid": message.sid,
        "account": message.account,
        "from": message.from,
        "to": message.to,
        "body": message.body,
        "direction": message.direction,
        "status": message.status.as_str(),
    })
}

/// All calls and conferences are gone, without a word to anybody; faults and records too.
pub(super) async fn reset(State(network): State<Arc<Network>>) -> StatusCode {
    network.with(|engine| {
        engine.reset();
        network.post.reset();
        network.board.reset();
        network.media.studio().reset();
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

//! The forms of the settings page for Twilio that leave something at Twilio as it is.

use axum::{
    extract::{RawForm, State},
    response::{IntoResponse, Redirect, Response},
};
use url::form_urlencoded;

use super::{Allowed, Typed, back};
use crate::{
    state::Deps,
    twilio::setup::{Left, OldKey},
};

/// `POST /settings/twilio/accept`: a property of a number is right as somebody sees it.
pub async fn accept(State(deps): State<Deps>, Allowed(session): Allowed, RawForm(form): RawForm) -> Response {
    let (setup, typed) = (deps.setup.acting(&session), Typed::read(&form));
    let [number, field, seen] = ["number", "field", "seen"].map(|name| typed.get(name));
    match setup.accept(&session.workspace, number, field, seen).await {
        Ok(Some(_)) => back("accepted", Ok(()), &[]),
        // The page shows what there is instead.
        Ok(None) => back("checked", Ok(()), &[]),
        Err(error) => back("accepted", Err(error), &[]),
    }
}

/// Back to the page, which says what was `done`, and what is left at Twilio of what was there before.
pub(super) fn told_of(done: &str, left: &Left) -> Response {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("done", done);
    match &left.key {
        OldKey::Gone => {}
        OldKey::NotOurs(key) => drop(query.extend_pairs([("old", "not-ours"), ("key", key)])),
        OldKey::Left(key) => drop(query.extend_pairs([("old", "left"), ("key", key)])),
    }
    if !left.numbers.is_empty() {
        // As they are in addresses of pages: without the plus.
        let digits: Vec<&str> = left.numbers.iter().map(|number| number.trim_start_matches('+')).collect();
        query.append_pair("numbers", &digits.join("."));
    }
    Redirect::to(&format!("/settings/twilio?{}", query.finish())).into_response()
}

//! The forms of the settings page for Twilio that leave something at Twilio as it is.

use axum::{
    extract::{RawForm, State},
    response::{IntoResponse, Redirect, Response},
};
use url::form_urlencoded;

use super::{Allowed, Typed, back};
use crate::{state::Deps, twilio::setup::OldKey};

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

/// Back to the page, which says what was `done`, and of the API key before if that opens the account still.
pub(super) fn told_of(done: &str, old: &OldKey) -> Response {
    let (old, key) = match old {
        OldKey::Gone => return back(done, Ok(()), &[]),
        OldKey::NotOurs(key) => ("not-ours", key),
        OldKey::Left(key) => ("left", key),
    };
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs([("done", done), ("old", old), ("key", key)]);
    Redirect::to(&format!("/settings/twilio?{}", query.finish())).into_response()
}

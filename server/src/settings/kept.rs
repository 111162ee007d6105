//! The forms of the settings page for Twilio that leave something at Twilio as it is.

use axum::{
    extract::{RawForm, State},
    response::{IntoResponse, Redirect, Response},
};
use url::form_urlencoded;

use super::{Allowed, Typed, back, to_the_end};
use crate::{state::Deps, twilio::setup::OldKey};

/// `POST /settings/twilio/accept`: a property of a number is right as somebody sees it.
pub async fn accept(State(deps): State<Deps>, Allowed(session): Allowed, RawForm(form): RawForm) -> Response {
    let (setup, typed) = (deps.setup.acting(&session), Typed::read(&form));
    let accepted = async move {
        let [number, field, seen] = ["number", "field", "seen"].map(|name| typed.get(name));
        setup.accept(&session.workspace, number, field, seen).await
    };
    match to_the_end(accepted).await {
        Ok(Some(_)) => back("accepted", Ok(()), &[]),
        // The page shows what there is instead.
        Ok(None) => back("checked", Ok(()), &[]),
        Err(error) => back("accepted", Err(error), &[]),
    }
}

/// Back to the page, which says that there is a new API key, and of the one before if that opens the account still.
pub(super) fn told_of(old: &OldKey) -> Response {
    let (done, key) = match old {
        OldKey::Gone => return back("key", Ok(()), &[]),
        OldKey::NotOurs(key) => ("key-not-ours", key),
        OldKey::Left(key) => ("key-left", key),
    };
    let query =
        form_urlencoded::Serializer::new(String::new()).append_pair("done", done).append_pair("key", key).finish();
    Redirect::to(&format!("/settings/twilio?{query}")).into_response()
}

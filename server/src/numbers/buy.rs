//! Buying a number.

use axum::{
    Form,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use switchyard::{people, phone::is_e164};
use url::form_urlencoded;

use super::{path_of, staff};
use crate::{
    forms::{Fields, field},
    settings::Allowed,
    state::Deps,
    twilio::setup::{Purchase, SetupError},
};

/// `POST /settings/numbers/new`: somebody has seen what it costs. What cannot be done leads back to where they saw it.
pub async fn buy(State(deps): State<Deps>, Allowed(session): Allowed, Form(fields): Fields) -> Response {
    let typed = |name| field(&fields, name).trim();
    let (number, workspace) = (typed("number"), &session.workspace);
    let label = people::name(typed("name")).unwrap_or_else(|_| number.to_owned());
    let buying = async {
        if !is_e164(number) {
            return Err(SetupError::Refused { code: 0, message: "this is no number".to_owned() });
        }
        let purchase = Purchase { number, label: &label, address: typed("address"), bundle: typed("bundle") };
        deps.setup.acting(&session).buy(workspace, &purchase).await?;
        Ok(staff(&deps, workspace).await?)
    };
    let Err(error) = buying.await else {
        tracing::info!(%workspace, number, "bought");
        return Redirect::to(&format!("{}?done=bought", path_of(number))).into_response();
    };
    tracing::warn!(%workspace, number, %error, "not bought");
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(["number", "country", "kind", "name", "address", "bundle"].map(|name| (name, typed(name))));
    query.append_pair("error", error.word()).append_pair("code", &error.code().to_string());
    Redirect::to(&format!("/settings/numbers/new?{}", query.finish())).into_response()
}

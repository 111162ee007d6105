//! Twilio's REST API, version 2010-04-01: the routes on one page.

mod account;
mod ask;
mod calls;
mod conferences;
mod form;
mod numbers;
mod outbound;
mod paging;
mod participants;
mod trouble;

use std::{future::Ready, sync::Arc};

use axum::{Router, extract::State, middleware, response::Response, routing::get};

use crate::{
    engine::{ApiError, Engine},
    network::Network,
};
use ask::{Answer, Ask};

/// The API.
pub(crate) fn router(network: &Arc<Network>) -> Router<Arc<Network>> {
    let account = "/2010-04-01/Accounts/{AccountSid}";
    let at = |path: &str| format!("{account}{path}");
    Router::new()
        .route("/2010-04-01/Accounts/{Sid}", get(on(account::fetch)))
        .route(&at("/Calls.json"), get(on(calls::list)).post(on(calls::create)))
        .route(&at("/Calls/{Sid}"), get(on(calls::fetch)).post(on(calls::update)).delete(on(calls::delete)))
        .route(&at("/Conferences.json"), get(on(conferences::list)))
        .route(&at("/Conferences/{Sid}"), get(on(conferences::fetch)).post(on(conferences::update)))
        .route(
            &at("/Conferences/{ConferenceSid}/Participants.json"),
            get(on(participants::list)).post(on(participants::create)),
        )
        .route(
            &at("/Conferences/{ConferenceSid}/Participants/{CallSid}"),
            get(on(participants::fetch)).post(on(participants::update)).delete(on(participants::delete)),
        )
        .route(&at("/IncomingPhoneNumbers.json"), get(on(numbers::list)))
        .route(&at("/IncomingPhoneNumbers/{Sid}"), get(on(numbers::fetch)))
        .method_not_allowed_fallback(trouble::method_not_allowed)
        .layer(middleware::from_fn_with_state(Arc::clone(network), trouble::misfortune))
}

pub(crate) use trouble::not_found;

/// Makes a handler of what is done with the engine.
fn on(
    act: fn(&mut Engine, &Ask) -> Result<Answer, ApiError>,
) -> impl Fn(State<Arc<Network>>, Ask) -> Ready<Response> + Clone + Send + Sync + 'static {
    move |State(network), ask| {
        let answer = network.with(|engine| act(engine, &ask));
        std::future::ready(ask.answer(answer))
    }
}

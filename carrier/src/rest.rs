//! Twilio's REST API, version 2010-04-01, and what it needs of the Accounts, IAM and Pricing APIs, version 1, and of the Numbers
//! API, version 2: the routes on one page. Twilio has a host for each; here all are at one.

mod accounts;
pub(crate) mod applications;
mod ask;
mod available;
mod calls;
mod conferences;
mod form;
mod gate;
mod hooks;
mod iam;
mod keys;
mod messages;
pub(crate) mod numbers;
mod outbound;
mod paging;
mod participants;
mod permissions;
mod recordings;
mod regulations;
mod trouble;

use std::{future::Ready, sync::Arc};

use axum::{
    Router,
    extract::State,
    middleware,
    response::Response,
    routing::{get, post},
};

use crate::{
    engine::{ApiError, Engine},
    network::Network,
};
use ask::{Answer, Ask};

/// The newer paths that take parameters; the description does not have them.
const REGULATIONS: &str = "/v2/RegulatoryCompliance/Regulations";
const KEYS: &str = "/v1/Keys";

/// Whether the parameters of a path are not checked against the description.
fn is_undescribed(template: &str) -> bool {
    template == REGULATIONS || template.starts_with(KEYS)
}

/// The API.
pub(crate) fn router(network: &Arc<Network>) -> Router<Arc<Network>> {
    let account = "/2010-04-01/Accounts/{AccountSid}";
    let at = |path: &str| format!("{account}{path}");
    Router::new()
        .route("/2010-04-01/Accounts.json", get(on(accounts::list)).post(on(accounts::create)))
        .route("/2010-04-01/Accounts/{Sid}", get(on(accounts::fetch)).post(on(accounts::update)))
        .route(&at("/Calls.json"), get(on(calls::list)).post(on(calls::create)))
        .route(&at("/Calls/{Sid}"), get(on(calls::fetch)).post(on(calls::update)).delete(on(calls::delete)))
        .route(&at("/Calls/{CallSid}/Recordings.json"), get(on(recordings::of_call)))
        .route(&at("/Messages.json"), get(on(messages::list)))
        .route(&at("/Messages/{Sid}"), get(on(messages::fetch)).delete(on(messages::delete)))
        .route(&at("/Recordings/{Sid}"), get(recordings::get).delete(recordings::remove))
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
        .route(&at("/Applications.json"), get(on(applications::list)).post(on(applications::create)))
        .route(
            &at("/Applications/{Sid}"),
            get(on(applications::fetch)).post(on(applications::update)).delete(on(applications::delete)),
        )
        .route(&at("/IncomingPhoneNumbers.json"), get(on(numbers::list)).post(on(numbers::create)))
        .route(
            &at("/IncomingPhoneNumbers/{Sid}"),
            get(on(numbers::fetch)).post(on(numbers::update)).delete(on(numbers::delete)),
        )
        .route(&at("/AvailablePhoneNumbers/{CountryCode}"), get(on(available::country)))
        .route(&at("/AvailablePhoneNumbers/{CountryCode}/Local.json"), get(on(available::local)))
        .route(&at("/AvailablePhoneNumbers/{CountryCode}/Mobile.json"), get(on(available::mobile)))
        .route(&at("/AvailablePhoneNumbers/{CountryCode}/TollFree.json"), get(on(available::toll_free)))
        .route(&at("/Keys.json"), get(on(keys::list)).post(on(keys::create)))
        .route(&at("/Keys/{Sid}"), get(on(keys::fetch)).post(on(keys::update)).delete(on(keys::delete)))
        .route(KEYS, get(on(iam::list)).post(on(iam::create)))
        .route("/v1/Keys/{Sid}", get(on(iam::fetch)).post(on(iam::update)).delete(on(keys::delete)))
        .route("/v1/AuthTokens/Secondary", post(on(keys::create_secondary)).delete(on(keys::delete_secondary)))
        .route("/v1/AuthTokens/Promote", post(on(keys::promote)))
        .route("/v1/PhoneNumbers/Countries/{IsoCountry}", get(on(available::price)))
        .route(REGULATIONS, get(on(|_, ask| Ok(regulations::list(ask)))))
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

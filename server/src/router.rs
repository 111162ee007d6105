//! Every route on one page.

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::{from_fn, from_fn_with_state},
    routing::{get, post},
};
use leptos::prelude::provide_context;
use leptos_axum::{LeptosRoutes, generate_route_list};
use tower_http::{
    limit::RequestBodyLimitLayer, services::ServeDir, set_header::SetResponseHeaderLayer, timeout::TimeoutLayer,
};

use crate::{
    api,
    auth::{self, SignedIn},
    bounds::Bounds,
    contacts, floor_settings, headers, join, language, limits, live, mobile, numbers, ops, outbound, people, phone,
    privacy, profile, settings,
    state::Deps,
    to_the_end::to_the_end,
    tokens, trailing_slash,
    twilio::webhook,
    urls, voice, voicemail, webhooks, welcome,
};

/// What forms and functions send is small.
const BODY_LIMIT: usize = 64 * 1024;

/// The whole site.
pub fn router(deps: Deps, bounds: Bounds) -> Router {
    let site = deps.leptos.site_root.to_string();
    Router::new()
        .merge(from_twilio(bounds))
        .merge(pages(&deps))
        .merge(api::router(&deps.origins, bounds))
        .route("/healthz", get(ops::alive))
        .route("/readyz", get(ops::ready))
        // Files keep their names from build to build: browsers ask whether what they have is still good.
        .fallback_service(files(&site, &deps).layer(header(header::CACHE_CONTROL, "no-cache")))
        .layer(from_fn(trailing_slash::leads_on))
        // Until an answer begins: a feed and a socket stay open as long as their page is.
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, bounds.page))
        .layer(from_fn_with_state(deps.clone(), headers::complete))
        .with_state(deps)
}

/// What Twilio calls: signed, without cookies.
fn from_twilio(bounds: Bounds) -> Router<Deps> {
    Router::new()
        .route(urls::INBOUND, post(voice::inbound))
        .route(urls::INBOUND_ALIAS, post(voice::inbound))
        .route(urls::STATUS, post(voice::status))
        .route(urls::CONFERENCE, post(voice::conference))
        .route(urls::VOICEMAIL, post(voicemail::greet))
        .route(urls::VOICEMAIL_OVER, post(voicemail::over))
        .route(urls::VOICEMAIL_READY, post(voicemail::ready))
        .route(urls::MOBILE, post(mobile::answered))
        .route(urls::MOBILE_KEY, post(mobile::pressed))
        .route(urls::MUSIC, post(voice::music))
        .route(urls::AFTER, post(voice::after))
        .route(urls::OUTBOUND, post(outbound::outbound))
        .route(urls::OUTBOUND_ALIAS, post(outbound::outbound))
        .route(urls::OUTBOUND_STATUS, post(outbound::status))
        .route(urls::OUTBOUND_EVENTS, post(outbound::events))
        .route(urls::MESSAGES, post(voice::message))
        .layer(from_fn(to_the_end))
        .layer(DefaultBodyLimit::max(webhook::BODY_LIMIT))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, bounds.webhook))
}

/// What people use: pages and their functions, signing in and out, the live feed.
fn pages(deps: &Deps) -> Router<Deps> {
    let visit = {
        let deps = deps.clone();
        move || provide_context(visit(&deps))
    };
    let options = deps.leptos.clone();
    Router::new()
        .route("/sign-in", post(auth::sign_in))
        .route("/sign-in/demo", post(auth::sign_in_demo))
        .route("/sign-out", post(auth::sign_out))
        .route("/switch", post(auth::switch))
        .route("/welcome", post(welcome::found))
        .route("/join/{token}", post(join::join))
        .route("/settings", get(profile::back))
        .route("/profile", post(profile::save))
        .route("/profile/password", get(profile::back).post(profile::password))
        .route("/profile/sign-out-everywhere", get(profile::back).post(profile::sign_out_everywhere))
        .route("/contacts/new", post(contacts::add))
        .route("/contacts/{contact}", post(contacts::edit))
        .route("/contacts/{contact}/remove", get(contacts::back).post(contacts::remove))
        .route("/people/new", post(people::add))
        .route("/people/{agent}", post(people::edit))
        .route("/people/{agent}/calls", get(people::back).post(people::calls))
        .route("/people/{agent}/link", get(people::back).post(people::link))
        .route("/people/{agent}/deactivate", get(people::back).post(people::deactivate))
        .route("/people/{agent}/reactivate", get(people::back).post(people::reactivate))
        .route("/settings/api", post(tokens::add))
        .route("/settings/api/{id}/revoke", get(tokens::back).post(tokens::revoke))
        .route("/settings/webhooks", post(webhooks::add))
        .route("/settings/webhooks/{endpoint}", post(webhooks::edit))
        .route("/settings/webhooks/{endpoint}/remove", get(webhooks::back).post(webhooks::remove))
        .route("/settings/webhooks/{endpoint}/secret", get(webhooks::back).post(webhooks::renew))
        .route("/settings/webhooks/{endpoint}/switch", get(webhooks::back).post(webhooks::switch))
        .route("/settings/webhooks/{endpoint}/test", get(webhooks::back).post(webhooks::test))
        .route("/settings/webhooks/{endpoint}/deliveries/{delivery}/again", get(webhooks::home).post(webhooks::again))
        .route(urls::TOKEN, post(phone::token))
        .route(urls::TOKEN_ALIAS, get(phone::token))
        .route(urls::CONFIGURE, post(settings::configure))
        .route("/settings/privacy/contact/erase", get(privacy::back).post(privacy::erase_contact))
        .route("/settings/privacy/contact/export", get(privacy::back).post(privacy::export_contact))
        .route("/settings/privacy/person/erase", get(privacy::back).post(privacy::erase_person))
        .route("/settings/privacy/person/export", get(privacy::back).post(privacy::export_person))
        .route("/settings/privacy/retention", get(privacy::back).post(privacy::retain))
        .route("/settings/floor", post(floor_settings::save))
        .route("/settings/numbers", post(numbers::zone))
        .route("/settings/numbers/new", post(numbers::buy))
        .route("/settings/numbers/{number}", post(numbers::edit))
        .route("/settings/numbers/{number}/release", post(numbers::release))
        .route("/settings/twilio", post(settings::connect))
        .route("/settings/twilio/accept", post(settings::accept))
        .route("/settings/twilio/check", post(settings::check))
        .route("/settings/twilio/forget", post(settings::forget))
        .route("/settings/twilio/key", post(settings::key))
        .route("/settings/twilio/numbers", post(settings::numbers))
        .route("/settings/twilio/repair", post(settings::repair))
        .route("/settings/twilio/restore", post(settings::restore))
        .route("/settings/twilio/token", post(settings::token))
        .route("/voicemail/{recording}/audio", get(voicemail::audio))
        .route("/voicemail/{recording}/delete", get(voicemail::back).post(voicemail::remove))
        .route("/voicemail/{recording}/heard", get(voicemail::back).post(voicemail::heard))
        .leptos_routes_with_context(deps, generate_route_list(app::App), visit, move || app::shell(options.clone()))
        .route(urls::LIVE, get(live::live))
        .route(urls::DEVICE, get(phone::device))
        .layer(from_fn(to_the_end))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        // Whoever says how much they send is told before they do, by functions too, which would call it unreadable.
        .layer(RequestBodyLimitLayer::new(BODY_LIMIT))
        .layer(from_fn_with_state(deps.clone(), welcome::gate))
        .layer(from_fn_with_state(deps.clone(), limits::functions))
        .layer(from_fn(language::remember))
        // Who signed out must not find the floor again in the browser's history.
        .layer(header(header::CACHE_CONTROL, "no-store"))
        .layer(from_fn_with_state(deps.clone(), auth::identify))
        .layer(from_fn(auth::same_origin))
}

/// What pages and their functions need to know of a request.
pub(crate) fn visit(deps: &Deps) -> app::Visit {
    let session = leptos::prelude::use_context::<axum::http::request::Parts>()
        .and_then(|parts| parts.extensions.get::<SignedIn>().cloned())
        .and_then(|SignedIn(session)| session);
    let tenant = session.as_ref().and_then(|session| deps.tenants.known(&session.workspace));
    let session_plan = tenant.map(|tenant| Arc::clone(&tenant.dial_plan));
    app::Visit {
        session,
        floors: deps.floors.clone(),
        store: deps.store.clone(),
        clock: deps.clock.clone(),
        dial_plan: session_plan,
        hash: auth::hash,
        zones: numbers::zones,
        twilio: Arc::new(deps.setup.clone()),
        sockets: deps.tenants.sites.sockets(&deps.public_url).into(),
        private_webhooks: deps.webhooks.reaches_private(),
        api: deps.api.clone(),
        demo: deps.demo.clone(),
    }
}

/// The built pages' files, compressed at build time; everything else is a page that does not exist.
fn files(site: &str, deps: &Deps) -> axum::routing::MethodRouter {
    let not_found = leptos_axum::file_and_error_handler_with_context::<Deps, _>(
        {
            let deps = deps.clone();
            move || provide_context(visit(&deps))
        },
        app::shell,
    );
    let page = axum::handler::Handler::with_state(not_found, deps.clone());
    axum::routing::get_service(
        ServeDir::new(site)
            .precompressed_br()
            .precompressed_gzip()
            .append_index_html_on_directories(false)
            .fallback(page),
    )
}

/// A header that every answer carries.
fn header(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

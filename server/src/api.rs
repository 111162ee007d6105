//! `/api/v1`: what programs ask with a token instead of a session. Every operation is described where it is written, and the
//! description is what `/api/docs` shows.

mod caller;
mod calls;
mod numbers;
mod page;
mod people;
mod presence;
mod problem;
mod read;
mod staff;

use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Request, State},
    http::StatusCode,
    middleware::{Next, from_fn},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use serde_json::{Value, json};
use tower_http::cors::CorsLayer;
use utoipa::{
    Modify, OpenApi,
    openapi::security::{Http, HttpAuthScheme, SecurityScheme},
};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use self::caller::PREFIX;
use self::problem::Problem;
use crate::{bounds::Bounds, state::Deps, to_the_end::to_the_end, urls};

/// What programs send is small.
const BODY_LIMIT: usize = 64 * 1024;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Switchyard",
        version = "1",
        description = "People, numbers, calls and presence of one workspace. Each request carries a token, made under Settings, API: \
                       `Authorization: Bearer …`. It acts for whoever made it, within its scopes."
    ),
    modifiers(&Bearer),
    components(schemas(problem::Body)),
    security(("token" = []))
)]
struct Description;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, description: &mut utoipa::openapi::OpenApi) {
        let components = description.components.get_or_insert_with(Default::default);
        components.add_security_scheme("token", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    }
}

fn operations() -> OpenApiRouter<Deps> {
    OpenApiRouter::new()
        .routes(routes!(people::list, staff::add))
        .routes(routes!(people::one, staff::edit))
        .routes(routes!(staff::deactivate))
        .routes(routes!(staff::reactivate))
        .routes(routes!(staff::link))
        .routes(routes!(numbers::list))
        .routes(routes!(numbers::one))
        .routes(routes!(calls::history))
        .routes(routes!(calls::live))
        .routes(routes!(calls::one))
        .routes(routes!(presence::list))
        .routes(routes!(presence::set))
}

/// The description of every operation, as `OpenAPI`.
pub(crate) fn description() -> Arc<Value> {
    let described = OpenApiRouter::with_openapi(Description::openapi());
    let (_, description) = described.nest(urls::API, operations()).split_for_parts();
    // What serde derives for this type does not fail.
    let mut description = serde_json::to_value(description).unwrap_or_default();
    // Where the `type` of a problem leads (OpenAPI: extensions begin with `x-`).
    description["x-problems"] = json!(Problem::kinds());
    Arc::new(description)
}

/// The operations, and the description of them. `origins` are other sites whose pages may ask.
pub(crate) fn router(origins: &[axum::http::HeaderValue], bounds: Bounds) -> Router<Deps> {
    let (operations, _) = operations().split_for_parts();
    let operations = operations
        .fallback(nothing)
        .method_not_allowed_fallback(not_so)
        .layer(from_fn(to_the_end))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn(move |request, next| in_time(bounds.api, request, next)))
        .layer(cors(origins));
    Router::new()
        .nest(urls::API, operations)
        .route(urls::API_DESCRIPTION, get(describe))
        .route("/api", get(|| async { Redirect::to("/api/docs") }))
}

/// No other site may ask, unless the operator says so. Cookies are never allowed: tokens are what counts here.
fn cors(origins: &[axum::http::HeaderValue]) -> CorsLayer {
    use axum::http::{Method, header};
    CorsLayer::new()
        .allow_origin(origins.to_vec())
        .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::PUT, Method::DELETE])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
}

async fn describe(State(deps): State<Deps>) -> Response {
    Json(Value::clone(&deps.api)).into_response()
}

/// Nobody waits for ever, nor for what broke off.
async fn in_time(limit: Duration, request: Request, next: Next) -> Response {
    let answer = tokio::time::timeout(limit, next.run(request)).await.ok();
    let answer = answer.filter(|answer| answer.status() != StatusCode::INTERNAL_SERVER_ERROR);
    answer.unwrap_or_else(|| Problem::Slow.into_response())
}

async fn nothing() -> Problem {
    Problem::NotFound
}

async fn not_so() -> Problem {
    Problem::Method
}

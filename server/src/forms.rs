//! Forms of pages that stay on the server. What can be taken is answered with a redirect; what cannot comes back as it was
//! typed, with what to do about it.

use std::collections::BTreeMap;

use app::Typed;
use axum::{
    Form,
    body::Body,
    http::{Request, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::provide_context;
use switchyard::people::Fault;

use crate::{auth::WINDOW, limits::TooMany, router::visit, state::Deps};

/// A form's fields by their names.
pub type Fields = Form<BTreeMap<String, String>>;

/// What was typed into a field; nothing when it was not there.
pub(crate) fn field<'a>(fields: &'a BTreeMap<String, String>, name: &str) -> &'a str {
    fields.get(name).map_or("", String::as_str)
}

/// The page at `path` with what was typed into it and the faults of that.
pub(crate) async fn again(
    deps: &Deps,
    parts: Parts,
    path: &str,
    fields: BTreeMap<String, String>,
    faults: Vec<Fault>,
) -> Response {
    let is_throttled = faults.contains(&Fault::Throttled);
    let answer = page(deps, parts, path, Typed::new(fields, faults)).await;
    if is_throttled { TooMany(WINDOW).mark(answer) } else { answer }
}

/// The page at `path` with something that is shown only this once.
pub(crate) async fn once(deps: &Deps, parts: Parts, path: &str, link: String) -> Response {
    page(deps, parts, path, Typed::shown_once(link)).await
}

async fn page(deps: &Deps, mut parts: Parts, path: &str, typed: Typed) -> Response {
    let Ok(uri) = path.parse() else { return Redirect::to("/").into_response() };
    parts.uri = uri;
    let (options, deps) = (deps.leptos.clone(), deps.clone());
    let context = move || {
        provide_context(visit(&deps));
        provide_context(typed.clone());
    };
    let render = leptos_axum::render_app_async_with_context(context, move || app::shell(options.clone()));
    render(Request::from_parts(parts, Body::empty())).await
}

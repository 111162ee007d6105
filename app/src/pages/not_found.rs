//! The page for addresses that do not exist.

use axum::http::StatusCode;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::{api::request, lang::use_lang, say, ui::mark::Mark};

/// Says so, and shows the way back.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    let lang = use_lang();
    view! {
        <Title text=say!(lang, missing.title) />
        <div class="page centred">
            <main class="notice">
                <Missing />
            </main>
        </div>
    }
}

/// The same inside a page.
#[component]
pub(crate) fn Missing() -> impl IntoView {
    let lang = use_lang();
    request::set_status(StatusCode::NOT_FOUND);
    view! {
        <span class="notice-icon"><Mark /></span>
        <h1>{say!(lang, missing.title)}</h1>
        <p>{say!(lang, missing.more)}</p>
        <a class="button primary" href="/">{say!(lang, missing.back)}</a>
    }
}

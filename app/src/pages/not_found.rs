//! The page for addresses that do not exist.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{lang::use_lang, say, ui::mark::Mark};

/// Says so, and shows the way back.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    let lang = use_lang();
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(axum::http::StatusCode::NOT_FOUND);
    }
    view! {
        <Title text=say!(lang, missing.title) />
        <div class="page centred">
            <main class="notice">
                <span class="notice-icon"><Mark /></span>
                <h1>{say!(lang, missing.title)}</h1>
                <p>{say!(lang, missing.more)}</p>
                <a class="button primary" href="/">{say!(lang, missing.back)}</a>
            </main>
        </div>
    }
}

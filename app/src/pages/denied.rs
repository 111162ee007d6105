//! What a page says to those whose role does not open it.

use axum::http::StatusCode;
use leptos::prelude::*;

use crate::{
    api::request,
    lang::use_lang,
    say,
    ui::icon::{Icon, icon},
};

/// Says so, with the right status.
#[component]
pub(crate) fn Denied() -> impl IntoView {
    let lang = use_lang();
    request::set_status(StatusCode::FORBIDDEN);
    view! {
        <div class="empty">
            <span class="notice-icon">{icon(Icon::WARNING)}</span>
            <h2>{say!(lang, denied.title)}</h2>
            <p class="quiet">{say!(lang, denied.more)}</p>
        </div>
    }
}

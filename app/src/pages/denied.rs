//! What a page says to those whose role does not open it, and pages that are only for the others.

use axum::http::StatusCode;
use leptos::{either::EitherOf3, prelude::*};

use crate::{
    api::{AskError, request},
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

/// What `show` makes of what was read, for whoever may see it (`None`: they may not); `failed` says that it could not be read.
pub(crate) fn for_whoever_may<T, V: IntoView>(
    read: Result<Option<T>, AskError>,
    failed: &'static str,
    show: impl FnOnce(T) -> V,
) -> impl IntoView {
    match read {
        Ok(Some(seen)) => EitherOf3::A(show(seen)),
        Ok(None) => EitherOf3::B(view! { <Denied /> }),
        Err(_) => EitherOf3::C(view! { <p class="form-error" role="alert">{failed}</p> }),
    }
}

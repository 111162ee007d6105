//! `/`: the floor. Rendered with everything on it; from then on the browser keeps it up to date.

use leptos::{either::EitherOf3, prelude::*};
use leptos_meta::Title;

use crate::{
    api::{AskError, floor::load_floor},
    board::FloorBoard,
    lang::use_lang,
    say,
    ui::{
        icon::{Icon, icon},
        mark::Mark,
    },
};

/// The floor, or the way to the sign-in.
#[component]
pub(crate) fn FloorPage() -> impl IntoView {
    let lang = use_lang();
    #[cfg(feature = "ssr")]
    super::sign_in::require("/");
    let floor = Resource::new(|| (), |()| load_floor());
    view! {
        <Title text=say!(lang, floor.title) />
        <Suspense fallback=Loading>
            {move || Suspend::new(async move {
                match floor.await {
                    Ok(view) => EitherOf3::A(view! { <FloorBoard view /> }),
                    Err(AskError::SignedOut) => EitherOf3::B(view! { <SignedOut /> }),
                    Err(error) => EitherOf3::C(view! { <Failed error retry=move || floor.refetch() /> }),
                }
            })}
        </Suspense>
    }
}

/// The session ended while the page was elsewhere.
#[component]
fn SignedOut() -> impl IntoView {
    Effect::new(|_| crate::ui::browser::leave_for("/sign-in?next=/"));
}

/// The shape of the board, until it is there.
#[component]
fn Loading() -> impl IntoView {
    let lang = use_lang();
    let cards =
        |count: usize, class: &'static str| (0..count).map(|_| view! { <div class=class></div> }).collect_view();
    view! {
        <div class="page board">
            <header class="top"><span class="brand"><Mark /><span class="brand-name">{say!(lang, product)}</span></span></header>
            <main class="floor" aria-busy="true" aria-label=say!(lang, floor.title)>
                <p class="sr-only" role="status">{say!(lang, floor.loading)}</p>
                <div class="region waiting" aria-hidden="true">{cards(3, "skeleton")}</div>
                <div class="region agents" aria-hidden="true"><div class="agent-grid">{cards(6, "skeleton tall")}</div></div>
                <div class="region lot" aria-hidden="true">{cards(6, "skeleton short")}</div>
            </main>
        </div>
    }
}

/// What happened, and another try.
#[component]
fn Failed(error: AskError, retry: impl Fn() + Send + 'static) -> impl IntoView {
    let lang = use_lang();
    let why = match error {
        AskError::Network => say!(lang, ask_error.network),
        AskError::Unavailable => say!(lang, ask_error.unavailable),
        _ => say!(lang, ask_error.broken),
    };
    view! {
        <div class="page centred">
            <main class="notice" aria-label=say!(lang, floor.title)>
                <span class="notice-icon">{icon(Icon::WARNING)}</span>
                <h1>{say!(lang, floor.failed)}</h1>
                <p role="alert">{why}</p>
                <button type="button" class="button primary" on:click=move |_| retry()>{say!(lang, floor.retry)}</button>
            </main>
        </div>
    }
}

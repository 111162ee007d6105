//! `/`: the floor. It leaves the server whole, with the data from which the browser goes on.

use leptos::{either::Either, prelude::*};
use leptos_meta::Title;

use crate::{
    api::{
        AskError,
        floor::{FloorView, load_floor},
    },
    board::{BOARD, BOARD_DATA, FloorBoard},
    lang::use_lang,
    say,
    ui::icon::{Icon, icon},
};

/// The floor, or the way to the sign-in.
#[component]
pub(crate) fn FloorPage() -> impl IntoView {
    let lang = use_lang();
    super::sign_in::require("/");
    view! {
        <Title text=say!(lang, floor.title) />
        <Suspense>
            {Suspend::new(async move {
                match load_floor().await {
                    Ok(view) => Either::Left(view! { <Board view /> }),
                    Err(error) => Either::Right(view! { <Failed error /> }),
                }
            })}
        </Suspense>
    }
}

/// The board, and beside it what it was made from.
#[component]
fn Board(view: FloorView) -> impl IntoView {
    // A script's text ends at the first `</`, whatever it is inside of.
    let data = serde_json::to_string(&view).unwrap_or_default().replace('<', "\\u003c");
    view! {
        <div id=BOARD>
            <FloorBoard view />
        </div>
        <script type="application/json" id=BOARD_DATA inner_html=data></script>
    }
}

/// What happened, and another try.
#[component]
fn Failed(error: AskError) -> impl IntoView {
    let lang = use_lang();
    let why = match error {
        AskError::Unavailable => say!(lang, ask_error.unavailable),
        _ => say!(lang, ask_error.broken),
    };
    view! {
        <div class="page centred">
            <main class="notice" aria-label=say!(lang, floor.title)>
                <span class="notice-icon">{icon(Icon::WARNING)}</span>
                <h1>{say!(lang, floor.failed)}</h1>
                <p role="alert">{why}</p>
                <a class="button primary" href="/">{say!(lang, floor.retry)}</a>
            </main>
        </div>
    }
}

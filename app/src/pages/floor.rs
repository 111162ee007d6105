//! `/`: the floor. It leaves the server whole, with the data from which the browser goes on.

use leptos::{either::Either, prelude::*};
use leptos_meta::Title;
use switchyard::{drift::Findings, rights::Right};

use crate::{
    api::{
        AskError,
        floor::{FloorView, load_floor},
        visit::Visit,
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
                    Ok(view) => Either::Left(match missing().await {
                        None => Either::Left(view! { <Board view /> }),
                        Some(step) => Either::Right(view! {
                            <div class="unready">
                                <NextStep step />
                                <Board view />
                            </div>
                        }),
                    }),
                    Err(error) => Either::Right(view! { <Failed error /> }),
                }
            })}
        </Suspense>
    }
}

/// What nobody has done yet, and without which nobody can call.
#[derive(Clone, Copy)]
enum Step {
    Connect,
    Numbers,
    Repair,
}

/// The next step of setting up, or of keeping it right, for whoever can take it.
async fn missing() -> Option<Step> {
    let (visit, session) = Visit::signed_in().ok().filter(|(_, session)| session.role.may(Right::SetUp))?;
    if visit.store.connection(&session.workspace).await.ok()?.is_none() {
        return Some(Step::Connect);
    }
    let numbers = visit.store.connected_numbers(&session.workspace).await.ok()?;
    if numbers.is_empty() {
        return Some(Step::Numbers);
    }
    let findings = visit.store.findings(&session.workspace).await.ok()??;
    // What cannot be read any more is as good as nothing.
    let findings = serde_json::from_str::<Findings>(&findings).ok()?;
    findings.knows_of_something().then_some(Step::Repair)
}

#[component]
fn NextStep(step: Step) -> impl IntoView {
    let lang = use_lang();
    let (why, what) = match step {
        Step::Connect => (say!(lang, floor.unconnected), say!(lang, floor.connect)),
        Step::Numbers => (say!(lang, floor.no_numbers), say!(lang, floor.choose_numbers)),
        Step::Repair => (say!(lang, floor.broken), say!(lang, floor.see_what)),
    };
    view! {
        <aside class="banner" aria-label=say!(lang, floor.next_step)>
            {icon(Icon::WARNING)}
            <p>{why} " " <a href="/settings/twilio">{what}</a></p>
        </aside>
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

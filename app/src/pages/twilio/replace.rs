//! `/settings/twilio/key` and `/settings/twilio/token`: what comes of it, before what opens the account is replaced.

use leptos::{either::Either, prelude::*};
use switchyard::rights::Right;

use crate::{
    api::{AskError, visit::Visit},
    lang::use_lang,
    pages::{
        denied::for_whoever_may,
        not_found::Missing,
        settings::{SettingsPage, Tab},
        sign_in,
    },
    say,
    ui::icon::{Icon, icon},
};

/// The last question before there is another API key.
#[component]
pub(crate) fn NewKeyPage() -> impl IntoView {
    let lang = use_lang();
    Question {
        path: "/settings/twilio/key",
        title: say!(lang, twilio.key_title),
        comes: [say!(lang, twilio.key_others), say!(lang, twilio.key_theirs), say!(lang, twilio.key_phones)],
        go: say!(lang, twilio.key_do),
    }
    .ask()
}

/// The last question before there is another auth token.
#[component]
pub(crate) fn NewTokenPage() -> impl IntoView {
    let lang = use_lang();
    Question {
        path: "/settings/twilio/token",
        title: say!(lang, twilio.token_title),
        comes: [say!(lang, twilio.token_others), say!(lang, twilio.token_gone), say!(lang, twilio.token_here)],
        go: say!(lang, twilio.token_do),
    }
    .ask()
}

struct Question {
    /// Where the page is, and where its form is sent.
    path: &'static str,
    title: &'static str,
    /// What comes of it.
    comes: [&'static str; 3],
    go: &'static str,
}

impl Question {
    fn ask(self) -> impl IntoView {
        let lang = use_lang();
        sign_in::require(self.path);
        view! {
            <SettingsPage title=self.title here=Tab::Twilio>
                <p><a href="/settings/twilio" class="back">{say!(lang, twilio.back)}</a></p>
                <Suspense>
                    {Suspend::new(async move {
                        let failed = say!(lang, twilio.unavailable);
                        for_whoever_may(is_connected().await, failed, move |is_connected| {
                            if is_connected { Either::Left(self.panel()) } else { Either::Right(view! { <Missing /> }) }
                        })
                    })}
                </Suspense>
            </SettingsPage>
        }
    }

    fn panel(self) -> impl IntoView {
        let Self { path, title, comes, go } = self;
        view! {
            <section class="panel">
                <h1>{title}</h1>
                <ul class="lost">{comes.map(|what| view! { <li>{what}</li> }).collect_view()}</ul>
                <form method="post" action=path class="actions">
                    <button class="button grave">{icon(Icon::WARNING)}{go}</button>
                    <a href="/settings/twilio" class="button">{say!(use_lang(), twilio.keep)}</a>
                </form>
            </section>
        }
    }
}

/// Whether there is an account; `None` for those who may not know.
async fn is_connected() -> Result<Option<bool>, AskError> {
    let (visit, session) = Visit::signed_in()?;
    if !session.role.may(Right::SetUp) {
        return Ok(None);
    }
    let connection = visit.store.connection(&session.workspace).await.map_err(|_| AskError::Unavailable)?;
    Ok(Some(connection.is_some()))
}

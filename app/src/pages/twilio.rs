//! `/settings/twilio`: connecting the workspace with Twilio, which numbers come here, and what is not as it should be.
//! Plain forms: they work without WebAssembly.

mod connect;
mod findings;
mod numbers;
pub(crate) mod replace;
pub(super) mod words;

use leptos::{either::EitherOf4, prelude::*};
use switchyard::rights::Right;

use self::{connect::Connect, findings::State, numbers::Numbers, words::outcome};
use super::{
    denied::Denied,
    settings::{SettingsPage, Tab},
};
use crate::{
    api::{
        request,
        twilio::{Address, ConnectionView},
        visit::Visit,
    },
    lang::{Lang, use_lang},
    say,
    ui::icon::{Icon, icon},
};

/// The settings for Twilio.
#[component]
pub(crate) fn TwilioPage() -> impl IntoView {
    let lang = use_lang();
    super::sign_in::require("/settings/twilio");
    view! {
        <SettingsPage title=say!(lang, twilio.title) here=Tab::Twilio>
            <h1>{say!(lang, twilio.title)}</h1>
            <p class="quiet">{say!(lang, twilio.lead)}</p>
            <Suspense>{Suspend::new(async move { content(lang, read().await) })}</Suspense>
        </SettingsPage>
    }
}

/// What the page is about, or why there is nothing to see.
enum Seen {
    Forbidden,
    Unavailable,
    /// With the workspace's own country.
    Unconnected(String, Address),
    Connected(Box<ConnectionView>, Address),
}

async fn read() -> Seen {
    let Ok((visit, session)) = Visit::signed_in() else { return Seen::Forbidden };
    if !session.role.may(Right::SetUp) {
        return Seen::Forbidden;
    }
    match visit.twilio.view(&session.workspace).await {
        Ok(Some(connection)) => Seen::Connected(Box::new(connection), visit.twilio.address()),
        Ok(None) => {
            let workspaces = visit.store.workspaces().await.unwrap_or_default();
            let own = workspaces.into_iter().find(|workspace| workspace.id == session.workspace);
            Seen::Unconnected(own.map(|own| own.country).unwrap_or_default(), visit.twilio.address())
        }
        Err(()) => Seen::Unavailable,
    }
}

fn content(lang: Lang, seen: Seen) -> impl IntoView {
    match seen {
        Seen::Forbidden => EitherOf4::A(view! { <Denied /> }),
        Seen::Unavailable => {
            EitherOf4::B(view! { <p class="form-error" role="alert">{say!(lang, twilio.unavailable)}</p> })
        }
        Seen::Unconnected(country, address) => EitherOf4::C(view! {
            {told(lang)}
            {unreached(lang, &address)}
            <section class="panel" aria-labelledby="connect">
                <h2 id="connect">{say!(lang, twilio.connect)}</h2>
                <p class="quiet">{say!(lang, twilio.connect_more)}</p>
                <Connect account=request::query("account").unwrap_or_default() countries=country />
            </section>
        }),
        Seen::Connected(connection, address) => EitherOf4::D(view! {
            {told(lang)}
            {unreached(lang, &address)}
            <Settings connection=*connection address=address.url />
        }),
    }
}

/// That Twilio cannot reach this server, where that is so: nothing can be set up then.
fn unreached(lang: Lang, address: &Address) -> impl IntoView + use<> {
    let words = (!address.is_reached).then(|| say!(lang, twilio.unreached, address = address.url));
    words.map(|words| view! { <p class="form-error" role="note">{icon(Icon::WARNING)} <span>{words}</span></p> })
}

/// What came of the form that was sent before.
fn told(lang: Lang) -> impl IntoView {
    let error = request::query("error").map(|word| {
        let words = outcome::error(lang, &word, &request::query("code").unwrap_or_default());
        view! { <p class="form-error" role="alert" id="outcome">{icon(Icon::WARNING)} <span>{words}</span></p> }
    });
    let done = request::query("done").and_then(|word| outcome::done(lang, &word));
    let done =
        done.map(|words| view! { <p class="form-done" role="status">{icon(Icon::CHECK)} <span>{words}</span></p> });
    (error, done)
}

#[component]
fn Settings(connection: ConnectionView, address: String) -> impl IntoView {
    let lang = use_lang();
    let ConnectionView { account, key, application, countries, two_tokens, numbers, findings } = connection;
    let fact = |name, value: Option<String>| {
        let value = value.unwrap_or_else(|| "–".to_owned());
        view! { <div><dt>{name}</dt><dd class="digits">{value}</dd></div> }
    };
    view! {
        <State findings />
        <Numbers numbers />
        <section class="panel" aria-labelledby="account">
            <h2 id="account">{say!(lang, twilio.account)}</h2>
            <dl class="facts">
                {fact(say!(lang, twilio.account_sid), Some(account.clone()))}
                {fact(say!(lang, twilio.key_sid), key.clone())}
                {fact(say!(lang, twilio.application), application)}
                {fact(say!(lang, twilio.countries), Some(countries.clone()))}
                {fact(say!(lang, twilio.address), Some(address))}
            </dl>
            {two_tokens.then(|| view! { <p class="quiet">{say!(lang, twilio.two_tokens)}</p> })}
            <p class="quiet">{say!(lang, twilio.sealed)}</p>
            <div class="actions">
                <a href="/settings/twilio/key" class="button">{say!(lang, twilio.new_key)}</a>
                <a href="/settings/twilio/token" class="button">{say!(lang, twilio.new_token)}</a>
            </div>
            <details open=request::query("account").is_some()>
                <summary>{say!(lang, twilio.reconnect)}</summary>
                <Connect account=request::query("account").unwrap_or(account) countries />
            </details>
        </section>
    }
}

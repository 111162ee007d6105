//! The form for an account's credentials. What is secret is never shown again, not even to whoever typed it.

use leptos::prelude::*;

use crate::{api::request, lang::use_lang, say};

/// Connects the workspace, or changes how it is connected.
#[component]
pub(super) fn Connect(account: String, countries: String) -> impl IntoView {
    let lang = use_lang();
    let error = request::query("error").unwrap_or_default();
    // The field that the error is about says so, and where it is explained.
    let wrong = |words: &[&str]| words.contains(&error.as_str()).then_some("true");
    let (sid, token) = (wrong(&["sid", "credentials", "taken"]), wrong(&["credentials"]));
    let (key, country) = (wrong(&["key", "key-elsewhere", "key-restricted"]), wrong(&["country"]));
    let why = |wrong: Option<&str>| wrong.map(|_| "outcome");
    let countries = request::query("countries").map_or(countries, |typed| typed.replace('+', " "));
    view! {
        <form method="post" action="/settings/twilio" class="setup" autocomplete="off">
            <label class="field">
                <span>{say!(lang, twilio.account_sid)}</span>
                <input
                    name="account"
                    value=account
                    required
                    spellcheck="false"
                    autocapitalize="none"
                    placeholder="AC…"
                    aria-invalid=sid
                    aria-describedby=why(sid)
                />
            </label>
            <label class="field">
                <span>{say!(lang, twilio.auth_token)}</span>
                <input type="password" name="token" required autocomplete="off" aria-invalid=token aria-describedby=why(token) />
            </label>
            <label class="field">
                <span>{say!(lang, twilio.countries)}</span>
                <input
                    name="countries"
                    value=countries
                    required
                    spellcheck="false"
                    autocapitalize="characters"
                    placeholder="RO MD"
                    aria-invalid=country
                    aria-describedby="countries-more"
                />
                <span class="quiet" id="countries-more">{say!(lang, twilio.countries_more)}</span>
            </label>
            <label class="check">
                <input type="checkbox" name="make_key" value="yes" checked=true />
                <span>{say!(lang, twilio.make_key)}</span>
            </label>
            <details open=key.is_some()>
                <summary>{say!(lang, twilio.own_key)}</summary>
                <div class="setup">
                    <label class="field">
                        <span>{say!(lang, twilio.key_sid)}</span>
                        <input name="key" spellcheck="false" autocapitalize="none" placeholder="SK…" aria-invalid=key aria-describedby=why(key) />
                    </label>
                    <label class="field">
                        <span>{say!(lang, twilio.key_secret)}</span>
                        <input type="password" name="secret" autocomplete="off" aria-invalid=key />
                    </label>
                </div>
            </details>
            <button class="button primary">{say!(lang, twilio.submit)}</button>
        </form>
    }
}

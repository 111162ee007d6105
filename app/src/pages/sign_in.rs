//! `/sign-in`: by email and password, and on a demo installation as anybody. Plain forms: they work without WebAssembly.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    api::demo::{DemoAccount, demo_accounts},
    lang::{Lang, use_lang},
    say,
    ui::{
        avatar::avatar,
        icon::{Icon, icon},
        mark::Mark,
        switches::{LanguageSwitch, ThemeSwitch},
    },
    words,
};

/// Sends whoever is not signed in here, and back to `next` afterwards.
pub(crate) fn require(next: &str) {
    use crate::api::{request, visit::Visit};
    if use_context::<Visit>().is_none_or(|visit| visit.session.is_none()) {
        request::redirect(&format!("/sign-in?next={next}"));
    }
}

/// Only paths of our own: a link must not sign somebody in and send them elsewhere.
fn safe_next(next: Option<String>) -> String {
    next.filter(|next| next.starts_with('/') && !next.starts_with("//") && !next.contains('\\'))
        .unwrap_or_else(|| "/".to_owned())
}

/// The sign-in.
#[component]
pub(crate) fn SignInPage() -> impl IntoView {
    let lang = use_lang();
    let query = use_query_map();
    let next = safe_next(query.with_untracked(|query| query.get("next")));
    let error = query.with_untracked(|query| query.get("error")).map(|error| match error.as_str() {
        "throttled" => say!(lang, sign_in.throttled),
        "unavailable" => say!(lang, sign_in.unavailable),
        _ => say!(lang, sign_in.credentials),
    });
    let path = next.clone();
    let wrong = error.is_some().then_some("true");
    view! {
        <Title text=say!(lang, sign_in.title) />
        <div class="page centred">
            <div class="corner"><ThemeSwitch /><LanguageSwitch /></div>
            <main class="sign-in">
                <header>
                    <span class="brand large"><Mark /><span class="brand-name">{say!(lang, product)}</span></span>
                    <p class="quiet">{say!(lang, sign_in.lead)}</p>
                </header>
                <form method="post" action="/sign-in" class="panel">
                    <h1>{say!(lang, sign_in.title)}</h1>
                    {error.map(|error| view! { <p class="form-error" role="alert" id="sign-in-error">{icon(Icon::WARNING)} <span>{error}</span></p> })}
                    <input type="hidden" name="next" value=next.clone() />
                    <label class="field">
                        <span>{say!(lang, sign_in.email)}</span>
                        <input
                            type="email"
                            name="email"
                            required
                            autocomplete="username"
                            aria-invalid=wrong
                            aria-describedby=wrong.map(|_| "sign-in-error")
                        />
                    </label>
                    <label class="field">
                        <span>{say!(lang, sign_in.password)}</span>
                        <input type="password" name="password" required autocomplete="current-password" aria-invalid=wrong />
                    </label>
                    <button class="button primary wide">{say!(lang, sign_in.submit)}</button>
                    <p class="quiet">{say!(lang, sign_in.forgotten)}</p>
                </form>
                <Suspense>
                    {Suspend::new(async move {
                        let accounts = demo_accounts().await.unwrap_or_default();
                        (!accounts.is_empty()).then(|| view! { <Demo lang accounts next=path /> })
                    })}
                </Suspense>
            </main>
        </div>
    }
}

#[component]
fn Demo(lang: Lang, accounts: Vec<DemoAccount>, next: String) -> impl IntoView {
    let people = accounts
        .into_iter()
        .map(|account| {
            let role = words::role(lang, account.role);
            view! {
                <button
                    class="person"
                    name="agent"
                    value=account.agent.to_string()
                >
                    {avatar(account.agent.as_str(), &account.name)}
                    <span class="sr-only">{say!(lang, sign_in.demo_as)}" "</span>
                    <span class="person-name">{account.name}</span>
                    " "
                    <span class="quiet digits">{format!("{role} · {}", account.extension)}</span>
                </button>
            }
        })
        .collect_view();
    view! {
        <form method="post" action="/sign-in/demo" class="panel demo">
            <h2>{say!(lang, sign_in.demo)}</h2>
            <p class="quiet">{say!(lang, sign_in.demo_more)}</p>
            <input type="hidden" name="next" value=next />
            <div class="people">{people}</div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::safe_next;

    #[test]
    fn only_our_own_paths_are_followed() {
        assert_eq!(safe_next(Some("/calls".to_owned())), "/calls");
        for wrong in ["//evil.example", "https://evil.example", "/\\evil.example", ""] {
            assert_eq!(safe_next(Some(wrong.to_owned())), "/", "{wrong}");
        }
        assert_eq!(safe_next(None), "/");
    }
}

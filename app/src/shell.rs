//! The document around every page, and the way to each page.

use leptos::prelude::*;
use leptos_meta::{MetaTags, Stylesheet, Title, provide_meta_context};
use leptos_router::{
    SsrMode, StaticSegment,
    components::{Route, Router, Routes},
    path,
};

use crate::{
    lang,
    pages::{
        api_docs::ApiDocsPage,
        api_tokens::ApiTokensPage,
        audit::AuditPage,
        calls::CallsPage,
        contact::{ContactPage, NewContactPage},
        contacts::ContactsPage,
        floor::FloorPage,
        floor_settings::FloorSettingsPage,
        join::JoinPage,
        not_found::NotFound,
        numbers::{NumbersPage, market::NewNumberPage, one::NumberPage, release::ReleasePage},
        people::PeoplePage,
        person::{NewPersonPage, PersonPage},
        privacy::PrivacyPage,
        profile::ProfilePage,
        sign_in::SignInPage,
        twilio::{
            TwilioPage,
            replace::{NewKeyPage, NewTokenPage},
        },
        voicemail::VoicemailPage,
        webhooks::{WebhooksPage, one::WebhookPage},
        welcome::WelcomePage,
    },
    policy, say, theme,
};

/// The document around every page.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    policy::send();
    let lang = lang::detect();
    view! {
        <!DOCTYPE html>
        <html lang=lang::code(lang) data-theme=theme::detect().as_str()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" content="#f6f7f9" media="(prefers-color-scheme: light)" />
                <meta name="theme-color" content="#14171c" media="(prefers-color-scheme: dark)" />
                <meta name="description" content=say!(lang, sign_in.lead) />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <AutoReload options=options.clone() />
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Everything in the document.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let lang = lang::detect();
    provide_context(lang);
    lang::accept_choice();

    // Pages are rendered whole: they carry their data, and a page that sends the reader elsewhere can still do so.
    view! {
        <Stylesheet id="leptos" href="/pkg/switchyard.css" />
        <Title formatter=move |page: String| title(lang, &page) />
        <Router>
            <Routes fallback=|| view! { <NotFound /> }>
                <Route path=StaticSegment("") view=|| erased(FloorPage) ssr=SsrMode::Async />
                <Route path=StaticSegment("calls") view=|| erased(CallsPage) ssr=SsrMode::Async />
                <Route path=StaticSegment("voicemail") view=|| erased(VoicemailPage) ssr=SsrMode::Async />
                <Route path=StaticSegment("contacts") view=|| erased(ContactsPage) ssr=SsrMode::Async />
                <Route path=path!("/contacts/new") view=|| erased(NewContactPage) ssr=SsrMode::Async />
                <Route path=path!("/contacts/:contact") view=|| erased(ContactPage) ssr=SsrMode::Async />
                <Route path=StaticSegment("sign-in") view=|| erased(SignInPage) ssr=SsrMode::Async />
                <Route path=StaticSegment("welcome") view=|| erased(WelcomePage) ssr=SsrMode::Async />
                <Route path=path!("/welcome/:code") view=|| erased(WelcomePage) ssr=SsrMode::Async />
                <Route path=path!("/join/:token") view=|| erased(JoinPage) ssr=SsrMode::Async />
                <Route path=StaticSegment("profile") view=|| erased(ProfilePage) ssr=SsrMode::Async />
                <Route path=StaticSegment("people") view=|| erased(PeoplePage) ssr=SsrMode::Async />
                <Route path=path!("/people/new") view=|| erased(NewPersonPage) ssr=SsrMode::Async />
                <Route path=path!("/people/:agent") view=|| erased(PersonPage) ssr=SsrMode::Async />
                <Route path=path!("/settings/floor") view=|| erased(FloorSettingsPage) ssr=SsrMode::Async />
                <Route path=path!("/settings/numbers") view=|| erased(NumbersPage) ssr=SsrMode::Async />
                <Route path=path!("/settings/numbers/new") view=|| erased(NewNumberPage) ssr=SsrMode::Async />
                <Route path=path!("/settings/numbers/:number") view=|| erased(NumberPage) ssr=SsrMode::Async />
                <Route path=path!("/settings/numbers/:number/release") view=|| erased(ReleasePage) ssr=SsrMode::Async />
                <Route path=path!("/settings/twilio") view=|| erased(TwilioPage) ssr=SsrMode::Async />
                <Route path=path!("/settings/twilio/key") view=|| erased(NewKeyPage) ssr=SsrMode::Async />
                <Route path=path!("/settings/twilio/token") view=|| erased(NewTokenPage) ssr=SsrMode::Async />
                <Route path=path!("/settings/api") view=|| erased(ApiTokensPage) ssr=SsrMode::Async />
                <Route path=path!("/settings/webhooks") view=|| erased(WebhooksPage) ssr=SsrMode::Async />
                <Route path=path!("/settings/webhooks/:endpoint") view=|| erased(WebhookPage) ssr=SsrMode::Async />
                <Route path=path!("/api/docs") view=|| erased(ApiDocsPage) ssr=SsrMode::Async />
                <Route path=path!("/settings/privacy") view=|| erased(PrivacyPage) ssr=SsrMode::Async />
                <Route path=path!("/settings/log") view=|| erased(AuditPage) ssr=SsrMode::Async />
            </Routes>
        </Router>
    }
}

/// A page without its type: the types of all pages, one inside the other, would make the server's build slow and huge.
fn erased<V: IntoView + 'static>(page: impl FnOnce() -> V) -> AnyView {
    page().into_any()
}

fn title(lang: lang::Lang, page: &str) -> String {
    let product = say!(lang, product);
    if page.is_empty() { product.to_owned() } else { format!("{page} · {product}") }
}

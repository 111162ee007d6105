//! The frame of the pages on which people and the workspace are looked after, with the way from one to the next.

use leptos::prelude::*;
use leptos_meta::Title;
use switchyard::rights::Right;

use super::frame::{Here, Top};
use crate::{api::visit::Visit, lang::use_lang, say};

/// The pages, in the order of their tabs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tab {
    /// `/profile`.
    Profile,
    /// `/people`.
    People,
    /// `/settings/floor`.
    Floor,
    /// `/settings/numbers`.
    Numbers,
    /// `/settings/twilio`.
    Twilio,
    /// `/settings/api`.
    Api,
    /// `/settings/webhooks`.
    Webhooks,
    /// `/settings/privacy`.
    Privacy,
    /// `/settings/log`.
    Audit,
}

/// A page in the frame.
#[component]
pub(crate) fn SettingsPage(
    /// Its title.
    title: &'static str,
    /// Where it belongs.
    here: Tab,
    /// What is on it.
    children: Children,
) -> impl IntoView {
    view! {
        <Title text=title />
        <div class="page">
            <Top here=Here::Settings />
            <main class="settings">
                <Tabs here />
                {children()}
            </main>
        </div>
    }
}

#[component]
fn Tabs(here: Tab) -> impl IntoView {
    let lang = use_lang();
    let role = Visit::signed_in().ok().map(|(_, session)| session.role);
    let tabs = [
        (Tab::Profile, "/profile", say!(lang, nav.profile), true),
        (Tab::People, "/people", say!(lang, nav.people), role.is_some_and(|role| role.may(Right::SeePeople))),
        (Tab::Floor, "/settings/floor", say!(lang, rules.tab), role.is_some_and(|role| role.may(Right::SetUp))),
        (Tab::Numbers, "/settings/numbers", say!(lang, nav.numbers), role.is_some_and(|role| role.may(Right::SetUp))),
        (Tab::Twilio, "/settings/twilio", say!(lang, twilio.title), role.is_some_and(|role| role.may(Right::SetUp))),
        (Tab::Api, "/settings/api", say!(lang, api.title), role.is_some_and(|role| role.may(Right::SetUp))),
        (
            Tab::Webhooks,
            "/settings/webhooks",
            say!(lang, webhooks.title),
            role.is_some_and(|role| role.may(Right::SetUp)),
        ),
        (
            Tab::Privacy,
            "/settings/privacy",
            say!(lang, privacy.title),
            role.is_some_and(|role| role.may(Right::Privacy)),
        ),
        (Tab::Audit, "/settings/log", say!(lang, audit.title), role.is_some_and(|role| role.may(Right::ReadLog))),
    ];
    let tabs = tabs
        .into_iter()
        .filter(|(.., shown)| *shown)
        .map(|(tab, path, words, _)| {
            let current = (tab == here).then_some("page");
            view! { <a href=path aria-current=current>{words}</a> }
        })
        .collect_view();
    view! { <nav class="tabs" aria-label=say!(lang, nav.settings)>{tabs}</nav> }
}

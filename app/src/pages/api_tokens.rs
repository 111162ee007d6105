//! `/settings/api`: tokens with which programs use the API. A new one is shown once.

use leptos::prelude::*;
use switchyard::{
    rights::Right,
    token::{ApiToken, Scope},
};

use super::{
    denied::for_whoever_may,
    settings::{SettingsPage, Tab},
};
use crate::{
    api::{AskError, visit::Visit},
    form::{Field, FormNews, GroupFault, Typed, group_is_wrong},
    lang::{Lang, use_lang},
    say,
    ui::{moment::Moment, table::Table},
};

/// Tokens, and who made each.
type Tokens = Vec<(ApiToken, String)>;

/// The tokens.
#[component]
pub(crate) fn ApiTokensPage() -> impl IntoView {
    let lang = use_lang();
    super::sign_in::require("/settings/api");
    view! {
        <SettingsPage title=say!(lang, api.title) here=Tab::Api>
            <FormNews />
            <Suspense>
                {Suspend::new(async move {
                    for_whoever_may(tokens().await, say!(lang, api.failed), |tokens| view! { <List tokens /> })
                })}
            </Suspense>
        </SettingsPage>
    }
}

async fn tokens() -> Result<Option<Tokens>, AskError> {
    let (visit, session) = Visit::signed_in()?;
    if !session.role.may(Right::SetUp) {
        return Ok(None);
    }
    let unavailable = |_| AskError::Unavailable.answered();
    let tokens = visit.store.tokens(&session.workspace).await.map_err(unavailable)?;
    let accounts = visit.store.accounts(&session.workspace).await.map_err(unavailable)?;
    let named = tokens.into_iter().map(|token| {
        let by = accounts.iter().find(|account| account.profile.id == token.by);
        let by = by.map(|account| account.profile.name.clone()).unwrap_or_default();
        (token, by)
    });
    Ok(Some(named.collect()))
}

#[component]
fn List(tokens: Tokens) -> impl IntoView {
    let lang = use_lang();
    let made = Typed::current().link();
    let heads = [
        say!(lang, api.name),
        say!(lang, api.scopes),
        say!(lang, api.made),
        say!(lang, api.used),
        say!(lang, api.state),
    ];
    let wrong = group_is_wrong("scopes");
    let empty = tokens.is_empty();
    let rows = tokens.iter().map(|(token, by)| row(lang, token, by)).collect_view();
    view! {
        <div class="settings-head">
            <div>
                <h1>{say!(lang, api.title)}</h1>
                <p class="quiet">{say!(lang, api.lead)}</p>
            </div>
            <a href="/api/docs" class="button">{say!(lang, api.docs)}</a>
        </div>
        {made.map(|token| view! {
            <div class="made-link" role="status">
                <label for="made-token">{say!(lang, api.made_token)}</label>
                <input id="made-token" readonly value=token class="digits" />
                <p class="quiet">{say!(lang, api.made_more)}</p>
            </div>
        })}
        {empty.then(|| view! { <div class="empty"><p>{say!(lang, api.empty)}</p></div> })}
        {(!empty).then(|| view! { <Table label=say!(lang, api.title) heads>{rows}</Table> })}
        <form method="post" action="/settings/api" class="panel fields">
            <h2>{say!(lang, api.add_title)}</h2>
            <Field name="name" label=say!(lang, api.name) hint=say!(lang, api.name_hint) />
            <fieldset class="ticks">
                <legend>{say!(lang, api.scopes)}</legend>
                {Scope::ALL.map(|scope| view! {
                    <label class="tick">
                        <input
                            type="checkbox"
                            name=format!("scope-{}", scope.code())
                            checked=Typed::current().ticked("name", &format!("scope-{}", scope.code()), false)
                            aria-invalid=wrong.0
                            aria-describedby=wrong.1.clone()
                        />
                        <span>{words(lang, scope)} " " <code class="quiet">{scope.code()}</code></span>
                    </label>
                }).collect_view()}
                <GroupFault name="scopes" />
            </fieldset>
            <div class="form-end"><button class="button primary">{say!(lang, api.add)}</button></div>
        </form>
    }
}

fn row(lang: Lang, token: &ApiToken, by: &str) -> impl IntoView + use<> {
    let scopes = token.scopes.iter().map(|scope| scope.code()).collect::<Vec<_>>().join(" ");
    let used = token.used;
    let end = if token.revoked.is_some() {
        view! { <span class="standing">{say!(lang, api.revoked)}</span> }.into_any()
    } else {
        let name = say!(lang, api.revoke_this, name = token.name.clone());
        view! {
            <form method="post" action=format!("/settings/api/{}/revoke", token.id)>
                <button class="button" aria-label=name>{say!(lang, api.revoke)}</button>
            </form>
        }
        .into_any()
    };
    view! {
        <tr>
            <th scope="row"><span class="cell-main">{token.name.clone()}</span><span class="quiet cell-sub">{by.to_owned()}</span></th>
            <td class="whole"><code>{scopes}</code></td>
            <td data-label=say!(lang, api.made)><Moment at=token.created /></td>
            <td data-label=say!(lang, api.used)>{match used {
                Some(at) => view! { <Moment at=at /> }.into_any(),
                None => say!(lang, api.never).into_any(),
            }}</td>
            <td>{end}</td>
        </tr>
    }
}

/// What a scope allows.
fn words(lang: Lang, scope: Scope) -> &'static str {
    match scope {
        Scope::PeopleRead => say!(lang, api.people_read),
        Scope::PeopleWrite => say!(lang, api.people_write),
        Scope::PeopleLink => say!(lang, api.people_link),
        Scope::NumbersRead => say!(lang, api.numbers_read),
        Scope::CallsRead => say!(lang, api.calls_read),
        Scope::PresenceRead => say!(lang, api.presence_read),
        Scope::PresenceWrite => say!(lang, api.presence_write),
    }
}

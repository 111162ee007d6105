//! `/settings/numbers`: the workspace's numbers, how each is at the carrier, who answers it and when.

pub(crate) mod market;
pub(crate) mod one;
pub(crate) mod release;
mod week;
mod words;

use leptos::{
    either::{Either, EitherOf3},
    prelude::*,
};
use leptos_router::hooks::use_params_map;
use switchyard::{
    hours::zone_of,
    numbers::{Number, State},
};

use super::{
    denied::Denied,
    not_found::Missing,
    settings::{SettingsPage, Tab},
};
use crate::{
    api::{
        numbers::{Numbers, numbers},
        visit::Visit,
    },
    form::{Choice, FormNews},
    lang::{Lang, use_lang},
    say,
    ui::table::Table,
};

/// The list.
#[component]
pub(crate) fn NumbersPage() -> impl IntoView {
    let lang = use_lang();
    super::sign_in::require("/settings/numbers");
    view! {
        <SettingsPage title=say!(lang, numbers.title) here=Tab::Numbers>
            <Suspense>
                {Suspend::new(async move {
                    match numbers().await {
                        Ok(Some(numbers)) => Either::Left(view! { <List numbers /> }),
                        other => Either::Right(view! { <Failed denied=other.is_ok() /> }),
                    }
                })}
            </Suspense>
        </SettingsPage>
    }
}

/// The page about the number that the address names.
fn of_one(title: &'static str, show: fn(Numbers, Number) -> AnyView) -> impl IntoView {
    let digits = use_params_map().with_untracked(|params| params.get("number")).unwrap_or_default();
    super::sign_in::require("/settings/numbers");
    view! {
        <SettingsPage title here=Tab::Numbers>
            <Back />
            <Suspense>
                {Suspend::new(async move {
                    let numbers = match numbers().await {
                        Ok(Some(numbers)) => numbers,
                        other => return EitherOf3::A(view! { <Failed denied=other.is_ok() /> }),
                    };
                    match numbers.find(&digits).cloned() {
                        Some(number) => EitherOf3::B(show(numbers, number)),
                        None => EitherOf3::C(view! { <Missing /> }),
                    }
                })}
            </Suspense>
        </SettingsPage>
    }
}

/// The way back to the list.
#[component]
fn Back() -> impl IntoView {
    let lang = use_lang();
    view! { <p><a href="/settings/numbers" class="back">{say!(lang, numbers.back)}</a></p> }
}

/// Why there is nothing to see.
#[component]
fn Failed(denied: bool) -> impl IntoView {
    let lang = use_lang();
    if denied {
        return view! { <Denied /> }.into_any();
    }
    view! { <p class="form-error" role="alert">{say!(lang, numbers.failed)}</p> }.into_any()
}

#[component]
fn List(numbers: Numbers) -> impl IntoView {
    let lang = use_lang();
    let heads = [
        say!(lang, numbers.number),
        say!(lang, numbers.state),
        say!(lang, numbers.answered_by),
        say!(lang, numbers.hours),
    ];
    let content = if !numbers.connected && numbers.all.is_empty() {
        EitherOf3::A(view! { <Unconnected /> })
    } else if numbers.all.is_empty() {
        EitherOf3::B(view! {
            <div class="empty">
                <p>{say!(lang, numbers.none)}</p>
                <p class="quiet">{say!(lang, numbers.none_more)}</p>
                <a class="button" href="/settings/twilio">{say!(lang, numbers.choose)}</a>
            </div>
        })
    } else {
        let rows = numbers.all.iter().map(|number| row(lang, &numbers, number)).collect_view();
        EitherOf3::C(view! {
            <Table label=say!(lang, numbers.title) heads class="numbers">{rows}</Table>
            <p><a href="/settings/twilio" class="more">{say!(lang, numbers.choose)}</a></p>
            <Zone home=numbers.home.clone() />
        })
    };
    view! {
        <div class="settings-head">
            <div>
                <h1>{say!(lang, numbers.title)}</h1>
                <p class="quiet">{say!(lang, numbers.lead)}</p>
            </div>
            {numbers.connected.then(|| view! {
                <a href="/settings/numbers/new" class="button primary">{say!(lang, numbers.buy)}</a>
            })}
        </div>
        <FormNews />
        {content}
    }
}

/// Without a carrier there are no numbers.
#[component]
fn Unconnected() -> impl IntoView {
    let lang = use_lang();
    view! {
        <div class="empty">
            <p>{say!(lang, numbers.unconnected)}</p>
            <p class="quiet">{say!(lang, numbers.unconnected_more)}</p>
            <a class="button primary" href="/settings/twilio">{say!(lang, numbers.connect)}</a>
        </div>
    }
}

fn row(lang: Lang, numbers: &Numbers, number: &Number) -> impl IntoView + use<> {
    let label = say!(lang, numbers.edit, label = number.label.clone());
    let who = words::answered_by(lang, number, &numbers.everyone);
    let nobody = who.is_none();
    view! {
        <tr>
            <th scope="row">
                <a href=path_of(number) class="cell-main" aria-label=label>{number.label.clone()}</a>
                <span class="quiet digits cell-sub">{switchyard::phone::readable(&number.number)}</span>
                {number.is_default.then(|| view! { <span class="quiet cell-sub">{say!(lang, numbers.default)}</span> })}
            </th>
            <td><Standing state=numbers.state(number) /></td>
            <td data-label=say!(lang, numbers.answered_by) class:nobody=nobody>{who.unwrap_or_else(|| say!(lang, numbers.nobody).to_owned())}</td>
            <td data-label=say!(lang, numbers.hours)>{words::hours(lang, number.hours.as_ref())}</td>
        </tr>
    }
}

/// How a number is at the carrier; where something is wrong, it leads to what.
#[component]
fn Standing(state: State) -> impl IntoView {
    let lang = use_lang();
    let words = match state {
        State::Rings => say!(lang, numbers.rings),
        State::Differs => say!(lang, numbers.differs),
        State::Gone => say!(lang, numbers.gone),
        State::Suspended => say!(lang, numbers.suspended),
        State::Closed => say!(lang, numbers.account_closed),
        State::TokenRefused => say!(lang, numbers.token_refused),
        State::Sealed => say!(lang, numbers.sealed),
        State::Elsewhere => say!(lang, numbers.elsewhere),
    };
    let look = !matches!(state, State::Rings | State::Elsewhere);
    view! {
        <span class="standing" data-standing=state.code()>{words}</span>
        {look.then(|| view! { <a href="/settings/twilio" class="quiet cell-sub">{say!(lang, numbers.look)}</a> })}
    }
}

/// The time zone of all hours.
#[component]
fn Zone(home: switchyard::ports::Workspace) -> impl IntoView {
    let lang = use_lang();
    let known = home.zone.unwrap_or_else(|| zone_of(&home.country).to_owned());
    let zones = Visit::current().map(|visit| (visit.zones)()).unwrap_or_default();
    let named = zones.into_iter().map(|zone| (zone.clone(), zone.replace('_', " "))).collect();
    view! {
        <form method="post" action="/settings/numbers" class="panel fields">
            <h2>{say!(lang, numbers.zone)}</h2>
            <Choice
                name="zone"
                label=say!(lang, numbers.zone_label)
                options=named
                known=known
                hint=say!(lang, numbers.zone_hint)
            />
            <p class="form-end"><button class="button">{say!(lang, numbers.save)}</button></p>
        </form>
    }
}

/// Where a number's own page is.
fn path_of(number: &Number) -> String {
    format!("/settings/numbers/{}", number.number.trim_start_matches('+'))
}

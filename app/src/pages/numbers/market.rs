//! `/settings/numbers/new`: numbers that can be bought, with their price and what they need; and the last question.

use leptos::{
    either::{Either, EitherOf3, EitherOf4},
    prelude::*,
};
use leptos_router::{hooks::use_query_map, params::ParamsMap};
use switchyard::phone::{is_e164, readable};

use super::{Back, Failed, Unconnected};
use crate::{
    api::{
        numbers::{Kind, Needs, NotTold, Offer, Offers, Price, Search, numbers},
        visit::Visit,
    },
    form::{Choice, Field},
    lang::{Lang, use_lang},
    pages::{
        settings::{SettingsPage, Tab},
        sign_in,
        twilio::words::outcome,
    },
    say,
    ui::{
        country::countries,
        icon::{Icon, icon},
    },
};

/// A single digit is no pattern to Twilio.
const TOO_SHORT: &str = "short";

/// Finding and buying.
#[component]
pub(crate) fn NewNumberPage() -> impl IntoView {
    let lang = use_lang();
    sign_in::require("/settings/numbers/new");
    let query = use_query_map().get_untracked();
    view! {
        <SettingsPage title=say!(lang, market.title) here=Tab::Numbers>
            <Back />
            <Suspense>
                {Suspend::new(async move {
                    let numbers = match numbers().await {
                        Ok(Some(numbers)) => numbers,
                        other => return EitherOf4::A(view! { <Failed denied=other.is_ok() /> }),
                    };
                    if !numbers.connected {
                        return EitherOf4::B(view! { <Unconnected /> });
                    }
                    let wanted = query.get("number").filter(|number| is_e164(number));
                    let search = search(&query, &numbers.home.country, wanted.as_deref());
                    // Nothing is asked of Twilio before somebody looks for something.
                    let asked = query.get("country").is_some() || wanted.is_some();
                    let offers = if asked { Some(offers(&search).await) } else { None };
                    match wanted {
                        Some(wanted) => EitherOf4::C(view! { <Confirm query wanted search offers /> }),
                        None => EitherOf4::D(view! { <Find search offers /> }),
                    }
                })}
            </Suspense>
        </SettingsPage>
    }
}

/// What is looked for: a number itself, or what was typed.
fn search(query: &ParamsMap, home: &str, wanted: Option<&str>) -> Search {
    let country = query.get("country").filter(|code| code.len() == 2 && code.bytes().all(|c| c.is_ascii_uppercase()));
    let code = query.get("kind").unwrap_or_default();
    let kind = Kind::ALL.into_iter().find(|kind| kind.code() == code).unwrap_or(Kind::Local);
    let contains = wanted.map_or_else(|| query.get("contains").unwrap_or_default(), str::to_owned);
    Search { country: country.unwrap_or_else(|| home.to_owned()), kind, contains }
}

async fn offers(search: &Search) -> Result<Offers, NotTold> {
    let unavailable = |_| NotTold { word: "unavailable", code: 0 };
    if search.contains.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '*').count() == 1 {
        return Err(NotTold { word: TOO_SHORT, code: 0 });
    }
    let (visit, session) = Visit::signed_in().map_err(unavailable)?;
    visit.twilio.offers(&session.workspace, search).await
}

#[component]
fn Find(search: Search, offers: Option<Result<Offers, NotTold>>) -> impl IntoView {
    let lang = use_lang();
    let kinds = Kind::ALL.map(|kind| (kind.code().to_owned(), kind_words(lang, kind).to_owned()));
    let found = offers.map(|offers| match offers {
        Ok(offers) if offers.numbers.is_empty() => EitherOf3::A(view! {
            <div class="empty" role="status">
                <p>{say!(lang, market.none)}</p>
                <p class="quiet">{say!(lang, market.none_more)}</p>
            </div>
        }),
        Ok(offers) => EitherOf3::B(view! { <Found search=search.clone() offers /> }),
        Err(NotTold { word, code }) => {
            let words = match word {
                TOO_SHORT => say!(lang, market.contains_hint).to_owned(),
                word => outcome::error(lang, word, &code.to_string()),
            };
            EitherOf3::C(view! { <p class="form-error" role="alert">{icon(Icon::WARNING)} <span>{words}</span></p> })
        }
    });
    view! {
        <h1>{say!(lang, market.title)}</h1>
        <p class="quiet">{say!(lang, market.lead)}</p>
        <form method="get" action="/settings/numbers/new" class="panel fields">
            <h2>{say!(lang, market.find)}</h2>
            <Choice name="country" label=say!(lang, market.country) options=countries(lang) known=search.country.clone() />
            <Choice name="kind" label=say!(lang, market.kind) options=kinds.into() known=search.kind.code() />
            <Field
                name="contains"
                label=say!(lang, market.contains)
                known=search.contains.clone()
                hint=say!(lang, market.contains_hint)
                required=false
            />
            <p class="form-end"><button class="button primary">{say!(lang, market.search)}</button></p>
        </form>
        {found}
    }
}

#[component]
fn Found(search: Search, offers: Offers) -> impl IntoView {
    let lang = use_lang();
    let price = price(lang, offers.price.as_ref());
    let regulations = offers.regulations;
    let items = offers.numbers.into_iter().map(|offer| {
        let number = readable(&offer.number);
        let label = say!(lang, market.take_this, number = number);
        view! {
            <li class="problem">
                <span>
                    <span class="cell-main digits">{number}</span>
                    <span class="quiet cell-sub">{facts(lang, &offer, regulations.as_deref())}</span>
                </span>
                <span class="offer-price">{price.clone()}</span>
                // The browser encodes what is chosen.
                <form method="get" action="/settings/numbers/new">
                    <input type="hidden" name="number" value=offer.number />
                    <input type="hidden" name="country" value=search.country.clone() />
                    <input type="hidden" name="kind" value=search.kind.code() />
                    <button class="button" aria-label=label>{say!(lang, market.take)}</button>
                </form>
            </li>
        }
    });
    view! {
        <section aria-labelledby="offers">
            <h2 id="offers">{say!(lang, market.offers)}</h2>
            <ul class="problems offers">{items.collect_view()}</ul>
        </section>
    }
}

/// The number with its price once more, before it is bought; or why it was not.
#[component]
fn Confirm(query: ParamsMap, wanted: String, search: Search, offers: Option<Result<Offers, NotTold>>) -> impl IntoView {
    let lang = use_lang();
    let typed = |name| query.get(name).unwrap_or_default();
    let mut not_told = None;
    let (price_known, regulations, offer) = match offers {
        Some(Ok(Offers { numbers, price, regulations })) => {
            (price, regulations, numbers.into_iter().find(|offer| offer.number == wanted))
        }
        Some(Err(NotTold { word, code })) => {
            not_told = Some(outcome::error(lang, word, &code.to_string()));
            (None, None, None)
        }
        None => (None, None, None),
    };
    let code = typed("code");
    let error = query.get("error").map(|word| match (word.as_str(), code.as_str()) {
        ("refused", "21422" | "21421") => say!(lang, market.not_there).to_owned(),
        ("refused", "21613" | "21615" | "21631") => say!(lang, market.wants_address).to_owned(),
        ("refused", "21649") => say!(lang, market.wants_bundle).to_owned(),
        ("refused", _) => say!(lang, market.refused, code = code),
        (word, _) => outcome::error(lang, word, &code),
    });
    let error = error.or(not_told);
    let is_gone = offer.is_none() && error.is_none();
    let error = error.or_else(|| is_gone.then(|| say!(lang, market.not_there).to_owned()));
    let why = error.map(|words| {
        view! { <p class="form-error" role="alert">{icon(Icon::WARNING)} <span>{words}</span></p> }
    });
    let other = view! {
        <a href=format!("/settings/numbers/new?country={}&kind={}", search.country, search.kind.code()) class="button">
            {say!(lang, market.other)}
        </a>
    };
    let Some(offer) = offer else {
        return Either::Left(view! { {why} <p>{other}</p> });
    };
    let fact = |name, value: String| view! { <div><dt>{name}</dt><dd>{value}</dd></div> };
    let number = readable(&offer.number);
    let buy = price_known.as_ref().map_or_else(
        || say!(lang, market.buy_plain).to_owned(),
        |known| say!(lang, market.buy, price = price(lang, Some(known))),
    );
    let papers_needed = needs(lang, &offer, regulations.as_deref());
    let wanted = regulations.filter(|regulations| !regulations.is_empty());
    let papers = offer.needs != Needs::Nothing || wanted.is_some();
    let wanted = wanted.map(|regulations| {
        let names = regulations.join("; ");
        view! { <p class="quiet">{say!(lang, market.regulations, names = names)}</p> }
    });
    Either::Right(view! {
        {why}
        <form method="post" action="/settings/numbers/new" class="panel fields">
            <h1>{say!(lang, market.confirm, number = number)}</h1>
            <dl class="facts wide">
                {fact(say!(lang, market.costs), price(lang, price_known.as_ref()))}
                {fact(say!(lang, market.can), texts(lang, &offer).to_owned())}
                {fact(say!(lang, market.needs), papers_needed)}
            </dl>
            <p class="quiet">{say!(lang, market.costs_more)}</p>
            <input type="hidden" name="number" value=offer.number.clone() />
            <input type="hidden" name="country" value=search.country.clone() />
            <input type="hidden" name="kind" value=search.kind.code() />
            <Field name="name" label=say!(lang, numbers.name) known=typed("name") hint=say!(lang, numbers.name_hint) />
            {papers.then(|| view! {
                <h2>{say!(lang, market.papers)}</h2>
                <p class="quiet">{say!(lang, market.papers_more)}</p>
                {wanted}
                <Field name="address" label=say!(lang, market.address) known=typed("address") hint=say!(lang, market.optional) required=false />
                <Field name="bundle" label=say!(lang, market.bundle) known=typed("bundle") hint=say!(lang, market.optional) required=false />
            })}
            <p class="form-end"><button class="button primary">{buy}</button>{other}</p>
        </form>
    })
}

fn kind_words(lang: Lang, kind: Kind) -> &'static str {
    match kind {
        Kind::Local => say!(lang, market.local),
        Kind::Mobile => say!(lang, market.mobile),
        Kind::TollFree => say!(lang, market.toll_free),
    }
}

fn price(lang: Lang, price: Option<&Price>) -> String {
    match price {
        Some(Price { amount, currency }) => say!(lang, market.price, amount = amount, currency = currency),
        None => say!(lang, market.price_unknown).to_owned(),
    }
}

/// Where a number is from, what it can do, and what it needs.
fn facts(lang: Lang, offer: &Offer, regulations: Option<&[String]>) -> String {
    let needs = needs(lang, offer, regulations);
    let facts = [offer.place.as_str(), texts(lang, offer), &needs];
    facts.into_iter().filter(|fact| !fact.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn texts(lang: Lang, offer: &Offer) -> &'static str {
    if offer.texts { say!(lang, market.texts) } else { say!(lang, market.no_texts) }
}

/// The papers that must be given for a number; without the carrier's word on regulations only what is said of its address.
fn needs(lang: Lang, offer: &Offer, regulations: Option<&[String]>) -> String {
    let bundle = regulations.is_some_and(|regulations| !regulations.is_empty());
    let address = match offer.needs {
        Needs::Nothing if bundle => "",
        Needs::Nothing if regulations.is_some() => say!(lang, market.needs_nothing),
        Needs::Nothing => say!(lang, market.needs_no_address),
        Needs::Any => say!(lang, market.needs_any),
        Needs::Local => say!(lang, market.needs_local),
        Needs::Foreign => say!(lang, market.needs_foreign),
    };
    let all = [address, if bundle { say!(lang, market.needs_bundle) } else { "" }];
    all.into_iter().filter(|what| !what.is_empty()).collect::<Vec<_>>().join(" · ")
}

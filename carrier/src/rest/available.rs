//! Numbers that can be bought, and what they cost (Twilio: `AvailablePhoneNumbers`, Pricing v1).

use serde_json::{Value, json};

use super::{
    ask::{Answer, Ask},
    paging,
};
use crate::engine::{ApiError, Engine, Kind, RANGES, Range, contains};

/// What kinds there are in a country.
pub(super) fn country(_: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let code = ask.name("CountryCode");
    let ranges: Vec<&Range> = RANGES.iter().filter(|range| range.country == code).collect();
    let name = ranges.first().map(|range| range.country_name).ok_or_else(ApiError::missing)?;
    let uri = format!("/2010-04-01/Accounts/{}/AvailablePhoneNumbers/{code}", ask.account);
    let sub = [
        (Kind::Local, "local", "Local"),
        (Kind::Mobile, "mobile", "Mobile"),
        (Kind::TollFree, "toll_free", "TollFree"),
    ]
    .into_iter()
    .filter(|(kind, ..)| ranges.iter().any(|range| range.kind == *kind))
    .map(|(_, key, path)| (key.to_owned(), json!(format!("{uri}/{path}.json"))));
    Ok(Answer::Found(json!({
        "country_code": code,
        "country": name,
        "uri": format!("{uri}.json"),
        "beta": false,
        "subresource_uris": sub.collect::<serde_json::Map<_, _>>(),
    })))
}

pub(super) fn local(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    list(engine, ask, Kind::Local)
}

pub(super) fn mobile(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    list(engine, ask, Kind::Mobile)
}

pub(super) fn toll_free(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    list(engine, ask, Kind::TollFree)
}

fn list(engine: &mut Engine, ask: &Ask, kind: Kind) -> Result<Answer, ApiError> {
    let (country, form) = (ask.name("CountryCode"), &ask.form);
    if !RANGES.iter().any(|range| range.country == country && range.kind == kind) {
        return Err(ApiError::missing());
    }
    let pattern = form.some("Contains");
    if pattern.is_some_and(|pattern| contains("", pattern).is_none()) {
        return Err(ApiError::bad(20001, "Contains takes at least two of 0-9, a-z and *"));
    }
    let area = form.some("AreaCode").map(|code| format!("+1{code}"));
    let needs = |name: &str, has: bool| form.flag(name) != Some(true) || has;
    let excluded = |range: &Range| {
        let requirements = range.address_requirements;
        (form.flag("ExcludeAllAddressRequired") == Some(true) && requirements != "none")
            || (form.flag("ExcludeLocalAddressRequired") == Some(true) && requirements == "local")
            || (form.flag("ExcludeForeignAddressRequired") == Some(true) && requirements == "foreign")
    };
    let all = engine.stock(country, kind).into_iter().filter(|(number, range)| {
        pattern.is_none_or(|pattern| contains(number, pattern) == Some(true))
            && area.as_ref().is_none_or(|area| number.starts_with(area.as_str()))
            && form.some("InRegion").is_none_or(|region| region == range.region)
            && form.some("InLocality").is_none_or(|locality| locality == range.locality)
            && needs("SmsEnabled", range.sms)
            && needs("MmsEnabled", false)
            && needs("FaxEnabled", false)
            && !excluded(range)
    });
    let items: Vec<(String, Value)> = all.map(|(number, range)| (number.clone(), render(&number, range))).collect();
    paging::page(ask, "available_phone_numbers", &items)
}

fn render(number: &str, range: &Range) -> Value {
    let some = |text: &'static str| Some(text).filter(|text| !text.is_empty());
    json!({
        "friendly_name": number,
        "phone_number": number,
        "lata": null,
        "locality": some(range.locality),
        "rate_center": null,
        "latitude": null,
        "longitude": null,
        "region": some(range.region),
        "postal_code": null,
        "iso_country": range.country,
        "address_requirements": range.address_requirements,
        "beta": false,
        "capabilities": { "voice": true, "sms": range.sms, "mms": false, "fax": false },
    })
}

/// What numbers of a country cost, in US dollars a month.
pub(super) fn price(_: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let code = ask.name("IsoCountry");
    let ranges = RANGES.iter().filter(|range| range.country == code);
    let mut prices: Vec<Value> = Vec::new();
    for range in ranges.clone() {
        let kind = range.kind.as_str().replace('-', " ");
        if prices.iter().all(|price| price["number_type"] != kind.as_str()) {
            prices.push(json!({ "number_type": kind, "base_price": range.price, "current_price": range.price }));
        }
    }
    let name = ranges.clone().next().map(|range| range.country_name).ok_or_else(ApiError::missing)?;
    Ok(Answer::Found(json!({
        "country": name,
        "iso_country": code,
        "phone_number_prices": prices,
        "price_unit": "USD",
        "url": format!("https://pricing.twilio.com{}", ask.path),
    })))
}

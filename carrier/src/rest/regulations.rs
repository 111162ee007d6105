//! What the law wants to see before a number is sold (Twilio: Numbers v2, Regulation resource). Only what must be known to
//! choose is told: for whom there is a regulation, not which documents it wants.

use serde_json::{Value, json};

use super::{
    ask::{Answer, Ask},
    paging,
};
use crate::engine::RANGES;

/// Who can be the one that uses a number.
const END_USERS: [&str; 2] = ["individual", "business"];

pub(super) fn list(ask: &Ask) -> Answer {
    let wanted = |name: &str, value: &str| ask.form.some(name).is_none_or(|wanted| wanted == value);
    let mut found: Vec<Value> = Vec::new();
    let mut known = Vec::new();
    for range in RANGES.iter().filter(|range| range.documents) {
        let kind = range.kind.as_str();
        if known.contains(&(range.country, kind)) {
            continue;
        }
        known.push((range.country, kind));
        for (n, user) in END_USERS.into_iter().enumerate() {
            let sid = format!("RN{:032x}", known.len() * END_USERS.len() + n);
            if wanted("IsoCountry", range.country) && wanted("NumberType", kind) && wanted("EndUserType", user) {
                found.push(json!({
                    "sid": sid,
                    "friendly_name": format!("{}: {} - {}", range.country_name, capital(kind), capital(user)),
                    "iso_country": range.country,
                    "number_type": kind,
                    "end_user_type": user,
                    "requirements": { "end_user": [], "supporting_document": [] },
                    "url": format!("https://numbers.twilio.com/v2/RegulatoryCompliance/Regulations/{sid}"),
                }));
            }
        }
    }
    paging::whole(&format!("https://numbers.twilio.com{}", ask.path), "results", found)
}

/// With a capital letter.
fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

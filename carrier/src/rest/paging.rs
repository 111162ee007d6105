//! Pages of lists (Twilio: "Twilio's response", paging).

use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::ask::{Answer, Ask};
use crate::engine::ApiError;

/// Answers one page of a list. `items` are all that match, with their SIDs, in the order of the list.
pub(super) fn page(ask: &Ask, name: &str, items: &[(String, Value)]) -> Result<Answer, ApiError> {
    let size = ask.form.number("PageSize").map_or(50, |size| size.clamp(1, 1000) as usize);
    let page = ask.form.number("Page").unwrap_or(0) as usize;
    let start = match ask.form.some("PageToken") {
        Some(token) => {
            let last = token.strip_prefix("PA").unwrap_or_default();
            let at = items.iter().position(|(sid, _)| sid == last);
            at.ok_or_else(|| ApiError::bad(21481, "Invalid page token"))? + 1
        }
        None => page.saturating_mul(size).min(items.len()),
    };
    let end = (start + size).min(items.len());
    let shown = &items[start..end];
    let link = |page: usize, after: Option<&str>| {
        let kept = ask.form.0.iter().filter(|(key, _)| !matches!(key.as_str(), "Page" | "PageToken" | "PageSize"));
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(kept).append_pair("PageSize", &size.to_string()).append_pair("Page", &page.to_string());
        if let Some(sid) = after {
            query.append_pair("PageToken", &format!("PA{sid}"));
        }
        format!("{}?{}", ask.path, query.finish())
    };
    let before = |at: usize| at.checked_sub(1).map(|at| items[at].0.as_str());
    let next = (end < items.len()).then(|| link(page + 1, before(end)));
    let previous = (page > 0).then(|| link(page - 1, before(start.saturating_sub(size))));
    let first = page.saturating_mul(size);
    let mut answer = Map::new();
    answer.insert(name.to_owned(), shown.iter().map(|(_, value)| value.clone()).collect());
    for (key, value) in [
        ("page", json!(page)),
        ("page_size", json!(size)),
        ("start", json!(first)),
        ("end", json!(if shown.is_empty() { first } else { first + shown.len() - 1 })),
        ("uri", json!(link(page, ask.form.some("PageToken").and_then(|token| token.strip_prefix("PA"))))),
        ("first_page_uri", json!(link(0, None))),
        ("next_page_uri", json!(next)),
        ("previous_page_uri", json!(previous)),
    ] {
        answer.insert(key.to_owned(), value);
    }
    Ok(Answer::Found(Value::Object(answer)))
}

/// Answers a whole list as the newer APIs do.
pub(super) fn whole(url: &str, name: &str, items: Vec<Value>) -> Answer {
    let mut answer = Map::new();
    answer.insert(name.to_owned(), Value::Array(items));
    let meta = json!({
        "page": 0,
        "page_size": 50,
        "first_page_url": format!("{url}?PageSize=50&Page=0"),
        "previous_page_url": null,
        "next_page_url": null,
        "key": name,
        "url": url,
    });
    answer.insert("meta".to_owned(), meta);
    Answer::Found(Value::Object(answer))
}

//! `/api/docs`: every operation of the API, from its own description (`OpenAPI` 3.1).

use leptos::prelude::*;
use leptos_meta::Title;
use serde_json::{Map, Value};
use switchyard::webhooks::EventType;

use crate::{
    api::visit::Visit,
    lang::{Lang, use_lang},
    pages::webhooks::words,
    say,
    ui::{
        mark::Mark,
        switches::{LanguageSwitch, ThemeSwitch},
    },
};

/// The description. It is written in English, as what it describes is.
#[component]
pub(crate) fn ApiDocsPage() -> impl IntoView {
    let lang = use_lang();
    let api = Visit::current().map(|visit| visit.api).unwrap_or_default();
    let operations = entries(&api["paths"])
        .flat_map(|(path, methods)| entries(methods).map(move |(method, operation)| (path, method, operation)))
        .map(|(path, method, operation)| self::operation(path, method, operation))
        .collect_view();
    let schemas =
        entries(&api["components"]["schemas"]).map(|(name, schema)| self::schema(name, schema)).collect_view();
    let problems = api["x-problems"].as_array().into_iter().flatten().map(problem).collect_view();
    view! {
        <Title text=say!(lang, api.docs_title) />
        <div class="page">
            <header class="top">
                <a href="/" class="brand"><Mark /><span class="brand-name">{say!(lang, product)}</span></a>
                <span class="spacer"></span>
                <ThemeSwitch />
                <LanguageSwitch />
            </header>
            <main class="settings docs">
                <div class="settings-head">
                    <div>
                        <h1>{say!(lang, api.docs_title)}</h1>
                        <p class="quiet" lang="en">{text(&api["info"]["description"])}</p>
                    </div>
                    <a href="/api/openapi.json" class="button">"OpenAPI"</a>
                </div>
                <div class="doc-list" lang="en">{operations}</div>
                <Webhooks />
                <h2>{say!(lang, api.docs_problems)}</h2>
                <div class="table-wrap" tabindex="0" role="region" aria-label=say!(lang, api.docs_problems) lang="en"><table><tbody>{problems}</tbody></table></div>
                <h2>{say!(lang, api.docs_types)}</h2>
                <div class="doc-list" lang="en">{schemas}</div>
            </main>
        </div>
    }
}

/// What endpoints are told of, and how they know that it is us.
#[component]
fn Webhooks() -> impl IntoView {
    let lang = use_lang();
    let rows = EventType::ALL.into_iter().chain([EventType::Test]).map(|event| {
        view! { <tr><th scope="row"><code>{event.code()}</code></th><td>{words::event(Lang::En, event)}</td></tr> }
    });
    view! {
        <h2 id="webhooks">{say!(lang, api.docs_webhooks)}</h2>
        <div class="doc" lang="en">
            <p>
                "Addresses that are named under Settings, Webhooks, are told what happens to calls, as "
                <a href="https://www.standardwebhooks.com">"Standard Webhooks"</a>
                " says: a POST with JSON, "<code>"{\"type\", \"timestamp\", \"data\": {\"workspace\", \"sequence\", \"agent\", \"by\", \"call\"}}"</code>
                ". A call is as in "<code>"/api/v1/calls/live"</code>", or, when it is over, as in "<code>"/api/v1/calls"</code>
                "; messages of one workspace are ordered by "<code>"sequence"</code>", and may come in another order or twice."
            </p>
            <p>
                "Verify each with one of its libraries: "<code>"webhook-signature"</code>" is the HMAC-SHA256 of "
                <code>"webhook-id.webhook-timestamp.body"</code>" with the secret that was shown. Answer 2xx within 15 seconds. What is not taken is sent again "
                "seven times in 28 hours, always with the same "<code>"webhook-id"</code>"; 410 ends it for good."
            </p>
        </div>
        <div class="table-wrap" tabindex="0" role="region" aria-label=say!(lang, api.docs_webhooks) lang="en"><table><tbody>{rows.collect_view()}</tbody></table></div>
    }
}

fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter).map(|(name, value)| (name.as_str(), value))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn operation(path: &str, method: &str, operation: &Value) -> impl IntoView + use<> {
    let said = [text(&operation["summary"]), text(&operation["description"])];
    let said = said.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ");
    let scopes: Vec<String> = operation["security"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|one| one["token"].as_array().into_iter().flatten())
        .map(text)
        .collect();
    let parameters = operation["parameters"].as_array().into_iter().flatten().map(|one| {
        let about = text(&one["description"]);
        view! { <tr><th scope="row"><code>{text(&one["name"])}</code></th><td>{text(&one["in"])}</td><td>{about}</td></tr> }
    });
    let parameters: Vec<_> = parameters.collect();
    let body = type_of(&operation["requestBody"]["content"]["application/json"]["schema"]);
    let answers = entries(&operation["responses"])
        .map(|(status, answer)| {
            let content = entries(&answer["content"]).map(|(_, content)| type_of(&content["schema"])).next();
            view! { <li><code>{status.to_owned()}</code>" "{content.flatten().unwrap_or_default()}</li> }
        })
        .collect_view();
    view! {
        <article class="panel doc">
            <h2><code class="doc-method" data-method=method.to_owned()>{method.to_uppercase()}</code>" "<code>{path.to_owned()}</code></h2>
            <p>{said}</p>
            <p class="quiet">"Scope: "<code>{scopes.join(" ")}</code></p>
            {(!parameters.is_empty()).then(|| view! { <div class="table-wrap" tabindex="0" role="region" aria-label=format!("Parameters of {path}")><table><tbody>{parameters}</tbody></table></div> })}
            {body.map(|body| view! { <p>"Body: "<code>{body}</code></p> })}
            <ul>{answers}</ul>
        </article>
    }
}

fn schema(name: &str, schema: &Value) -> impl IntoView + use<> {
    let rows = entries(&schema["properties"])
        .map(|(field, about)| {
            let kind = type_of(about).unwrap_or_default();
            view! { <tr><th scope="row"><code>{field.to_owned()}</code></th><td><code>{kind}</code></td><td>{text(&about["description"])}</td></tr> }
        })
        .collect_view();
    view! {
        <article class="panel doc" id=format!("type-{name}")>
            <h3><code>{name.to_owned()}</code></h3>
            <p>{text(&schema["description"])}</p>
            <div class="table-wrap" tabindex="0" role="region" aria-label=name.to_owned()><table><tbody>{rows}</tbody></table></div>
        </article>
    }
}

/// What can go wrong: its kind, its status, and what it means.
fn problem(problem: &Value) -> impl IntoView + use<> {
    let (kind, id) = (text(&problem[0]), text(&problem[0]));
    view! {
        <tr id=id>
            <th scope="row"><code>{kind}</code></th>
            <td class="digits">{problem[1].to_string()}</td>
            <td>{text(&problem[2])}</td>
        </tr>
    }
}

/// A type in a few letters: `string`, `Person`, `[Person]`, `string | null`.
fn type_of(schema: &Value) -> Option<String> {
    if let Some(name) = schema["$ref"].as_str() {
        return name.rsplit('/').next().map(str::to_owned);
    }
    if let Some(any) = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array()) {
        return Some(any.iter().filter_map(type_of).collect::<Vec<_>>().join(" | "));
    }
    match &schema["type"] {
        Value::String(kind) if kind == "array" => Some(format!("[{}]", type_of(&schema["items"]).unwrap_or_default())),
        Value::String(kind) => Some(kind.clone()),
        Value::Array(kinds) => Some(kinds.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" | ")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::type_of;

    #[test]
    fn types_are_told_in_a_few_letters() {
        for (schema, said) in [
            (json!({ "type": "string" }), "string"),
            (json!({ "type": ["string", "null"] }), "string | null"),
            (json!({ "$ref": "#/components/schemas/Person" }), "Person"),
            (json!({ "type": "array", "items": { "$ref": "#/components/schemas/Person" } }), "[Person]"),
        ] {
            assert_eq!(type_of(&schema).as_deref(), Some(said));
        }
    }
}

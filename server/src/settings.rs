//! The forms of the settings page for Twilio. They work without scripts, and answer with a redirect.

mod kept;
mod view;

pub use self::kept::accept;

use axum::{
    Extension, Json,
    extract::{FromRequestParts, RawForm, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use serde_json::json;
use switchyard::{drift::Subject, ports::Session, rights::Right};
use url::form_urlencoded;

use crate::{
    auth::SignedIn,
    state::Deps,
    twilio::setup::{KeyWish, Left, SetupError, Wish},
    vault::Secret,
};

/// What was typed into a form: names with their values, in order.
struct Typed(Vec<(String, String)>);

impl Typed {
    fn read(form: &[u8]) -> Self {
        Self(form_urlencoded::parse(form).into_owned().collect())
    }

    fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone()).collect()
    }
}

/// Whoever asks and may set their workspace up; nobody else gets further.
pub struct Allowed(pub(crate) Session);

impl FromRequestParts<Deps> for Allowed {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &Deps) -> Result<Self, Response> {
        match parts.extensions.get::<SignedIn>().and_then(|SignedIn(session)| session.as_ref()) {
            None => Err(Redirect::to(&format!("/sign-in?next={}", page_of(parts.uri.path()))).into_response()),
            Some(session) if session.role.may(Right::SetUp) => Ok(Self(session.clone())),
            Some(_) => Err((StatusCode::FORBIDDEN, "only owners and admins set this up").into_response()),
        }
    }
}

/// The settings page that a form is on: it is sent there, or to a path below.
fn page_of(path: &str) -> &str {
    path.match_indices('/').nth(2).and_then(|(end, _)| path.get(..end)).unwrap_or(path)
}

/// Back to the page, which says what was done or why not. `typed` stays in the form; nothing secret is in it.
fn back(done: &str, result: Result<(), SetupError>, typed: &[(&str, &str)]) -> Response {
    let mut query = form_urlencoded::Serializer::new(String::new());
    match result {
        Ok(()) => query.append_pair("done", done),
        Err(error) => {
            tracing::warn!(%error, "not set up at Twilio");
            query.append_pair("error", error.word());
            if let SetupError::Refused { code, .. } = error {
                query.append_pair("code", &code.to_string());
            }
            query.extend_pairs(typed)
        }
    };
    Redirect::to(&format!("/settings/twilio?{}", query.finish())).into_response()
}

/// `POST /settings/twilio`: credentials.
pub async fn connect(State(deps): State<Deps>, Allowed(session): Allowed, RawForm(form): RawForm) -> Response {
    let typed = Typed::read(&form);
    let key = if !typed.get("key").is_empty() {
        KeyWish::Own { sid: typed.get("key").to_owned(), secret: Secret::new(typed.get("secret")) }
    } else if typed.get("make_key").is_empty() {
        KeyWish::Keep
    } else {
        KeyWish::Make
    };
    let wish = Wish {
        account: typed.get("account").to_owned(),
        token: Secret::new(typed.get("token")),
        key,
        countries: typed.get("countries").to_owned(),
    };
    let again: Vec<_> = ["account", "countries"].map(|name| (name, typed.get(name))).into();
    let setup = deps.setup.acting(&session);
    match setup.connect(&session.workspace, wish).await {
        Ok(left) => kept::told_of("connected", &left),
        Err(error) => back("connected", Err(error), &again),
    }
}

/// `POST /settings/twilio/numbers`: the numbers that are ticked ring here, and no others.
pub async fn numbers(State(deps): State<Deps>, Allowed(session): Allowed, RawForm(form): RawForm) -> Response {
    let (setup, chosen) = (deps.setup.acting(&session), Typed::read(&form).all("number"));
    back("numbers", setup.choose(&session.workspace, &chosen).await, &[])
}

/// `POST /settings/twilio/restore`: every number is put back as it was.
pub async fn restore(State(deps): State<Deps>, Allowed(session): Allowed) -> Response {
    let setup = deps.setup.acting(&session);
    back("restored", setup.restore(&session.workspace).await.map(drop), &[])
}

/// `POST /settings/twilio/check`: compares with Twilio.
pub async fn check(State(deps): State<Deps>, Allowed(session): Allowed) -> Response {
    back("checked", deps.setup.check(&session.workspace).await.map(drop), &[])
}

/// `POST /settings/twilio/repair`: one property of the application or of a number, or everything.
pub async fn repair(State(deps): State<Deps>, Allowed(session): Allowed, RawForm(form): RawForm) -> Response {
    let (setup, typed) = (deps.setup.acting(&session), Typed::read(&form));
    let subject = match typed.get("number") {
        "" => Subject::Application,
        number => Subject::Number(number.to_owned()),
    };
    let repaired = match typed.get("field") {
        "" => setup.configure(&session.workspace).await.map(drop),
        field => setup.repair(&session.workspace, &subject, field).await,
    };
    back("repaired", repaired, &[])
}

/// `POST /settings/twilio/forget`: a number that vanished.
pub async fn forget(State(deps): State<Deps>, Allowed(session): Allowed, RawForm(form): RawForm) -> Response {
    let (setup, typed) = (deps.setup.acting(&session), Typed::read(&form));
    back("forgotten", setup.forget_number(&session.workspace, typed.get("number")).await, &[])
}

/// `POST /settings/twilio/key`: a new API key.
pub async fn key(State(deps): State<Deps>, Allowed(session): Allowed) -> Response {
    let setup = deps.setup.acting(&session);
    match setup.new_key(&session.workspace).await {
        Ok(key) => kept::told_of("key", &Left { key, numbers: Vec::new() }),
        Err(error) => back("key", Err(error), &[]),
    }
}

/// `POST /settings/twilio/token`: another auth token.
pub async fn token(State(deps): State<Deps>, Allowed(session): Allowed) -> Response {
    let setup = deps.setup.acting(&session);
    back("token", setup.rotate_token(&session.workspace).await, &[])
}

/// `POST /api/configure-twiml-app`: the application is found or made, and the chosen numbers point at it.
pub async fn configure(State(deps): State<Deps>, Extension(SignedIn(session)): Extension<SignedIn>) -> Response {
    let Some(session) = session else { return (StatusCode::UNAUTHORIZED, "sign in first").into_response() };
    if !session.role.may(Right::SetUp) {
        return (StatusCode::FORBIDDEN, "only owners and admins set this up").into_response();
    }
    let setup = deps.setup.acting(&session);
    let configured = async {
        let findings = setup.configure(&session.workspace).await?;
        let connection = setup.connection(&session.workspace).await?;
        let numbers = setup.store.connected_numbers(&session.workspace).await?;
        Ok::<_, SetupError>((connection.application, numbers, findings))
    };
    match configured.await {
        Ok((application, numbers, findings)) => {
            let numbers: Vec<String> = numbers.into_iter().map(|known| known.number).collect();
            Json(json!({ "application": application, "numbers": numbers, "findings": findings })).into_response()
        }
        Err(error) => {
            let status = match error {
                SetupError::NotConnected | SetupError::Unreached(_) => StatusCode::CONFLICT,
                SetupError::Unavailable | SetupError::Vault(_) => StatusCode::SERVICE_UNAVAILABLE,
                _ => StatusCode::BAD_GATEWAY,
            };
            (status, Json(json!({ "error": error.word(), "message": error.to_string() }))).into_response()
        }
    }
}

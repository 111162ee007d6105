//! The workspace's numbers.

use axum::{Json, extract::State};
use serde::Serialize;
use switchyard::{
    drift::Findings,
    hours::{Day, Hours, clock, zone_of},
    numbers::Number,
    ports::Session,
    rights::Right,
    token::Scope,
};
use utoipa::ToSchema;

use super::{
    caller::Caller,
    page::{Page, Which},
    problem::Problem,
    read::Named,
};
use crate::{numbers::home, state::Deps};

/// A number on which the workspace is called.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Number)]
pub(super) struct NumberView {
    /// E.164.
    number: String,
    /// What the workspace calls it.
    label: String,
    /// Whether calls to it come here.
    rings_here: bool,
    /// How it is at Twilio, as far as is known: `rings`, `differs` (something is not as it was set up), `gone`, `suspended` or
    /// `closed` (the account is), `token_refused`, `sealed` (our own secrets cannot be opened), or `elsewhere` when it was not chosen to ring here.
    state: &'static str,
    /// Whether it is the one that is shown by those who have none of their own.
    is_default: bool,
    /// The ids of those who answer its calls; none is everybody.
    answered_by: Option<Vec<String>>,
    /// When it is open each week, in order; none is always.
    hours: Option<Vec<Open>>,
    /// Where it is these hours, by IANA's name of the time zone.
    zone: String,
}

/// A time of the week at which a number is open.
#[derive(Debug, Serialize, ToSchema)]
struct Open {
    /// `mon`, `tue`, `wed`, `thu`, `fri`, `sat` or `sun`.
    day: &'static str,
    /// The first minute.
    #[schema(example = "09:00")]
    from: String,
    /// The minute after the last, `24:00` for midnight.
    #[schema(example = "17:00")]
    to: String,
}

fn week(hours: &Hours) -> Vec<Open> {
    let on = |day: Day| {
        let spans = hours.on(day).iter();
        spans.map(move |span| Open { day: day.code(), from: clock(span.from), to: clock(span.to) })
    };
    Day::ALL.into_iter().flat_map(on).collect()
}

/// The numbers, in order, and how each is shown.
async fn known(deps: &Deps, session: &Session) -> Result<(Vec<Number>, impl Fn(Number) -> NumberView), Problem> {
    if !session.role.may(Right::SetUp) {
        return Err(Problem::Forbidden);
    }
    let numbers = deps.store.numbers(&session.workspace).await?;
    let findings = deps.store.findings(&session.workspace).await?;
    // What cannot be read any more is as good as nothing.
    let findings: Option<Findings> = findings.and_then(|findings| serde_json::from_str(&findings).ok());
    let home = home(deps, &session.workspace).await?.ok_or(Problem::NotFound)?;
    let zone = home.zone.unwrap_or_else(|| zone_of(&home.country).to_owned());
    let show = move |number: Number| NumberView {
        state: number.state(findings.as_ref()).code(),
        number: number.number,
        label: number.label,
        rings_here: number.rings_here,
        is_default: number.is_default,
        answered_by: number.answered_by.map(|agents| agents.iter().map(ToString::to_string).collect()),
        hours: number.hours.as_ref().map(week),
        zone: zone.clone(),
    };
    Ok((numbers, show))
}

/// The workspace's numbers, in order.
#[utoipa::path(
    get, path = "/numbers", operation_id = "listNumbers", tag = "numbers", params(Which), security(("token" = ["numbers:read"])),
    responses((status = 200, description = "A page of them", body = Page<NumberView>), Problem)
)]
pub(super) async fn list(
    State(deps): State<Deps>,
    caller: Caller,
    which: Which,
) -> Result<Json<Page<NumberView>>, Problem> {
    let session = caller.within(Scope::NumbersRead)?;
    let (numbers, show) = known(&deps, &session).await?;
    let asked = which.read::<String>()?;
    let after = asked.after.unwrap_or_default();
    let numbers = numbers.into_iter().filter(|number| number.number > after).collect();
    Ok(Json(Page::new(numbers, asked.limit, |number| number.number.clone(), show)))
}

/// One number.
#[utoipa::path(
    get, path = "/numbers/{number}", operation_id = "getNumber", tag = "numbers",
    params(("number" = String, Path, description = "Which, in E.164; its plus may be written `%2B`")),
    security(("token" = ["numbers:read"])),
    responses((status = 200, description = "It", body = NumberView), Problem)
)]
pub(super) async fn one(
    State(deps): State<Deps>,
    caller: Caller,
    Named(number): Named<String>,
) -> Result<Json<NumberView>, Problem> {
    let session = caller.within(Scope::NumbersRead)?;
    let (numbers, show) = known(&deps, &session).await?;
    let known = numbers.into_iter().find(|known| known.number == number);
    known.map(|number| Json(show(number))).ok_or(Problem::NotFound)
}

//! The workspace's numbers.

use axum::{Json, extract::State};
use serde::Serialize;
use switchyard::{numbers::Number, rights::Right, token::Scope};
use utoipa::ToSchema;

use super::{
    caller::Caller,
    page::{Page, Which},
    problem::Problem,
};
use crate::state::Deps;

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
    /// The ids of those who answer its calls; none is everybody.
    answered_by: Option<Vec<String>>,
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
    if !session.role.may(Right::SetUp) {
        return Err(Problem::Forbidden);
    }
    let asked = which.read::<String>()?;
    let numbers = deps.store.numbers(&session.workspace).await?;
    let after = asked.after.unwrap_or_default();
    let numbers = numbers.into_iter().filter(|number| number.number > after).collect();
    let show = |number: Number| NumberView {
        number: number.number,
        label: number.label,
        rings_here: number.rings_here,
        answered_by: number.answered_by.map(|agents| agents.iter().map(ToString::to_string).collect()),
    };
    Ok(Json(Page::new(numbers, asked.limit, |number| number.number.clone(), show)))
}

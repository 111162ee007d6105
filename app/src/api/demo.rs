//! Accounts that may be used without a password, on a demo installation.
#![cfg_attr(
    feature = "ssr",
    expect(clippy::unused_async, reason = "functions of the server are asynchronous, whatever they do")
)]

use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};
use switchyard::{agent::Role, id::AgentId};

use super::AskError;

/// Somebody whom visitors of a demo may be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoAccount {
    /// Who.
    pub agent: AgentId,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Their digits.
    pub extension: String,
}

/// Everyone whom a visitor may be; nobody when this is no demo.
#[server(prefix = "/api/fn", endpoint = "demo_accounts", input = Json, output = Json)]
pub async fn demo_accounts() -> Result<Vec<DemoAccount>, AskError> {
    let visit = super::visit::Visit::current()?;
    Ok(visit.demo.map(|accounts| accounts.to_vec()).unwrap_or_default())
}

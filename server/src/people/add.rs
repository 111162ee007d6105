//! Somebody new.

use std::collections::BTreeMap;

use axum::{
    Form,
    extract::State,
    http::request::Parts,
    response::{IntoResponse, Redirect, Response},
};
use rand::RngExt;
use switchyard::{
    agent::{Profile, Role},
    audit::{Deed, differences},
    dialing::DialPlan,
    id::{AgentId, WorkspaceId},
    people::{self, Account, Fault, Language},
    ports::StoreError,
};

use super::{By, not_ours, path_of, plan, trouble};
use crate::{
    auth::Colleague,
    forms::{Fields, again, field},
    state::Deps,
    twilio::setup::Setup,
};

/// How many letters and digits an id has. It is part of a client's identity (Twilio: Access Tokens).
const ID_LENGTH: usize = 12;

/// `POST /people/new`: they are invited, and their page leads to the link that is handed over.
pub async fn add(
    State(deps): State<Deps>,
    Colleague(session): Colleague,
    parts: Parts,
    Form(fields): Fields,
) -> Response {
    let invited = {
        let _turn = deps.people.lock().await;
        invite(&deps.setup, By::Colleague(&session), &fields).await
    };
    match invited {
        Ok(agent) => Redirect::to(&format!("{}?done=added", path_of(&agent))).into_response(),
        Err(faults) => again(&deps, parts, "/people/new", fields, faults).await,
    }
}

/// Adds the person of whom the fields say what the form says.
pub(crate) async fn invite(
    setup: &Setup,
    by: By<'_>,
    fields: &BTreeMap<String, String>,
) -> Result<AgentId, Vec<Fault>> {
    let everyone = setup.store.accounts(by.workspace()).await.map_err(|error| vec![trouble(&error)])?;
    let plan = plan(setup, by.workspace()).await.map_err(|fault| vec![fault])?;
    let said = Said::read(fields, &plan, &everyone, None)?;
    not_ours(setup, by.workspace(), &said.fallback).await.map_err(|fault| vec![fault])?;
    by.may_invite(&everyone, said.role).map_err(|fault| vec![fault])?;
    let id = AgentId::from(new_id());
    let account = said.account(by.workspace(), id.clone());
    match setup.store.put_account(&account).await {
        Ok(()) => {
            setup.note(by.workspace(), by.actor(), Deed::PersonInvited, &account, differences(None, &account)).await;
            Ok(id)
        }
        // Somebody in another process was faster.
        Err(StoreError::Taken) => Err(vec![Fault::ExtensionTaken]),
        Err(error) => Err(vec![trouble(&error)]),
    }
}

/// What a form says of a person, all of it right.
pub(super) struct Said {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) extension: String,
    pub(super) role: Role,
    pub(super) language: Option<Language>,
    pub(super) fallback: people::Fallback,
}

impl Said {
    /// Reads a form about `whom`, or about somebody new; all its faults at once.
    pub(super) fn read(
        fields: &BTreeMap<String, String>,
        plan: &DialPlan,
        everyone: &[Account],
        whom: Option<&AgentId>,
    ) -> Result<Self, Vec<Fault>> {
        let typed = |name| field(fields, name);
        // Extensions from before emergency numbers were looked at may be such: one is judged when it changes.
        let account = everyone.iter().find(|account| Some(&account.profile.id) == whom);
        let kept = account.map(|account| &account.profile.extension).filter(|had| *had == typed("extension").trim());
        let role = Role::ALL.into_iter().find(|role| role.code() == typed("role")).ok_or(Fault::RoleUnknown);
        // A form that says nothing of it leaves it as it is.
        let fallback = match fields.get("fallback") {
            Some(chosen) => people::fallback(chosen, typed("mobile"), plan),
            None => Ok(account.map(|account| account.fallback.clone()).unwrap_or_default()),
        };
        let (name, email, extension, language) = (
            people::name(typed("name")),
            people::email(typed("email")),
            kept.map_or_else(|| people::extension(typed("extension"), plan), |kept| Ok(kept.clone())),
            people::language(typed("language")),
        );
        let said = |text: &Result<String, Fault>| text.clone().unwrap_or_default();
        let mut faults = people::taken(everyone, whom, &said(&email), &said(&extension));
        match (name, email, extension, role, language, fallback) {
            (Ok(name), Ok(email), Ok(extension), Ok(role), Ok(language), Ok(fallback)) if faults.is_empty() => {
                Ok(Self { name, email, extension, role, language, fallback })
            }
            (name, email, extension, role, language, fallback) => {
                let wrong = [name.err(), email.err(), extension.err(), role.err(), language.err(), fallback.err()];
                faults.extend(wrong.into_iter().flatten());
                Err(faults)
            }
        }
    }

    fn account(self, workspace: &WorkspaceId, id: AgentId) -> Account {
        Account {
            workspace: workspace.clone(),
            profile: Profile { id, name: self.name, extension: self.extension, role: self.role },
            email: self.email,
            language: self.language,
            fallback: self.fallback,
            caller_id: None,
            joined: None,
            deactivated: None,
        }
    }
}

/// A new id: letters and digits.
pub(crate) fn new_id() -> String {
    const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    let mut rng = rand::rng();
    // The first is a letter, so that nobody takes it for a number.
    let letter = |at: usize, rng: &mut rand::rngs::ThreadRng| {
        let among = if at == 0 { 26 } else { LETTERS.len() };
        LETTERS.get(rng.random_range(0..among)).copied().map_or('x', char::from)
    };
    (0..ID_LENGTH).map(|at| letter(at, &mut rng)).collect()
}

#[cfg(test)]
mod tests {
    use super::{ID_LENGTH, new_id};

    #[test]
    fn ids_fit_into_identities() {
        let ids: std::collections::HashSet<_> = (0..1000).map(|_| new_id()).collect();
        assert_eq!(ids.len(), 1000);
        for id in ids {
            assert!(id.len() == ID_LENGTH && id.starts_with(|c: char| c.is_ascii_lowercase()));
            assert!(id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()), "{id}");
        }
    }
}

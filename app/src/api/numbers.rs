//! The workspace's numbers, for pages that stay on the server, and what a page may ask of those that can be bought.

use switchyard::{
    call::Line,
    drift::Findings,
    numbers::{self, Number, State},
    people::Account,
    ports::{Session, StoreError, Workspace},
    rights::Right,
};

use super::{AskError, visit::Visit};

/// The workspace's numbers, and what belongs to showing them.
pub(crate) struct Numbers {
    /// In order.
    pub(crate) all: Vec<Number>,
    /// The people of the workspace, by extension.
    pub(crate) everyone: Vec<Account>,
    /// The workspace itself.
    pub(crate) home: Workspace,
    /// Whether it is connected with its carrier.
    pub(crate) connected: bool,
    findings: Option<Findings>,
}

impl Numbers {
    /// The number with these digits.
    pub(crate) fn find(&self, digits: &str) -> Option<&Number> {
        self.all.iter().find(|number| number.number.strip_prefix('+') == Some(digits))
    }

    /// How a number is at the carrier.
    pub(crate) fn state(&self, number: &Number) -> State {
        number.state(self.findings.as_ref())
    }
}

/// The workspace's numbers. `Ok(None)` for those who may not set it up.
pub(crate) async fn numbers() -> Result<Option<Numbers>, AskError> {
    let (visit, Session { workspace, role, .. }) = Visit::signed_in()?;
    if !role.may(Right::SetUp) {
        return Ok(None);
    }
    let unavailable = |_| AskError::Unavailable;
    let store = &visit.store;
    let home = store.workspaces().await.map_err(unavailable)?.into_iter().find(|home| home.id == workspace);
    let findings = store.findings(&workspace).await.map_err(unavailable)?;
    Ok(Some(Numbers {
        all: store.numbers(&workspace).await.map_err(unavailable)?,
        everyone: store.accounts(&workspace).await.map_err(unavailable)?,
        home: home.ok_or(AskError::SignedOut)?,
        connected: store.connection(&workspace).await.map_err(unavailable)?.is_some(),
        // What cannot be read any more is as good as nothing.
        findings: findings.and_then(|findings| serde_json::from_str(&findings).ok()),
    }))
}

/// The name of the number that whoever looks shows when they call. What cannot be had is not shown.
pub(crate) async fn own_line() -> Option<String> {
    let (visit, session) = Visit::signed_in().ok()?;
    Some(shown_line(&visit, &session).await.ok()??.label)
}

/// The number that whoever looks shows when they call, if the workspace has any that rings here.
pub(crate) async fn shown_line(visit: &Visit, session: &Session) -> Result<Option<Line>, StoreError> {
    let Session { workspace, agent, .. } = session;
    let numbers = visit.store.numbers(workspace).await?;
    let account = visit.store.account(workspace, agent).await?;
    let chosen = account.as_ref().and_then(|account| account.caller_id.as_deref());
    Ok(numbers::shown(&numbers, agent, chosen).map(Number::line))
}

/// What somebody looks for.
#[derive(Clone, Debug)]
pub struct Search {
    /// By ISO 3166-1.
    pub country: String,
    /// Of which kind.
    pub kind: Kind,
    /// Digits, letters and `*` that it has.
    pub contains: String,
}

/// What sort of number it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Of a place.
    Local,
    /// Of mobile phones.
    Mobile,
    /// Whoever calls pays nothing.
    TollFree,
}

impl Kind {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Local, Self::Mobile, Self::TollFree];

    /// Its name in addresses.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Mobile => "mobile",
            Self::TollFree => "toll_free",
        }
    }
}

/// What there is.
#[derive(Clone, Debug)]
pub struct Offers {
    /// Numbers that can be bought.
    pub numbers: Vec<Offer>,
    /// What each costs a month.
    pub price: Option<Price>,
    /// The regulations for which a bundle of documents must be given, by their names at the carrier; `None` when it does not tell.
    pub regulations: Option<Vec<String>>,
}

/// A number that can be bought.
#[derive(Clone, Debug)]
pub struct Offer {
    /// E.164.
    pub number: String,
    /// Where it is from, if it is from anywhere.
    pub place: String,
    /// Whether it takes text messages.
    pub texts: bool,
    /// Which address must be given for it.
    pub needs: Needs,
}

/// An address that must be given for a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// None.
    Nothing,
    /// Any.
    Any,
    /// One in the number's country.
    Local,
    /// One outside it.
    Foreign,
}

/// An amount of money.
#[derive(Clone, Debug)]
pub struct Price {
    /// How much.
    pub amount: String,
    /// Of what, by ISO 4217.
    pub currency: String,
}

/// Why the carrier did not tell, in a word, with its code.
#[derive(Clone, Debug)]
pub struct NotTold {
    /// The word.
    pub word: &'static str,
    /// The code, 0 when there is none.
    pub code: u32,
}

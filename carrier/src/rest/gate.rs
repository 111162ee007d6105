//! Who is let in, and where (Twilio: "Authentication" of its REST API, Subaccounts, Key resource v1, error 20003): an account's
//! own tokens open everything of it, and of the accounts that belong to it what the API of 2010 has; its keys open what their
//! kind allows.

use axum::http::{HeaderMap, Method, header::AUTHORIZATION};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use subtle::ConstantTimeEq;

use super::permissions;
use crate::engine::{Account, AccountStatus, ApiError, Engine, KeyKind};

/// One account.
const ACCOUNT: &str = "/2010-04-01/Accounts/{Sid}";
/// An account and those that belong to it.
const ACCOUNTS: &str = "/2010-04-01/Accounts.json";
/// Where calls are ended.
const CALL: &str = "/2010-04-01/Accounts/{AccountSid}/Calls/{Sid}";

/// A request at the gate.
pub(super) struct Knock<'a> {
    pub(super) headers: &'a HeaderMap,
    pub(super) method: &'a Method,
    /// The path's template and the names in it.
    pub(super) template: &'a str,
    pub(super) names: &'a [(String, String)],
}

/// Whoever was let in.
#[derive(Debug)]
pub(super) struct Admitted {
    /// The account that is asked about.
    pub(super) account: String,
    /// The account whose credentials these are.
    pub(super) by: String,
}

/// What somebody shows.
enum Pass<'a> {
    Token,
    Key(&'a KeyKind),
}

impl Knock<'_> {
    /// Lets somebody in, by basic authentication. The newer paths don't name an account, and are about that of the credentials.
    pub(super) fn admit(&self, engine: &Engine) -> Result<Admitted, ApiError> {
        let (user, password) = credentials(self.headers).ok_or_else(ApiError::unknown)?;
        let (holder, pass) = opened(engine, &user, &password).ok_or_else(ApiError::unknown)?;
        let named = self.names.first().map(|(_, value)| value.strip_suffix(".json").unwrap_or(value));
        let named = named.filter(|_| self.template.starts_with("/2010")).unwrap_or(&holder.sid);
        let subject = engine.directory.accounts.get(named).ok_or_else(ApiError::unknown)?;
        let own = subject.sid == holder.sid;
        if !own && !engine.directory.is_of(&subject.sid, &holder.sid) {
            return Err(ApiError::unknown());
        }
        self.check(&pass, own)?;
        let works = |account| engine.directory.status(account) == AccountStatus::Active;
        if !works(subject) && !self.is_open(engine, own, works(holder)) {
            let message = format!("Account is {}", engine.directory.status(subject).as_str());
            return Err(ApiError { status: 403, code: 20005, message });
        }
        Ok(Admitted { account: subject.sid.clone(), by: holder.sid.clone() })
    }

    /// Whether a pass is good for what is asked.
    fn check(&self, pass: &Pass<'_>, own: bool) -> Result<(), ApiError> {
        let accounts = matches!(self.template, ACCOUNT | ACCOUNTS);
        let main_only = accounts || self.template.contains("/Keys") || self.template.contains("/AuthTokens/");
        let is_good = match pass {
            Pass::Token => true,
            // "Main account API keys are only available to access main account resources": of those that belong to it they
            // open the accounts themselves.
            Pass::Key(KeyKind::Main) => own || accounts,
            Pass::Key(KeyKind::Standard) => own && !main_only,
            Pass::Key(KeyKind::Restricted(policy)) if own => {
                return match permissions::needed(self.template, self.method) {
                    Some(needed) if permissions::allows(policy, &needed) => Ok(()),
                    Some(needed) => Err(unauthorised(&format!(": required permission {needed} is missing"))),
                    None => Err(unauthorised("")),
                };
            }
            Pass::Key(KeyKind::Restricted(_)) => false,
        };
        if is_good { Ok(()) } else { Err(ApiError::unknown()) }
    }

    /// What can be done with an account that does not work. It can say so of itself; whoever owns it can read what there is,
    /// end calls, release numbers, and let it work again (Twilio: Subaccounts). That nothing else goes is not documented.
    fn is_open(&self, engine: &Engine, own: bool, owner_works: bool) -> bool {
        let reads = *self.method == Method::GET;
        if own {
            return reads && matches!(self.template, ACCOUNT | ACCOUNTS) && engine.quirks.suspended_account_can_be_read;
        }
        let changes = matches!(self.template, ACCOUNT | CALL) || *self.method == Method::DELETE;
        // While the owner itself is suspended, it is told so where it tries (21476).
        if owner_works { reads || changes } else { self.template == ACCOUNT }
    }
}

/// The account whose credentials these are.
fn opened<'a>(engine: &'a Engine, user: &str, password: &str) -> Option<(&'a Account, Pass<'a>)> {
    let is_right = |secret: &String| bool::from(secret.as_bytes().ct_eq(password.as_bytes()));
    let accounts = &engine.directory.accounts;
    if let Some(account) = accounts.get(user) {
        let mut tokens = [Some(&account.auth_token), account.secondary.as_ref()].into_iter().flatten();
        return tokens.any(is_right).then_some((account, Pass::Token));
    }
    let (account, key) = accounts.values().find_map(|account| Some((account, account.keys.get(user)?)))?;
    is_right(&key.secret).then_some((account, Pass::Key(&key.kind)))
}

/// A restricted key lacks a permission (Twilio: error 70051; its words as they were seen).
fn unauthorised(why: &str) -> ApiError {
    ApiError { status: 401, code: 70051, message: format!("Authorization Error{why}") }
}

fn credentials(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    let decoded = STANDARD.decode(encoded.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let (user, password) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

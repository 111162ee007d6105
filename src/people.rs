//! The people of a workspace: their accounts, who may change whom, and what may be said of somebody.

mod fault;

use serde::{Deserialize, Serialize};

pub use self::fault::Fault;

use crate::{
    agent::{Profile, Role, WhenAway},
    dialing::{DialPlan, NumberError},
    id::{AgentId, WorkspaceId},
    rights::Right,
    time::Timestamp,
};

/// The languages in which somebody can be spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English.
    En,
    /// Romanian.
    Ro,
}

impl Language {
    /// As it is stored and sent (ISO 639-1).
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ro => "ro",
        }
    }

    /// The language with this code.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::En, Self::Ro].into_iter().find(|language| language.code() == code)
    }
}

/// Where somebody wants to be reached when they are not here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fallback {
    /// Nowhere.
    #[default]
    Nowhere,
    /// By a message.
    Voicemail,
    /// On another phone, in E.164.
    Mobile(String),
}

impl Fallback {
    /// As it is chosen and sent; the number of a phone is said beside it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Nowhere => "nowhere",
            Self::Voicemail => "voicemail",
            Self::Mobile(_) => "mobile",
        }
    }

    /// The other phone, if it is that.
    pub fn mobile(&self) -> Option<&str> {
        if let Self::Mobile(number) = self { Some(number) } else { None }
    }
}

impl From<&Fallback> for WhenAway {
    fn from(fallback: &Fallback) -> Self {
        match fallback {
            Fallback::Nowhere => Self::Nowhere,
            Fallback::Voicemail => Self::Voicemail,
            Fallback::Mobile(_) => Self::Mobile,
        }
    }
}

/// Whether somebody belongs to the workspace at present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// They have been given a link, or will be, and have not come yet.
    Invited,
    /// They belong to it.
    Active,
    /// They belonged to it. The history still knows their name.
    Deactivated,
}

impl Standing {
    /// In a word, for machines.
    pub fn code(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Deactivated => "deactivated",
        }
    }
}

/// A person's account in one workspace. With one address somebody may have accounts in several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Whose workspace.
    pub workspace: WorkspaceId,
    /// Who they are.
    pub profile: Profile,
    /// What they sign in with, lower case, unique on this installation.
    pub email: String,
    /// The language in which pages speak to them; `None` is that of their browser.
    pub language: Option<Language>,
    /// Where they are reached when they are not here.
    pub fallback: Fallback,
    /// The number that they chose to show when they call; `None` leaves it to [`crate::numbers::shown`].
    pub caller_id: Option<String>,
    /// When they accepted their invitation.
    pub joined: Option<Timestamp>,
    /// When they were deactivated.
    pub deactivated: Option<Timestamp>,
}

impl Account {
    /// Whether they belong to the workspace at present.
    pub fn standing(&self) -> Standing {
        match (self.joined, self.deactivated) {
            (_, Some(_)) => Standing::Deactivated,
            (None, None) => Standing::Invited,
            (Some(_), None) => Standing::Active,
        }
    }
}

/// The host of the addresses of those who were erased: nobody can ever have one there (RFC 2606).
const NOWHERE: &str = "erased.invalid";

impl Account {
    /// What is left of an account when its person is erased: who it was is not known any more, and calls still count.
    #[must_use]
    pub fn erased(&self) -> Self {
        let id = &self.profile.id;
        Self {
            profile: Profile { name: String::new(), extension: id.to_string(), ..self.profile.clone() },
            email: format!("{}-{id}@{NOWHERE}", self.workspace),
            language: None,
            fallback: Fallback::Nowhere,
            ..self.clone()
        }
    }

    /// Whether this is what is left of somebody.
    pub fn is_erased(&self) -> bool {
        self.email.ends_with(NOWHERE)
    }
}

/// What is done to somebody's account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// What is known of them is changed; this is the role that they have then.
    Edit(Role),
    /// They are given a way in: an invitation, or a new password.
    Link,
    /// They belong to the workspace no more.
    Deactivate,
    /// They belong to it again.
    Reactivate,
}

/// Whether `by` may add somebody with this role.
///
/// # Errors
/// Why not.
pub fn may_invite(by: Role, role: Role) -> Result<(), Fault> {
    if !by.may(Right::ManagePeople) {
        return Err(Fault::NotAllowed);
    }
    if by.may_manage(role) { Ok(()) } else { Err(Fault::RoleTooHigh) }
}

/// Whether a program may do so for `by`.
///
/// # Errors
/// Why not.
pub fn program_may_invite(by: Role, role: Role) -> Result<(), Fault> {
    if role.is_for_programs() { may_invite(by, role) } else { Err(Fault::NotByProgram) }
}

/// Whether `by` may do this to `whom`, `everyone` being the people of the workspace.
///
/// # Errors
/// Why not.
pub fn may_change(everyone: &[Account], by: &AgentId, whom: &AgentId, change: Change) -> Result<(), Fault> {
    let find = |id: &AgentId| everyone.iter().find(|account| account.profile.id == *id);
    let (Some(actor), Some(account)) = (find(by), find(whom)) else { return Err(Fault::NotAllowed) };
    let (mine, theirs) = (actor.profile.role, account.profile.role);
    if actor.standing() != Standing::Active || !mine.may_manage(theirs) || account.is_erased() {
        return Err(Fault::NotAllowed);
    }
    keeps_an_owner(everyone, account, change)?;
    match change {
        Change::Deactivate if by == whom => Err(Fault::Yourself),
        Change::Edit(role) if !mine.may_manage(role) => Err(Fault::RoleTooHigh),
        _ => Ok(()),
    }
}

/// Whether a program may do so for `by`: neither to those whom programs do not look after, nor so that somebody becomes one of
/// them.
///
/// # Errors
/// Why not.
pub fn program_may_change(everyone: &[Account], by: &AgentId, whom: &AgentId, change: Change) -> Result<(), Fault> {
    let theirs = everyone.iter().find(|account| account.profile.id == *whom).map(|account| account.profile.role);
    let then = if let Change::Edit(role) = change { Some(role) } else { theirs };
    let is_for_programs = theirs.into_iter().chain(then).all(Role::is_for_programs);
    if is_for_programs { may_change(everyone, by, whom, change) } else { Err(Fault::NotByProgram) }
}

/// Whether whoever runs the installation may do this: no role is above them, and they are nobody in the workspace.
///
/// # Errors
/// Why not.
pub fn operator_may_change(everyone: &[Account], whom: &AgentId, change: Change) -> Result<(), Fault> {
    let account = everyone.iter().find(|account| account.profile.id == *whom).ok_or(Fault::NotAllowed)?;
    if account.is_erased() {
        return Err(Fault::NotAllowed);
    }
    keeps_an_owner(everyone, account, change)
}

fn keeps_an_owner(everyone: &[Account], account: &Account, change: Change) -> Result<(), Fault> {
    let stays_owner = match change {
        Change::Deactivate => false,
        Change::Edit(role) => role == Role::Owner,
        Change::Link | Change::Reactivate => true,
    };
    let is_owner = |account: &Account| account.profile.role == Role::Owner && account.standing() == Standing::Active;
    let another = everyone.iter().any(|other| other.profile.id != account.profile.id && is_owner(other));
    if is_owner(account) && !stays_owner && !another { Err(Fault::LastOwner) } else { Ok(()) }
}

/// The shortest and the longest password, characters. Length is what makes one hard to guess.
pub const PASSWORD_LENGTH: (usize, usize) = (10, 200);
/// How long a link that was handed over works, days.
pub const LINK_DAYS: u32 = 7;
/// The longest name, characters.
const NAME_LENGTH: usize = 80;
/// The longest address, bytes (RFC 5321, 4.5.3.1.3, without the brackets).
const EMAIL_LENGTH: usize = 254;

/// A name as it was typed, without the space around it.
///
/// # Errors
/// It is none.
pub fn name(typed: &str) -> Result<String, Fault> {
    let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err(Fault::NameMissing);
    }
    if name.chars().count() > NAME_LENGTH || name.chars().any(char::is_control) {
        return Err(Fault::NameUnfit);
    }
    Ok(name)
}

/// An address as it was typed, in lower case.
///
/// # Errors
/// It is none. Only what cannot be right is refused: whether somebody reads it, no rule knows.
pub fn email(typed: &str) -> Result<String, Fault> {
    let email = typed.trim().to_lowercase();
    let fits = email.len() <= EMAIL_LENGTH && !email.chars().any(|c| c.is_whitespace() || c.is_control());
    let parts = email.split_once('@').filter(|(local, host)| {
        let labels = || host.split('.');
        let label = |label: &str| {
            !label.is_empty() && !label.starts_with('-') && !label.ends_with('-') && !label.contains(['@', ',', ';'])
        };
        !local.is_empty() && labels().count() > 1 && labels().all(label)
    });
    if fits && parts.is_some() && !email.ends_with(NOWHERE) { Ok(email) } else { Err(Fault::EmailUnfit) }
}

/// An extension as it was typed.
///
/// # Errors
/// It is none, or an emergency number.
pub fn extension(typed: &str, plan: &DialPlan) -> Result<String, Fault> {
    let digits = typed.trim();
    let fits = (2..=6).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    match digits {
        _ if !fits => Err(Fault::ExtensionUnfit),
        _ if plan.is_emergency(digits) => Err(Fault::ExtensionEmergency),
        digits => Ok(digits.to_owned()),
    }
}

/// The first extension from 101 that nobody has, and that may be one.
pub fn free_extension(everyone: &[Account], plan: &DialPlan) -> String {
    (101_u32..=999_999)
        .map(|number| number.to_string())
        .find(|number| {
            !plan.is_emergency(number) && everyone.iter().all(|account| account.profile.extension != *number)
        })
        .unwrap_or_default()
}

/// A language as it was chosen; nothing is that of their browser.
///
/// # Errors
/// There is no such language.
pub fn language(chosen: &str) -> Result<Option<Language>, Fault> {
    if chosen.is_empty() { Ok(None) } else { Language::parse(chosen).map(Some).ok_or(Fault::LanguageUnknown) }
}

/// A password as it was typed: nothing is cut off.
///
/// # Errors
/// It is too short or too long.
pub fn password(typed: &str) -> Result<&str, Fault> {
    let (shortest, longest) = PASSWORD_LENGTH;
    match typed.chars().count() {
        length if length < shortest => Err(Fault::PasswordShort),
        length if length > longest => Err(Fault::PasswordLong),
        _ => Ok(typed),
    }
}

/// Where somebody is reached, as it was chosen and typed; `mobile` counts only when it was chosen.
///
/// # Errors
/// There is no such choice, or the number is none, or in a country that the workspace does not call.
pub fn fallback(chosen: &str, mobile: &str, plan: &DialPlan) -> Result<Fallback, Fault> {
    match chosen {
        "voicemail" => Ok(Fallback::Voicemail),
        "mobile" => plan.dialable(mobile).map(Fallback::Mobile).map_err(|error| match error {
            NumberError::NotANumber => Fault::MobileUnfit,
            NumberError::CountryNotAllowed => Fault::MobileAbroad,
        }),
        "nowhere" => Ok(Fallback::Nowhere),
        _ => Err(Fault::FallbackUnknown),
    }
}

/// What speaks against giving somebody this address and this extension: others have them. `whom` is the account that is
/// changed, if it is there already.
pub fn taken(everyone: &[Account], whom: Option<&AgentId>, email: &str, extension: &str) -> Vec<Fault> {
    let others = || everyone.iter().filter(|account| Some(&account.profile.id) != whom);
    let mut faults = Vec::new();
    if others().any(|account| account.email == email) {
        faults.push(Fault::EmailTaken);
    }
    if others().any(|account| account.profile.extension == extension) {
        faults.push(Fault::ExtensionTaken);
    }
    faults
}

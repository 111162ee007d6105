//! What can be wrong with a form, and with which of its fields.

use crate::{hours::Day, setting::Setting};

/// Why a form cannot be taken as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is no name.
    NameMissing,
    /// The name is too long, or not text.
    NameUnfit,
    /// This is no address.
    EmailUnfit,
    /// Somebody in this workspace has the address.
    EmailTaken,
    /// The address belongs to somebody's account in another workspace too, and cannot be changed from here.
    EmailShared,
    /// An extension is 2 to 6 digits.
    ExtensionUnfit,
    /// The extension is an emergency number.
    ExtensionEmergency,
    /// Somebody in this workspace has the extension.
    ExtensionTaken,
    /// This is no phone number.
    MobileUnfit,
    /// The workspace does not call that country.
    MobileAbroad,
    /// It is one of the workspace's own numbers: it would call itself.
    MobileOurs,
    /// This is no phone number.
    NumberUnfit,
    /// The number is one of the workspace's own.
    NumberOurs,
    /// Another contact has the number.
    NumberTaken,
    /// The note is too long.
    NoteLong,
    /// What cannot be undone was not said to be meant.
    NotSure,
    /// The same of somebody in the workspace.
    NotSureOfPerson,
    /// Nobody was chosen.
    NobodyChosen,
    /// Whoever is to be erased belongs to the workspace.
    StillHere,
    /// A call of whoever is to be erased goes on, or has just ended.
    StillCalling,
    /// The carrier could not be asked.
    CarrierAway,
    /// This is no number of days for which something can be kept.
    DaysUnfit,
    /// This is no number of days for which messages can be kept, or they would be kept longer than their calls.
    MessageDaysUnfit,
    /// This is no number of days for which the audit log can be kept.
    AuditDaysUnfit,
    /// This is no number of days for which deliveries can be kept.
    DeliveryDaysUnfit,
    /// The password is too short.
    PasswordShort,
    /// The password is too long.
    PasswordLong,
    /// This is not the password.
    PasswordWrong,
    /// Too many wrong passwords.
    Throttled,
    /// There is no such role.
    RoleUnknown,
    /// The role is above that of whoever gives it.
    RoleTooHigh,
    /// The pages do not speak this language.
    LanguageUnknown,
    /// Nobody can be reached there.
    FallbackUnknown,
    /// Nobody says this of themselves.
    PresenceUnknown,
    /// A workspace has an owner.
    LastOwner,
    /// Nobody deactivates themselves.
    Yourself,
    /// This is not the code.
    CodeWrong,
    /// A company needs a name of a sensible length.
    WorkspaceUnfit,
    /// This is not the password that they sign in with elsewhere.
    KnownPasswordWrong,
    /// There is no such country.
    CountryUnknown,
    /// There is no such time zone.
    ZoneUnknown,
    /// A number is answered by somebody.
    NobodyAnswers,
    /// They are the only one who answers one of the numbers.
    LastToAnswer,
    /// The workspace has no such number.
    NumberUnknown,
    /// A day's hours are none: opening comes before closing, and the second time after the first.
    HoursUnfit(Day),
    /// Whoever asks may not do this.
    NotAllowed,
    /// No program may, whoever made its token.
    NotByProgram,
    /// The database cannot be reached.
    Unavailable,
    /// A token must be good for something.
    ScopesMissing,
    /// An endpoint must be told of something.
    EventsMissing,
    /// This is no address that messages can be sent to.
    UrlUnfit,
    /// The address belongs to a private network.
    UrlPrivate,
    /// There are as many endpoints as a workspace can have.
    TooManyEndpoints,
    /// This is no number that one of the floor's settings can be.
    SettingUnfit(Setting),
    /// The parking lot cannot be that small now: a call is in one of the slots that would go.
    SlotInUse,
    /// It is saved, but the floor does not show it yet.
    FloorBehind,
}

/// One that stands alone.
impl From<Fault> for Vec<Fault> {
    fn from(fault: Fault) -> Self {
        vec![fault]
    }
}

impl Fault {
    /// The field of the form that it belongs to; `None` is the form itself.
    pub fn field(self) -> Option<&'static str> {
        match self {
            Self::NameMissing | Self::NameUnfit => Some("name"),
            Self::EmailUnfit | Self::EmailTaken | Self::EmailShared => Some("email"),
            Self::ExtensionUnfit | Self::ExtensionEmergency | Self::ExtensionTaken => Some("extension"),
            Self::MobileUnfit | Self::MobileAbroad | Self::MobileOurs => Some("mobile"),
            Self::NumberUnfit | Self::NumberOurs | Self::NumberTaken => Some("number"),
            Self::NoteLong => Some("note"),
            Self::DaysUnfit => Some("days"),
            Self::MessageDaysUnfit => Some("message_days"),
            Self::AuditDaysUnfit => Some("audit_days"),
            Self::DeliveryDaysUnfit => Some("delivery_days"),
            Self::ScopesMissing => Some("scopes"),
            Self::EventsMissing => Some("events"),
            Self::UrlUnfit | Self::UrlPrivate => Some("url"),
            Self::NotSure => Some("sure"),
            Self::NotSureOfPerson => Some("sure_person"),
            Self::NobodyChosen | Self::StillHere => Some("agent"),
            Self::PasswordShort | Self::PasswordLong | Self::KnownPasswordWrong => Some("password"),
            Self::WorkspaceUnfit => Some("workspace"),
            Self::PasswordWrong => Some("current"),
            Self::RoleUnknown | Self::RoleTooHigh | Self::LastOwner => Some("role"),
            Self::LanguageUnknown => Some("language"),
            Self::FallbackUnknown => Some("fallback"),
            Self::PresenceUnknown => Some("presence"),
            Self::CodeWrong => Some("code"),
            Self::CountryUnknown => Some("country"),
            Self::ZoneUnknown => Some("zone"),
            Self::NobodyAnswers | Self::LastToAnswer => Some("answers"),
            Self::NumberUnknown => Some("caller_id"),
            Self::HoursUnfit(day) => Some(day.code()),
            Self::SettingUnfit(setting) => Some(setting.name()),
            Self::SlotInUse => Some(Setting::Slots.name()),
            Self::Throttled
            | Self::Yourself
            | Self::NotAllowed
            | Self::NotByProgram
            | Self::Unavailable
            | Self::StillCalling
            | Self::CarrierAway
            | Self::TooManyEndpoints
            | Self::FloorBehind => None,
        }
    }
}

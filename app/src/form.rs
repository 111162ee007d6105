//! Forms of the pages that stay on the server: what was typed comes back with its faults, each beside its field.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use leptos::prelude::*;
use switchyard::people::Fault;

use crate::{
    api::request,
    lang::{Lang, use_lang},
    say,
    ui::icon::{Icon, icon},
};

/// What was typed into a form that could not be taken, or a link that is shown only now. Nothing on a page that was just
/// opened.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    fields: BTreeMap<String, String>,
    faults: Vec<Fault>,
    link: Option<String>,
}

impl Typed {
    /// What was typed, and why it could not be taken. Passwords are not given back.
    pub fn new(mut fields: BTreeMap<String, String>, faults: Vec<Fault>) -> Self {
        fields.retain(|name, _| !matches!(name.as_str(), "password" | "current"));
        Self { fields, faults, link: None }
    }

    /// A link that was just made.
    pub fn shown_once(link: String) -> Self {
        Self { link: Some(link), ..Self::default() }
    }

    /// That of the page that is being rendered.
    pub(crate) fn current() -> Self {
        use_context().unwrap_or_default()
    }

    /// What a field says: as it was typed, else as it is known.
    pub(crate) fn value(&self, name: &str, known: String) -> String {
        self.fields.get(name).cloned().unwrap_or(known)
    }

    /// Whether a box is ticked: as it was left in the form that has the field `of`, else as it is known.
    pub(crate) fn ticked(&self, of: &str, name: &str, known: bool) -> bool {
        if self.fields.contains_key(of) { self.fields.contains_key(name) } else { known }
    }

    /// The link that was just made.
    pub(crate) fn link(&self) -> Option<String> {
        self.link.clone()
    }

    fn fault(&self, name: &str) -> Option<Fault> {
        self.faults.iter().copied().find(|fault| fault.field() == Some(name))
    }
}

/// Says above a form that it was not taken, and what belongs to no field; and after one that was taken that it was.
#[component]
pub(crate) fn FormNews() -> impl IntoView {
    let lang = use_lang();
    let typed = Typed::current();
    let done = match request::query("done").as_deref() {
        Some("added") => Some(say!(lang, person.added)),
        Some("saved") => Some(say!(lang, person.saved)),
        Some("removed") => Some(say!(lang, contacts.removed)),
        Some("erased") => Some(say!(lang, privacy.done)),
        Some("erasing") => Some(say!(lang, privacy.doing)),
        Some("changed") => Some(say!(lang, profile.changed)),
        Some("bought") => Some(say!(lang, numbers.bought)),
        Some("sent") => Some(say!(lang, webhooks.sent)),
        Some("released") => Some(say!(lang, numbers.released)),
        _ => None,
    };
    let first = typed.faults.first().copied();
    if let Some(fault) = first {
        request::set_status(match fault {
            Fault::Unavailable | Fault::CarrierAway | Fault::FloorBehind => StatusCode::SERVICE_UNAVAILABLE,
            Fault::StillCalling | Fault::SlotInUse => StatusCode::CONFLICT,
            Fault::NotAllowed => StatusCode::FORBIDDEN,
            Fault::Throttled => StatusCode::TOO_MANY_REQUESTS,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        });
    }
    let wrong = first.map(|_| {
        let of_the_form = typed.faults.iter().copied().find(|fault| fault.field().is_none());
        of_the_form.map_or(say!(lang, form.wrong), |fault| words(lang, fault))
    });
    view! {
        {wrong.map(|wrong| view! { <p class="form-error" role="alert">{icon(Icon::WARNING)} <span>{wrong}</span></p> })}
        {done.filter(|_| first.is_none()).map(|done| view! { <p class="form-done" role="status">{icon(Icon::CHECK)} <span>{done}</span></p> })}
    }
}

/// A field with a label, perhaps a hint, and what is wrong with it.
#[component]
pub(crate) fn Field(
    /// Its name in the form.
    name: &'static str,
    /// What it is called.
    label: &'static str,
    /// What it is known to be.
    #[prop(optional, into)]
    known: String,
    /// What one should know before typing.
    #[prop(optional, into)]
    hint: Option<String>,
    /// The type of the input.
    #[prop(default = "text")]
    kind: &'static str,
    /// What browsers fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// The keyboard of a phone.
    #[prop(optional)]
    inputmode: Option<&'static str>,
    /// Whether it may not be empty.
    #[prop(default = true)]
    required: bool,
    /// Whether it is only shown.
    #[prop(default = false)]
    readonly: bool,
) -> impl IntoView {
    let typed = Typed::current();
    let value = typed.value(name, known);
    let about = About::of(&typed, name, hint);
    view! {
        <div class="field">
            <label for=format!("field-{name}")>{label}</label>
            <input
                id=format!("field-{name}")
                type=kind
                name=name
                value=value
                required=required
                readonly=readonly
                autocomplete=autocomplete
                inputmode=inputmode
                aria-invalid=about.invalid()
                autofocus=about.invalid().is_some()
                aria-describedby=about.described_by()
            />
            {about.say()}
        </div>
    }
}

/// A field for several lines, which may stay empty.
#[component]
pub(crate) fn Lines(
    /// Its name in the form.
    name: &'static str,
    /// What it is called.
    label: &'static str,
    /// What it is known to be.
    #[prop(into)]
    known: String,
) -> impl IntoView {
    let typed = Typed::current();
    // What is in a text area is not escaped when it is rendered, and would be read as markup.
    let value = typed.value(name, known).replace('&', "&amp;").replace('<', "&lt;");
    let about = About::of(&typed, name, None);
    view! {
        <div class="field wide">
            <label for=format!("field-{name}")>{label}</label>
            <textarea
                id=format!("field-{name}")
                name=name
                rows="4"
                aria-invalid=about.invalid()
                autofocus=about.invalid().is_some()
                aria-describedby=about.described_by()
                inner_html=value
            ></textarea>
            {about.say()}
        </div>
    }
}

/// A box to be ticked, each time anew.
#[component]
pub(crate) fn Check(
    /// Its name in the form.
    name: &'static str,
    /// What is said by ticking it.
    label: &'static str,
    /// What one should know before.
    hint: &'static str,
) -> impl IntoView {
    let about = About::of(&Typed::current(), name, Some(hint.to_owned()));
    view! {
        <div class="field wide">
            <label class="check">
                <input type="checkbox" name=name value="yes" aria-invalid=about.invalid() aria-describedby=about.described_by() />
                {label}
            </label>
            {about.say()}
        </div>
    }
}

/// A choice among a few words.
#[component]
pub(crate) fn Choice(
    /// Its name in the form.
    name: &'static str,
    /// What it is called.
    label: &'static str,
    /// Each value with its words.
    options: Vec<(String, String)>,
    /// What is chosen already.
    #[prop(into)]
    known: String,
    /// What one should know before choosing.
    #[prop(optional, into)]
    hint: Option<String>,
) -> impl IntoView {
    let typed = Typed::current();
    let chosen = typed.value(name, known);
    let about = About::of(&typed, name, hint);
    let options = options
        .into_iter()
        .map(|(value, words)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{words}</option> }
        })
        .collect_view();
    view! {
        <div class="field">
            <label for=format!("field-{name}")>{label}</label>
            <select id=format!("field-{name}") name=name aria-invalid=about.invalid() autofocus=about.invalid().is_some() aria-describedby=about.described_by()>
                {options}
            </select>
            {about.say()}
        </div>
    }
}

/// What is wrong with a group of fields, which is named after it.
#[component]
pub(crate) fn GroupFault(
    /// The group's name.
    name: &'static str,
) -> impl IntoView {
    About::of(&Typed::current(), name, None).say()
}

/// Whether something is wrong with a group of fields, as its fields say it, and where that is explained.
pub(crate) fn group_is_wrong(name: &'static str) -> (Option<&'static str>, Option<String>) {
    let about = About::of(&Typed::current(), name, None);
    (about.invalid(), about.described_by())
}

/// What stands below a field.
struct About {
    name: &'static str,
    hint: Option<String>,
    fault: Option<&'static str>,
}

impl About {
    fn of(typed: &Typed, name: &'static str, hint: Option<String>) -> Self {
        let lang = use_lang();
        Self { name, hint, fault: typed.fault(name).map(|fault| words(lang, fault)) }
    }

    fn invalid(&self) -> Option<&'static str> {
        self.fault.map(|_| "true")
    }

    fn described_by(&self) -> Option<String> {
        (self.fault.is_some() || self.hint.is_some()).then(|| format!("about-{}", self.name))
    }

    fn say(self) -> impl IntoView {
        let Self { name, hint, fault } = self;
        (fault.is_some() || hint.is_some()).then(|| {
            view! {
                <p class="field-about" id=format!("about-{name}")>
                    {fault.map(|fault| view! { <span class="field-fault">{icon(Icon::WARNING)} <span>{fault}</span></span> })}
                    {hint.map(|hint| view! { <span class="quiet">{hint}</span> })}
                </p>
            }
        })
    }
}

/// A fault and what to do about it, for whoever has no page.
pub fn in_english(fault: Fault) -> &'static str {
    words(Lang::En, fault)
}

/// A fault and what to do about it.
fn words(lang: Lang, fault: Fault) -> &'static str {
    match fault {
        Fault::NameMissing => say!(lang, fault.name_missing),
        Fault::NameUnfit | Fault::WorkspaceUnfit => say!(lang, fault.name_unfit),
        Fault::EmailUnfit => say!(lang, fault.email_unfit),
        Fault::EmailTaken => say!(lang, fault.email_taken),
        Fault::EmailShared => say!(lang, fault.email_shared),
        Fault::ExtensionUnfit => say!(lang, fault.extension_unfit),
        Fault::ExtensionEmergency => say!(lang, fault.extension_emergency),
        Fault::ExtensionTaken => say!(lang, fault.extension_taken),
        Fault::MobileUnfit | Fault::NumberUnfit => say!(lang, fault.mobile_unfit),
        Fault::MobileOurs => say!(lang, fault.mobile_ours),
        Fault::MobileAbroad => say!(lang, fault.mobile_abroad),
        Fault::NumberOurs => say!(lang, fault.number_ours),
        Fault::NumberTaken => say!(lang, fault.number_taken),
        Fault::NoteLong => say!(lang, fault.note_long),
        Fault::NotSure | Fault::NotSureOfPerson => say!(lang, fault.not_sure),
        Fault::NobodyChosen => say!(lang, fault.nobody_chosen),
        Fault::StillHere => say!(lang, fault.still_here),
        Fault::StillCalling => say!(lang, fault.still_calling),
        Fault::DaysUnfit => say!(lang, fault.days_unfit),
        Fault::MessageDaysUnfit => say!(lang, fault.message_days_unfit),
        Fault::AuditDaysUnfit => say!(lang, fault.audit_days_unfit),
        Fault::DeliveryDaysUnfit => say!(lang, fault.delivery_days_unfit),
        Fault::CarrierAway => say!(lang, fault.carrier_away),
        Fault::PasswordShort => say!(lang, fault.password_short),
        Fault::PasswordLong => say!(lang, fault.password_long),
        Fault::PasswordWrong | Fault::KnownPasswordWrong => say!(lang, fault.password_wrong),
        Fault::Throttled => say!(lang, fault.throttled),
        Fault::RoleUnknown | Fault::LanguageUnknown | Fault::FallbackUnknown | Fault::PresenceUnknown => {
            say!(lang, fault.not_listed)
        }
        Fault::RoleTooHigh => say!(lang, fault.role_too_high),
        Fault::LastOwner => say!(lang, fault.last_owner),
        Fault::Yourself => say!(lang, fault.yourself),
        Fault::CodeWrong => say!(lang, fault.code_wrong),
        Fault::CountryUnknown => say!(lang, fault.country_unknown),
        Fault::ZoneUnknown => say!(lang, fault.zone_unknown),
        Fault::NobodyAnswers => say!(lang, fault.nobody_answers),
        Fault::LastToAnswer => say!(lang, fault.last_to_answer),
        Fault::NumberUnknown => say!(lang, fault.number_unknown),
        Fault::HoursUnfit(_) => say!(lang, fault.hours_unfit),
        Fault::NotAllowed | Fault::NotByProgram => say!(lang, fault.not_allowed),
        Fault::Unavailable => say!(lang, fault.unavailable),
        Fault::ScopesMissing => say!(lang, fault.scopes_missing),
        Fault::EventsMissing => say!(lang, fault.events_missing),
        Fault::UrlUnfit => say!(lang, fault.url_unfit),
        Fault::UrlPrivate => say!(lang, fault.url_private),
        Fault::TooManyEndpoints => say!(lang, fault.too_many_endpoints),
        Fault::SettingUnfit(_) => say!(lang, fault.setting_unfit),
        Fault::SlotInUse => say!(lang, fault.slot_in_use),
        Fault::FloorBehind => say!(lang, fault.floor_behind),
    }
}

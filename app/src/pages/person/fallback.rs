//! Where somebody is reached who is not here: chosen by themselves, or by whoever looks after people.

use leptos::prelude::*;
use switchyard::people::Fallback;

use crate::{
    form::{Choice, Field},
    lang::use_lang,
    say,
};

/// The choice, and the number that one of the choices needs. The style shows it only beside that one, and without a style
/// it does no harm.
#[component]
pub(crate) fn FallbackFields<'a>(
    /// What is chosen.
    known: &'a Fallback,
    /// Whether whoever chooses does it for themselves.
    #[prop(default = false)]
    own: bool,
) -> impl IntoView + use<> {
    let lang = use_lang();
    let options = [
        ("nowhere", say!(lang, person.nowhere)),
        ("voicemail", say!(lang, person.voicemail)),
        ("mobile", say!(lang, person.mobile)),
    ];
    let (label, hint) = if own {
        (say!(lang, profile.fallback), say!(lang, profile.fallback_hint))
    } else {
        (say!(lang, person.fallback), say!(lang, person.fallback_hint))
    };
    view! {
        <Choice
            name="fallback"
            label=label
            options=options.map(|(value, words)| (value.to_owned(), words.to_owned())).into()
            known=known.code()
            hint=hint
        />
        <Field
            name="mobile"
            label=say!(lang, person.mobile_number)
            kind="tel"
            known=known.mobile().unwrap_or_default().to_owned()
            hint=say!(lang, person.mobile_hint)
            required=false
        />
    }
}

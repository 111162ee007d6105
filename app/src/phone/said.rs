//! What the phone says aloud, and what went wrong, in words.

use super::{
    news::Said,
    state::{Trouble, Warning},
};
use crate::{lang::Lang, say};

/// An announcement.
pub(super) fn words(lang: Lang, said: &Said) -> String {
    match said {
        Said::Ready => say!(lang, phone.ready).to_owned(),
        Said::Incoming(who) => say!(lang, phone.incoming, who = who),
        Said::Ended(who) => say!(lang, phone.ended, who = who),
        Said::Talking(who) => say!(lang, phone.talking, who = who),
        Said::Muted(true) => say!(lang, phone.muted).to_owned(),
        Said::Muted(false) => say!(lang, phone.unmuted).to_owned(),
    }
}

/// What went wrong.
pub(crate) fn trouble(lang: Lang, trouble: &Trouble) -> String {
    let words = match trouble {
        Trouble::MicDenied => say!(lang, trouble.mic_denied),
        Trouble::NoMic => say!(lang, trouble.no_mic),
        Trouble::MicBroken => say!(lang, trouble.mic_broken),
        Trouble::Unsupported => say!(lang, trouble.unsupported),
        Trouble::NotLoaded => say!(lang, trouble.not_loaded),
        Trouble::SignedOut => say!(lang, trouble.signed_out),
        Trouble::NoCarrier => say!(lang, trouble.no_carrier),
        Trouble::NoNumber => say!(lang, trouble.no_number),
        Trouble::TokenRefused => say!(lang, trouble.token_refused),
        Trouble::NotRegistered => say!(lang, trouble.not_registered),
        Trouble::NoConnection => say!(lang, trouble.no_connection),
        Trouble::LineLost => say!(lang, trouble.line_lost),
        Trouble::Declined => say!(lang, trouble.declined),
        Trouble::Unanswered => say!(lang, trouble.unanswered),
        Trouble::Busy => say!(lang, trouble.busy),
        Trouble::WrongNumber => say!(lang, trouble.wrong_number),
        Trouble::NotANumber => say!(lang, trouble.not_a_number),
        Trouble::Emergency => say!(lang, trouble.emergency),
        Trouble::CountryNotAllowed => say!(lang, trouble.country),
        Trouble::OnACall => say!(lang, trouble.on_a_call),
        Trouble::SwitchedOff => say!(lang, trouble.switched_off),
        Trouble::Unavailable => say!(lang, trouble.unavailable),
        Trouble::Refused(why) => return why.clone(),
        Trouble::TooMany { retry_secs } => return say!(lang, trouble.too_many, minutes = retry_secs.div_ceil(60)),
        Trouble::Code(code) => return say!(lang, trouble.code, code = *code),
    };
    words.to_owned()
}

/// What is wrong with how it sounds.
pub(super) fn warning(lang: Lang, warning: Warning) -> &'static str {
    match warning {
        Warning::Slow => say!(lang, quality.slow),
        Warning::Loss => say!(lang, quality.loss),
        Warning::Deaf => say!(lang, quality.deaf),
        Warning::Dumb => say!(lang, quality.dumb),
        Warning::SilentMic => say!(lang, quality.silent_mic),
    }
}

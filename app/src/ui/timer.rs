//! Time that passes, on the server's clock, with levels that are seen without reading.

use leptos::prelude::*;
use switchyard::time::Timestamp;

use crate::{
    lang::use_lang,
    say,
    ui::icon::{Icon, icon},
};

/// Seconds from which a time is long, and too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// From here it is long.
    pub(crate) long: u32,
    /// From here it is too long.
    pub(crate) too_long: u32,
}

impl Limits {
    /// For times that are never too long.
    pub(crate) const NONE: Self = Self { long: u32::MAX, too_long: u32::MAX };
    /// A caller who waits: the service level promises 20 seconds.
    pub(crate) const WAIT: Self = Self { long: 20, too_long: 60 };
    /// A conversation.
    pub(crate) const TALK: Self = Self { long: 600, too_long: 1200 };

    /// A parked call, which is recalled after `secs`.
    pub(crate) fn park(secs: u32) -> Self {
        Self { long: secs / 2, too_long: secs.saturating_sub(secs / 6) }
    }

    /// How long `millis` is: `ok`, `long` or `too-long`.
    pub(crate) fn level(self, millis: i64) -> Level {
        if millis >= i64::from(self.too_long) * 1000 {
            Level::TooLong
        } else if millis >= i64::from(self.long) * 1000 {
            Level::Long
        } else {
            Level::Fine
        }
    }
}

/// How long a time is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// Nothing to worry about.
    Fine,
    /// Look at it.
    Long,
    /// Do something.
    TooLong,
}

impl Level {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Long => "long",
            Self::TooLong => "too-long",
        }
    }
}

/// The server's time, ticking once a second. A context of the board.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ServerTime(pub(crate) RwSignal<Timestamp>);

/// `0:07`, `12:34`, `1:02:03`.
pub(crate) fn clock_face(millis: i64) -> String {
    let secs = millis.max(0) / 1000;
    let (hours, minutes, seconds) = (secs / 3600, secs / 60 % 60, secs % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// Time since a moment. `label` says of what, for screen readers and as a tooltip.
#[component]
pub(crate) fn Timer(
    /// Since when; `None` shows nothing.
    #[prop(into)]
    since: Signal<Option<Timestamp>>,
    /// Of what.
    #[prop(into)]
    label: Signal<&'static str>,
    /// From when it is long.
    #[prop(into)]
    limits: Signal<Limits>,
) -> impl IntoView {
    let lang = use_lang();
    let ServerTime(now) = expect_context();
    let passed = move || since.get().map(|since| now.get().millis_since(since));
    let level = Memo::new(move |_| passed().map_or(Level::Fine, |passed| limits.get().level(passed)));
    view! {
        <span class="timer" data-level=move || level.get().as_str() title=label>
            {move || {
                let words = match level.get() {
                    Level::Fine => return None,
                    Level::Long => say!(lang, call.long),
                    Level::TooLong => say!(lang, call.too_long),
                };
                Some(view! { {icon(Icon::WARNING)} <span class="sr-only">{words}" "</span> })
            }}
            <span class="sr-only">{label}" "</span>
            <span class="digits">{move || passed().map(clock_face)}</span>
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_like_a_clock() {
        assert_eq!(clock_face(-5), "0:00");
        assert_eq!(clock_face(7_999), "0:07");
        assert_eq!(clock_face(754_000), "12:34");
        assert_eq!(clock_face(3_723_000), "1:02:03");
    }

    #[test]
    fn levels_rise_at_their_limits() {
        let park = Limits::park(60);
        assert_eq!(park.level(29_999), Level::Fine);
        assert_eq!(park.level(30_000), Level::Long);
        assert_eq!(park.level(50_000), Level::TooLong);
        assert_eq!(Limits::NONE.level(86_400_000), Level::Fine);
    }
}

//! Time that passes, on the server's clock, with levels that are seen without reading.

use leptos::prelude::*;
use switchyard::time::Timestamp;

use crate::{
    lang::use_lang,
    say,
    ui::{
        browser,
        icon::{Icon, icon},
        live::{text, word},
    },
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

/// What a timer counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Since {
    /// Since when; `None` shows nothing.
    pub(crate) when: Option<Timestamp>,
    /// What, for screen readers and as a tooltip.
    pub(crate) what: &'static str,
    /// When it is long.
    pub(crate) limits: Limits,
}

/// Time since a moment. It is drawn with the time at which it was drawn; from then on [`refresh`] keeps it going.
pub(crate) fn timer(since: impl Fn() -> Since + Send + Sync + 'static) -> impl IntoView {
    let lang = use_lang();
    let ServerTime(now) = expect_context();
    let since = Signal::derive(since);
    let at_first = move || since.with(|since| since.at(now.get_untracked()));
    // Where nothing is counted nothing is said of it.
    let what = word(move || since.with(|since| if since.when.is_some() { since.what } else { "" }));
    view! {
        <span
            class="timer"
            data-timer=text(move || since.with(Since::data))
            data-level=word(move || at_first().0.as_str())
            title=what
        >
            {icon(Icon::WARNING)}
            <span class="sr-only if-long">{say!(lang, call.long)} " "</span>
            <span class="sr-only if-too-long">{say!(lang, call.too_long)} " "</span>
            <span class="sr-only">{what} " "</span>
            <span class="digits">{text(move || at_first().1)}</span>
        </span>
    }
}

impl Since {
    /// How long it is, and what the clock shows.
    fn at(&self, now: Timestamp) -> (Level, String) {
        let Some(when) = self.when else { return (Level::Fine, String::new()) };
        let passed = now.millis_since(when);
        (self.limits.level(passed), clock_face(passed))
    }

    /// What [`refresh`] needs to know.
    fn data(&self) -> String {
        let when = self.when.map(|when| format!("{} {} {}", when.0, self.limits.long, self.limits.too_long));
        when.unwrap_or_default()
    }

    fn parse(data: &str) -> Option<Self> {
        let mut parts = data.split(' ');
        let when = Some(Timestamp(parts.next()?.parse().ok()?));
        let limits = Limits { long: parts.next()?.parse().ok()?, too_long: parts.next()?.parse().ok()? };
        Some(Self { when, what: "", limits })
    }
}

/// Lets every timer on the page show `now`, in one pass: a thousand listeners to one clock would cost more than all
/// that the board does otherwise.
pub(crate) fn refresh(now: Timestamp) {
    for timer in browser::all("[data-timer]") {
        let Some(since) = timer.get_attribute("data-timer").and_then(|data| Since::parse(&data)) else {
            // What is counted no more is not long.
            browser::mark(&timer, "data-level", Some(Level::Fine.as_str()));
            continue;
        };
        let (level, face) = since.at(now);
        browser::mark(&timer, "data-level", Some(level.as_str()));
        // The text node belongs to the view: it is changed, never replaced.
        if let Some(text) = timer.last_element_child().and_then(|digits| digits.first_child()) {
            text.set_node_value(Some(&face));
        }
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
    fn what_a_timer_counts_is_read_back_from_the_page() {
        let since = Since { when: Some(Timestamp(1_700_000_000_123)), what: "", limits: Limits::WAIT };
        assert_eq!(Since::parse(&since.data()), Some(since));
        assert_eq!(Since::parse(&Since { when: None, ..since }.data()), None);
        assert_eq!(since.at(Timestamp(1_700_000_061_000)), (Level::TooLong, "1:00".to_owned()));
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

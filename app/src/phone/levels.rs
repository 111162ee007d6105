//! How loud it is, drawn straight into the page fifty times a second: signals would be too slow for that, and too heavy.

use crate::ui::browser;

/// The meter of what is said.
pub(super) const MICROPHONE: &str = "phone-level-in";
/// The meter of what is heard.
pub(super) const SPEAKER: &str = "phone-level-out";

/// Shows a level between 0 and 1.
pub(super) fn show(meter: &str, level: f64) {
    if let Some(meter) = browser::by_id(meter) {
        #[expect(clippy::cast_possible_truncation, reason = "a percentage")]
        // Voices are quiet on a linear scale: the root lets one see them.
        let percent = (level.clamp(0.0, 1.0).sqrt() * 100.0).round() as i32;
        let _ = meter.style().set_property("--level", &format!("{percent}%"));
    }
}

/// Nothing is said and nothing is heard.
pub(super) fn silence() {
    show(MICROPHONE, 0.0);
    show(SPEAKER, 0.0);
}

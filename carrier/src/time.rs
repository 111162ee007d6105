//! Moments as milliseconds since the Unix epoch, and the ways in which Twilio writes them.

use jiff::{Timestamp, fmt::strtime};

/// Milliseconds since the Unix epoch, or a duration in milliseconds.
pub(crate) type Millis = i64;

/// The clock of this process.
pub(crate) fn now() -> Millis {
    Timestamp::now().as_millisecond()
}

/// `Fri, 20 Aug 2010 01:13:42 +0000`
pub(crate) fn rfc2822(at: Millis) -> String {
    Timestamp::from_millisecond(at)
        .ok()
        .and_then(|at| strtime::format("%a, %d %b %Y %H:%M:%S +0000", at).ok())
        .unwrap_or_default()
}

/// `2010-08-20 01:13 AM`, as in the names that Twilio gives.
pub(crate) fn minute(at: Millis) -> String {
    let at = Timestamp::from_millisecond(at).ok();
    at.and_then(|at| strtime::format("%Y-%m-%d %I:%M %p", at).ok()).unwrap_or_default()
}

/// `2010-08-20T01:13:42Z`, as Twilio's newer APIs write it.
pub(crate) fn iso8601(at: Millis) -> String {
    Timestamp::from_second(at / 1000).map(|at| at.to_string()).unwrap_or_default()
}

/// Reads `2026-01-31` (its first moment, UTC) or `2026-01-31T12:00:00Z`; the second value says whether it was a whole day.
pub(crate) fn parse(text: &str) -> Option<(Millis, bool)> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some((at.as_millisecond(), false));
    }
    let day: jiff::civil::Date = text.parse().ok()?;
    let start = day.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some((start.timestamp().as_millisecond(), true))
}

/// The length of a day.
pub(crate) const DAY: Millis = 24 * 60 * 60 * 1000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_in_twilios_examples() {
        assert_eq!(rfc2822(1_282_266_822_000), "Fri, 20 Aug 2010 01:13:42 +0000");
        assert_eq!(minute(1_282_266_822_000), "2010-08-20 01:13 AM");
        assert_eq!(iso8601(1_282_266_822_999), "2010-08-20T01:13:42Z");
    }

    #[test]
    fn filters_take_days_and_moments() {
        assert_eq!(parse("1970-01-02"), Some((DAY, true)));
        assert_eq!(parse("1970-01-01T00:00:01Z"), Some((1000, false)));
        assert_eq!(parse("yesterday"), None);
    }
}

//! Which day and minute it is where a workspace is.

use jiff::tz::{TimeZone, db};
use switchyard::{hours::Day, time::Timestamp};

/// The parts of the world after which zones are called; other names are old ones, or of no place.
const PLACES: [&str; 10] =
    ["Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"];

/// The local day and minute of a moment in a zone, by IANA's name.
pub(super) fn local(moment: Timestamp, zone: &str) -> Option<(Day, u16)> {
    let local = jiff::Timestamp::from_millisecond(moment.0).ok()?.to_zoned(TimeZone::get(zone).ok()?);
    let day = *Day::ALL.get(usize::try_from(local.weekday().to_monday_zero_offset()).ok()?)?;
    let (hour, minute) = (u16::try_from(local.hour()).ok()?, u16::try_from(local.minute()).ok()?);
    Some((day, hour * 60 + minute))
}

/// The zones that a workspace can choose from, in order.
pub fn zones() -> Vec<String> {
    let is_place = |zone: &String| zone.split_once('/').is_some_and(|(place, _)| PLACES.contains(&place));
    let mut zones: Vec<String> = db().available().map(|zone| zone.to_string()).filter(is_place).collect();
    zones.push("UTC".to_owned());
    zones.sort();
    zones
}

#[cfg(test)]
mod tests {
    use switchyard::hours::zone_of;

    use super::*;

    #[test]
    fn it_is_the_day_and_minute_of_the_place_in_summer_and_in_winter() {
        let at = |text: &str| Timestamp(text.parse::<jiff::Timestamp>().map_or(0, jiff::Timestamp::as_millisecond));
        let nine = 9 * 60;
        assert_eq!(local(at("2026-11-23T07:00:00Z"), "Europe/Bucharest"), Some((Day::Monday, nine)));
        assert_eq!(local(at("2026-07-20T06:00:00Z"), "Europe/Bucharest"), Some((Day::Monday, nine)));
        assert_eq!(local(at("2026-11-23T02:30:00Z"), "America/New_York"), Some((Day::Sunday, 21 * 60 + 30)));
        assert_eq!(local(at("2026-11-23T07:00:00Z"), "Middle-earth/Bree"), None);
    }

    #[test]
    fn the_zone_of_every_country_can_be_chosen() {
        let zones = zones();
        for country in ["RO", "MD", "US", "GB", "CY", "UA", "LU", "HR", "XX"] {
            assert!(zones.iter().any(|zone| zone == zone_of(country)), "{country}");
        }
    }
}

//! A moment in the reader's time zone and language. The server does not know the zone: it writes UTC, and the browser
//! puts it right.

#[cfg(feature = "ssr")]
pub(crate) use self::written::Moment;

/// Puts every moment on the page into the reader's zone and language.
#[cfg(feature = "hydrate")]
pub(crate) fn localise_all() {
    use wasm_bindgen::JsValue;

    use crate::{lang, ui::browser};

    let lang = lang::code(lang::detect());
    let options = js_sys::Object::new();
    for (key, value) in [("dateStyle", "medium"), ("timeStyle", "short")] {
        let _ = js_sys::Reflect::set(&options, &key.into(), &value.into());
    }
    for moment in browser::all("time[datetime]") {
        let Some(machine) = moment.get_attribute("datetime") else { continue };
        let date = js_sys::Date::new(&JsValue::from_str(&machine));
        let text: String = date.to_locale_string(lang, &options).into();
        moment.set_text_content(Some(&text));
    }
}

#[cfg(feature = "ssr")]
mod written {
    //! How the server writes it.

    use leptos::prelude::*;
    use switchyard::time::Timestamp;

    /// `2026-11-21T09:30:00Z`, for machines.
    pub(crate) fn iso(moment: Timestamp) -> String {
        let (year, month, day) = civil(moment.0.div_euclid(86_400_000));
        let secs = moment.0.div_euclid(1000).rem_euclid(86_400);
        format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", secs / 3600, secs / 60 % 60, secs % 60)
    }

    /// Year, month and day of a day counted from 1970 (the usual arithmetic with years that begin in March).
    fn civil(days: i64) -> (i64, i64, i64) {
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        (year_of_era + era * 400 + i64::from(month <= 2), month, day)
    }

    /// A moment as people write it.
    #[component]
    pub(crate) fn Moment(
        /// Which one.
        at: Timestamp,
    ) -> impl IntoView {
        let machine = iso(at);
        let text = format!("{} UTC", machine[..16].replace('T', " "));
        view! { <time datetime=machine>{text}</time> }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn moments_are_written_for_machines() {
            assert_eq!(iso(Timestamp(0)), "1970-01-01T00:00:00Z");
            assert_eq!(iso(Timestamp(951_782_400_000)), "2000-02-29T00:00:00Z");
            assert_eq!(iso(Timestamp(1_795_253_399_999)), "2026-11-21T09:29:59Z");
            assert_eq!(iso(Timestamp(-1)), "1969-12-31T23:59:59Z");
        }
    }
}

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
    let options = |time: &str| {
        let options = js_sys::Object::new();
        for (key, value) in [("dateStyle", "medium"), ("timeStyle", time)] {
            let _ = js_sys::Reflect::set(&options, &key.into(), &value.into());
        }
        options
    };
    let (short, exact) = (options("short"), options("medium"));
    for moment in browser::all("time[datetime]") {
        let Some(machine) = moment.get_attribute("datetime") else { continue };
        let date = js_sys::Date::new(&JsValue::from_str(&machine));
        let options = if moment.has_attribute("data-seconds") { &exact } else { &short };
        let text: String = date.to_locale_string(lang, options).into();
        moment.set_text_content(Some(&text));
    }
}

#[cfg(feature = "ssr")]
mod written {
    //! How the server writes it.

    use leptos::prelude::*;
    use switchyard::time::Timestamp;

    /// A moment as people write it.
    #[component]
    pub(crate) fn Moment(
        /// Which one.
        at: Timestamp,
        /// Whether seconds matter.
        #[prop(optional)]
        seconds: bool,
    ) -> impl IntoView {
        let machine = at.iso();
        let shown = if seconds { 19 } else { 16 };
        let text = format!("{} UTC", machine[..shown].replace('T', " "));
        view! { <time datetime=machine data-seconds=seconds.then_some("")>{text}</time> }
    }
}

//! A message that is played is not new any more: the server notes it when its sound is asked for, and the page says so.

/// What says whether a message is new.
pub(crate) const STANDING: &str = "standing";
/// The form that says so without listening.
pub(crate) const MARK: &str = "mark";

/// Listens for messages that are heard, on every page: there is one listener, whatever is on it.
#[cfg(feature = "hydrate")]
pub(crate) fn listen() {
    use leptos::prelude::document;
    use wasm_bindgen::{JsCast, closure::Closure};
    use web_sys::Event;

    let played = Closure::<dyn FnMut(Event)>::new(|event: Event| {
        if let Some(player) = super::browser::target(&event) {
            played(&player);
        }
    });
    // Sounds tell nobody above them that they play: only those who listen on the way down hear of it.
    let _ = document().add_event_listener_with_callback_and_bool("playing", played.as_ref().unchecked_ref(), true);
    played.forget();
}

#[cfg(feature = "hydrate")]
fn played(player: &web_sys::Element) {
    use super::browser::{all, mark};

    let Some(heard) = player.get_attribute("data-heard") else { return };
    mark(player, "data-heard", None);
    let row = player.closest("tr").ok().flatten();
    let part = |name: &str| row.as_ref()?.query_selector(&format!("[data-part={name}]")).ok().flatten();
    if let Some(standing) = part(STANDING) {
        standing.set_text_content(Some(&heard));
        mark(&standing, "data-standing", Some(""));
    }
    if let Some(form) = part(MARK) {
        form.remove();
    }
    for count in all("[data-part=new]") {
        // How many is in two places: for eyes and, in words, for ears.
        let Some(said) = count.text_content() else { continue };
        let digits: String = said.chars().filter(char::is_ascii_digit).collect();
        match digits.parse::<u32>() {
            Ok(more @ 2..) => count.set_text_content(Some(&said.replace(&digits, &(more - 1).to_string()))),
            _ => count.remove(),
        }
    }
}

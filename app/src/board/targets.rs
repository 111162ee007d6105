//! Where a call can be dropped, on the page. Targets carry `data-drop`; while a call is in hand they are marked directly,
//! without signals: at most two hundred attributes, twice a drag.

use switchyard::{
    floor::{Refusal, Target},
    id::{AgentId, Slot},
};
use web_sys::Element;

use crate::ui::browser;

/// The value of `data-drop`.
pub(crate) fn key(target: &Target) -> String {
    match target {
        Target::Agent(agent) => format!("agent:{agent}"),
        Target::Slot(Some(slot)) => format!("slot:{slot}"),
        Target::Slot(None) => "lot".to_owned(),
        Target::Queue => "queue".to_owned(),
    }
}

/// The target with this `data-drop`.
pub(crate) fn parse(key: &str) -> Option<Target> {
    match key {
        "lot" => return Some(Target::Slot(None)),
        "queue" => return Some(Target::Queue),
        _ => {}
    }
    let (kind, id) = key.split_once(':')?;
    match kind {
        "agent" => Some(Target::Agent(AgentId::from(id))),
        "slot" => Some(Target::Slot(Some(Slot(id.parse().ok()?)))),
        _ => None,
    }
}

/// The target that an element is, or is inside of.
pub(crate) fn around(element: &Element) -> Option<Target> {
    parse(&element.closest("[data-drop]").ok()??.get_attribute("data-drop")?)
}

/// Lights up what is legal and dims what is not.
pub(crate) fn paint(verdict: impl Fn(&Target) -> Result<(), Refusal>) {
    for element in browser::all("[data-drop]") {
        let Some(target) = element.get_attribute("data-drop").and_then(|key| parse(&key)) else { continue };
        let may = match verdict(&target) {
            Ok(()) => "yes",
            // Where it is already is no mistake: it is left alone.
            Err(Refusal::AlreadyThere) => "here",
            Err(_) => "no",
        };
        browser::mark(&element, "data-may", Some(may));
    }
}

/// Marks what the call in hand is over.
pub(crate) fn hover(target: Option<&Target>) {
    let key = target.map(key);
    for element in browser::all("[data-over]") {
        browser::mark(&element, "data-over", None);
    }
    let Some(key) = key else { return };
    for element in elements(&key) {
        browser::mark(&element, "data-over", Some(""));
    }
}

/// The elements that are this target: a slot is one, the whole lot may be shown twice.
pub(crate) fn elements(key: &str) -> Vec<Element> {
    let is = |element: &Element| element.get_attribute("data-drop").as_deref() == Some(key);
    browser::all("[data-drop]").into_iter().filter(is).collect()
}

/// Everything looks as ever.
pub(crate) fn clear() {
    for element in browser::all("[data-may]") {
        browser::mark(&element, "data-may", None);
        browser::mark(&element, "data-over", None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_back() {
        let agent = Target::Agent(AgentId::from("a:b"));
        for target in [Target::Queue, Target::Slot(None), Target::Slot(Some(Slot(7))), agent] {
            assert_eq!(parse(&key(&target)), Some(target));
        }
        for wrong in ["", "slot:", "slot:300", "agent", "elsewhere:1"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}

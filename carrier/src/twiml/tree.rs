//! The elements of an XML document, without comments and instructions.

use quick_xml::{
    Reader, XmlVersion,
    escape::resolve_predefined_entity,
    events::{BytesStart, Event},
};

use super::Unreadable;

/// An element with what it holds.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Element>,
    /// The text directly inside, in one piece.
    pub(super) text: String,
}

impl Element {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Reads a document with a single root.
pub(super) fn read(xml: &str) -> Result<Element, Unreadable> {
    let broken = |error: &dyn std::fmt::Display| Unreadable(error.to_string());
    let mut reader = Reader::from_str(xml.trim_start_matches('\u{feff}').trim());
    // The document itself is the outermost element, so that its children are its roots.
    let mut open = vec![Element::default()];
    loop {
        let event = reader.read_event().map_err(|e| broken(&e))?;
        let top = open.last_mut().ok_or_else(|| Unreadable("an element is closed that was not open".to_owned()))?;
        match event {
            Event::Start(start) => open.push(element(&start)?),
            Event::Empty(start) => top.children.push(element(&start)?),
            Event::End(_) => {
                let done = open.pop().unwrap_or_default();
                match open.last_mut() {
                    Some(parent) => parent.children.push(done),
                    None => return Err(Unreadable("an element is closed that was not open".to_owned())),
                }
            }
            Event::Text(text) => top.text.push_str(&text.xml10_content()),
            Event::CData(text) => top.text.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                if let Some(character) = reference.resolve_char_ref().map_err(|e| broken(&e))? {
                    top.text.push(character);
                } else {
                    let name = reference.xml10_content();
                    let text = resolve_predefined_entity(&name)
                        .ok_or_else(|| Unreadable(format!("the entity \"{name}\" was referenced, but not declared")))?;
                    top.text.push_str(text);
                }
            }
            Event::Eof => break,
            Event::DocType(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    if open.len() != 1 {
        return Err(Unreadable("XML document structures must start and end within the same entity".to_owned()));
    }
    let mut document = open.pop().unwrap_or_default();
    if document.children.len() != 1 || !document.text.trim().is_empty() {
        return Err(Unreadable("the document must have one root element".to_owned()));
    }
    document.children.pop().ok_or_else(|| Unreadable("the document is empty".to_owned()))
}

fn element(start: &BytesStart<'_>) -> Result<Element, Unreadable> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|e| Unreadable(e.to_string()))?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|e| Unreadable(e.to_string()))?;
        attributes.push((name(attribute.key.as_ref()), value.into_owned()));
    }
    Ok(Element { name: name(start.name().as_ref()), attributes, ..Element::default() })
}

fn name(raw: impl AsRef<[u8]>) -> String {
    String::from_utf8_lossy(raw.as_ref()).into_owned()
}

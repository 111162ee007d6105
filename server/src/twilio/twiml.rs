//! The documents that tell Twilio what to do with a call.

use quick_xml::{
    Writer,
    events::{BytesText, Event},
};
use switchyard::{
    id::{CallId, LegId},
    people::Language,
};

use crate::urls::{CALLER_LABEL, Urls, conference_name, leg_label};

/// What we subscribe to: whatever bears on where a caller is.
const CONFERENCE_EVENTS: &str = "start end join leave hold";

/// Takes the caller into the call's conference, where they hear music until an agent joins. When the caller leaves, it
/// ends for all.
pub fn into_conference(urls: &Urls, call: &CallId, turn: u32) -> String {
    let music = urls.music();
    let own = [
        ("endConferenceOnExit", "true"),
        ("participantLabel", CALLER_LABEL),
        ("waitUrl", &music),
        ("waitMethod", "POST"),
    ];
    conference(urls, call, &urls.after(call, turn), &own)
}

/// Takes an agent who placed a call into its conference. It goes on without them: somebody else may take the call.
pub fn agent_into_conference(urls: &Urls, call: &CallId) -> String {
    let label = leg_label(LegId(1));
    // The ringing is heard, not music.
    let own = [("endConferenceOnExit", "false"), ("participantLabel", &label), ("waitUrl", "")];
    conference(urls, call, &urls.outbound_status(call), &own)
}

/// Into a call's conference; what is different for each participant is in `own`, what comes after it at `action`.
fn conference(urls: &Urls, call: &CallId, action: &str, own: &[(&str, &str)]) -> String {
    let callback = urls.conference(call);
    let shared = [
        ("beep", "false"),
        ("startConferenceOnEnter", "true"),
        ("statusCallback", callback.as_str()),
        ("statusCallbackEvent", CONFERENCE_EVENTS),
        ("statusCallbackMethod", "POST"),
    ];
    document(|xml| {
        xml.create_element("Dial").with_attributes([("action", action), ("method", "POST")]).write_inner_content(
            |xml| {
                xml.create_element("Conference")
                    .with_attributes(shared.into_iter().chain(own.iter().copied()))
                    .write_text_content(BytesText::new(&conference_name(call)))?;
                Ok(())
            },
        )?;
        Ok(())
    })
}

/// Nothing to be done.
pub fn nothing() -> String {
    document(|_| Ok(()))
}

/// Music for as long as it takes.
pub fn music(urls: &Urls) -> String {
    document(|xml| {
        xml.create_element("Play")
            .with_attribute(("loop", "0"))
            .write_text_content(BytesText::new(&urls.music_file()))?;
        Ok(())
    })
}

/// Tells a caller that the number is closed, and ends the call.
pub fn closed(language: Language) -> String {
    // Twilio: Say, `language`.
    let spoken = match language {
        Language::En => "en-GB",
        Language::Ro => "ro-RO",
    };
    document(|xml| {
        xml.create_element("Say")
            .with_attribute(("language", spoken))
            .write_text_content(BytesText::new(app::spoken::closed(language)))?;
        xml.create_element("Hangup").write_empty()?;
        Ok(())
    })
}

/// Ends the call.
pub fn hang_up() -> String {
    document(|xml| {
        xml.create_element("Hangup").write_empty()?;
        Ok(())
    })
}

fn document(content: impl FnOnce(&mut Writer<Vec<u8>>) -> std::io::Result<()>) -> String {
    let mut xml = Writer::new(Vec::with_capacity(1024));
    let declaration = quick_xml::events::BytesDecl::new("1.0", Some("UTF-8"), None);
    let written = xml.write_event(Event::Decl(declaration)).and_then(|()| {
        xml.create_element("Response").write_inner_content(content)?;
        Ok(())
    });
    // Writing to memory does not fail, and everything written is UTF-8.
    debug_assert!(written.is_ok());
    String::from_utf8(xml.into_inner()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callers_are_told_in_a_language_and_then_it_is_over() {
        let xml = closed(Language::Ro);
        assert!(xml.contains("<Say language=\"ro-RO\">") && xml.ends_with("</Say><Hangup/></Response>"), "{xml}");
        assert!(closed(Language::En).contains("<Say language=\"en-GB\">"));
    }

    #[test]
    fn addresses_survive_being_written_as_xml() {
        let urls = Urls::new("https://floor.example", &"salon".into());
        let xml = into_conference(&urls, &"CA1".into(), 0);
        assert!(
            xml.contains("statusCallback=\"https://floor.example/api/voice/conference?workspace=salon&amp;call=CA1\""),
            "{xml}"
        );
        assert!(xml.ends_with("call-CA1</Conference></Dial></Response>"), "{xml}");
    }
}

//! The documents that tell Twilio what to do with a call.

use quick_xml::{
    Writer,
    events::{BytesText, Event},
};
use switchyard::{
    floor::ACCEPT_SECS,
    id::{AgentId, CallId, LegId},
    people::Language,
    voicemail::{LONGEST_SECS, SILENCE_SECS},
};

use crate::urls::{CALLER_LABEL, Urls, conference_name, leg_label};

/// What we subscribe to: whatever bears on where a caller is.
const CONFERENCE_EVENTS: &str = "start end join leave hold";
/// How long a key is waited for once everything is said, seconds. What is said takes the rest of the time that the rules give.
const KEY_SECS: u32 = ACCEPT_SECS - 15;

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
    conference(urls, call, Some(&urls.after(call, turn)), &own)
}

/// Takes an agent who placed a call into its conference. It goes on without them: somebody else may take the call.
pub fn agent_into_conference(urls: &Urls, call: &CallId) -> String {
    let label = leg_label(LegId(1));
    // The ringing is heard, not music.
    let own = [("endConferenceOnExit", "false"), ("participantLabel", &label), ("waitUrl", "")];
    conference(urls, call, Some(&urls.outbound_status(call)), &own)
}

/// Takes an agent who answered their mobile phone into the call's conference. When either leaves, nothing follows.
pub fn mobile_into_conference(urls: &Urls, call: &CallId, leg: LegId) -> String {
    let label = leg_label(leg);
    let own = [("endConferenceOnExit", "false"), ("participantLabel", &label), ("waitUrl", "")];
    conference(urls, call, None, &own)
}

/// Tells whoever answers a mobile phone who calls, and listens for the key with which they take the call. A voicemail presses
/// none, and so does somebody whom another call disturbs: then it is over.
pub fn screening(urls: &Urls, call: &CallId, leg: LegId, language: Language, words: &str) -> String {
    let action = urls.mobile_key(call, leg);
    let timeout = KEY_SECS.to_string();
    document(|xml| {
        xml.create_element("Gather")
            .with_attributes([
                ("input", "dtmf"),
                ("numDigits", "1"),
                ("timeout", timeout.as_str()),
                ("action", action.as_str()),
                ("method", "POST"),
            ])
            .write_inner_content(|xml| say(xml, language, words))?;
        xml.create_element("Hangup").write_empty()?;
        Ok(())
    })
}

/// Into a call's conference; what is different for each participant is in `own`, what comes after it, if anything, at `action`.
fn conference(urls: &Urls, call: &CallId, action: Option<&str>, own: &[(&str, &str)]) -> String {
    let callback = urls.conference(call);
    let shared = [
        ("beep", "false"),
        ("startConferenceOnEnter", "true"),
        ("statusCallback", callback.as_str()),
        ("statusCallbackEvent", CONFERENCE_EVENTS),
        ("statusCallbackMethod", "POST"),
    ];
    document(|xml| {
        let after = action.map(|action| [("action", action), ("method", "POST")]);
        xml.create_element("Dial").with_attributes(after.into_iter().flatten()).write_inner_content(|xml| {
            xml.create_element("Conference")
                .with_attributes(shared.into_iter().chain(own.iter().copied()))
                .write_text_content(BytesText::new(&conference_name(call)))?;
            Ok(())
        })?;
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
    last_words(language, app::spoken::closed(language))
}

/// Tells a caller that somebody is not here, and lets them leave a message. Whoever says nothing has left none.
pub fn voicemail(urls: &Urls, call: &CallId, agent: &AgentId, language: Language, name: Option<&str>) -> String {
    let (action, ready) = (urls.voicemail_over(call, agent), urls.voicemail_ready(call, agent));
    let (longest, silence) = (LONGEST_SECS.to_string(), SILENCE_SECS.to_string());
    document(|xml| {
        say(xml, language, &app::spoken::not_here(language, name))?;
        xml.create_element("Record")
            .with_attributes([
                ("maxLength", longest.as_str()),
                ("timeout", &silence),
                ("finishOnKey", "#"),
                ("playBeep", "true"),
                ("action", &action),
                ("method", "POST"),
                ("recordingStatusCallback", &ready),
                ("recordingStatusCallbackMethod", "POST"),
                ("recordingStatusCallbackEvent", "completed"),
            ])
            .write_empty()?;
        say(xml, language, app::spoken::no_message(language))?;
        xml.create_element("Hangup").write_empty()?;
        Ok(())
    })
}

/// Thanks a caller for their message, and ends the call.
pub fn thanks(language: Language) -> String {
    last_words(language, app::spoken::thanks(language))
}

/// Says something, and ends the call.
fn last_words(language: Language, words: &str) -> String {
    document(|xml| {
        say(xml, language, words)?;
        xml.create_element("Hangup").write_empty()?;
        Ok(())
    })
}

fn say(xml: &mut Writer<Vec<u8>>, language: Language, words: &str) -> std::io::Result<()> {
    // Twilio: Say, `language`.
    let spoken = match language {
        Language::En => "en-GB",
        Language::Ro => "ro-RO",
    };
    xml.create_element("Say").with_attribute(("language", spoken)).write_text_content(BytesText::new(words))?;
    Ok(())
}

/// Ends the call.
pub fn hang_up() -> String {
    document(|xml| {
        xml.create_element("Hangup").write_empty()?;
        Ok(())
    })
}

/// What is heard is what another address answers.
pub fn redirect(url: &str) -> String {
    document(|xml| {
        xml.create_element("Redirect").with_attribute(("method", "POST")).write_text_content(BytesText::new(url))?;
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
    fn callers_hear_who_is_not_here_and_then_the_beep() {
        let urls = Urls::new("https://floor.example", &"salon".into());
        let xml = voicemail(&urls, &"CA1".into(), &"ana".into(), Language::Ro, Some("Ana & co"));
        assert!(xml.contains("<Say language=\"ro-RO\">Ana &amp; co "), "{xml}");
        assert!(
            xml.contains("<Record maxLength=\"180\" timeout=\"5\" finishOnKey=\"#\" playBeep=\"true\" action="),
            "{xml}"
        );
        assert!(xml.contains("/api/voice/voicemail/ready?workspace=salon&amp;call=CA1&amp;agent=ana"), "{xml}");
        assert!(thanks(Language::En).ends_with("</Say><Hangup/></Response>"));
    }

    #[test]
    fn whoever_answers_a_mobile_phone_has_to_press_a_key() {
        let urls = Urls::new("https://floor.example", &"salon".into());
        let xml = screening(&urls, &"CA1".into(), LegId(2), Language::Ro, "Apăsați tasta 1.");
        assert!(xml.contains("<Gather input=\"dtmf\" numDigits=\"1\" timeout=\"10\""), "{xml}");
        assert!(xml.ends_with("<Say language=\"ro-RO\">Apăsați tasta 1.</Say></Gather><Hangup/></Response>"), "{xml}");
        let xml = mobile_into_conference(&urls, &"CA1".into(), LegId(2));
        assert!(xml.contains("<Dial><Conference") && xml.contains("participantLabel=\"leg-2\""), "{xml}");
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

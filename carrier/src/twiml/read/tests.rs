//! What documents mean.

use proptest::prelude::*;

use super::*;

fn only(xml: &str) -> Verb {
    let mut document = parse(xml).expect("readable");
    assert_eq!(document.verbs.len(), 1, "{document:?}");
    document.verbs.remove(0)
}

#[test]
fn a_recording_has_twilios_defaults() {
    let Verb::Record(record) = only("<Response><Record/></Response>") else { panic!("no Record") };
    assert_eq!((record.timeout, record.longest, record.finish_on.as_str()), (5, 3_600, "1234567890*#"));
    assert!(record.beep && record.trim && record.action.is_none() && record.status.is_none());
    let document = parse("<Response><Record maxLength=\"1\" colour=\"red\"><Say>no</Say></Record></Response>");
    assert_eq!(document.expect("readable").warnings.len(), 3);
}

#[test]
fn a_caller_is_put_into_a_conference() {
    let verb = only(
        r#"<?xml version="1.0" encoding="UTF-8"?>
        <Response><!-- hello -->
          <Dial action="/done?a=1&amp;b=2"><Conference endConferenceOnExit="true" participantLabel="caller" waitUrl=""
            statusCallback="/events" statusCallbackEvent="start end join leave">call-1</Conference></Dial>
        </Response>"#,
    );
    let Verb::Dial(dial) = verb else { panic!("{verb:?}") };
    assert_eq!(dial.action.expect("an action").url, "/done?a=1&b=2");
    let [Noun::Conference(room)] = &dial.nouns[..] else { panic!("{:?}", dial.nouns) };
    assert_eq!((room.name.as_str(), room.label.as_deref()), ("call-1", Some("caller")));
    assert!(room.end_on_exit && room.start_on_enter && !room.muted);
    assert_eq!(room.wait.as_ref().map(|wait| wait.url.as_str()), Some(""));
    assert_eq!(room.events, ["start", "end", "join", "leave"]);
}

#[test]
fn names_are_case_sensitive() {
    assert!(parse("<response/>").is_err());
    let document = parse("<Response><say>hello</say></Response>").expect("readable");
    assert!(document.verbs.is_empty());
    assert_eq!(document.warnings[0].code, 12200);
}

#[test]
fn unknown_attributes_are_ignored_with_a_warning() {
    let document = parse(r#"<Response><Pause lenght="5"/></Response>"#).expect("readable");
    assert_eq!(document.verbs, [Verb::Pause { seconds: 1 }]);
    assert_eq!(document.warnings.len(), 1);
}

#[test]
fn text_keeps_its_entities_and_character_data() {
    let verb = only("<Response><Say>Tom &amp; Jerry &#233; <![CDATA[<3]]></Say></Response>");
    assert_eq!(verb, Verb::Say { text: "Tom & Jerry é <3".to_owned(), language: None, times: 1 });
}

#[test]
fn a_bare_number_can_be_dialled() {
    let Verb::Dial(dial) = only("<Response><Dial timeout=\"1\">+40722111222</Dial></Response>") else { panic!() };
    assert!(matches!(&dial.nouns[..], [Noun::Number(target)] if target.name == "+40722111222"));
    assert_eq!(dial.timeout, 5);
}

#[test]
fn broken_documents_are_refused() {
    for xml in
        ["", "hello", "<Response>", "<Response/><Response/>", "</Response>", "<Response>&nbsp;</Response>", "<a b=c/>"]
    {
        assert!(parse(xml).is_err(), "{xml}");
    }
}

proptest! {
    #[test]
    fn reading_never_panics(xml in "(<|>|/|Response|Dial|Say|Conference| |=|\"|&amp;|&|a|#)*") {
        let _ = parse(&xml);
    }
}

//! Messages that callers left: each workspace its own, noted once, gone with whoever is erased.

use switchyard::{
    history::Bookmark,
    id::{AgentId, RecordingId},
    ports::{CarrierCall, Store},
    time::Timestamp,
    voicemail::VoiceMessage,
};

use crate::{
    cast::{abandoned, acme, ending, globex, two_companies},
    place::Place,
};

stories![
    a_message_is_noted_once_heard_and_removed,
    a_long_list_is_read_page_by_page,
    who_called_is_known_from_the_history,
    from_a_call_in_the_history_there_is_a_way_to_what_was_left_in_it,
    messages_go_with_whoever_left_them_and_whomever_they_were_for,
    what_is_deleted_does_not_come_back_with_late_news,
    old_messages_are_forgotten,
];

pub(crate) fn message(recording: &str, agent: &str, at: i64) -> VoiceMessage {
    VoiceMessage {
        recording: recording.into(),
        account: "AC1".into(),
        call: format!("CA-{recording}").into(),
        agent: agent.into(),
        number: "+40722111222".into(),
        seconds: 7,
        at: Timestamp(at),
        heard: None,
    }
}

async fn left(store: &dyn Store, messages: &[VoiceMessage]) {
    for message in messages {
        assert!(store.note_message(&acme(), message).await.unwrap());
    }
}

fn names(messages: &[VoiceMessage]) -> Vec<&str> {
    messages.iter().map(|message| message.recording.as_str()).collect()
}

fn to_delete(recording: &str) -> (switchyard::id::WorkspaceId, CarrierCall) {
    (acme(), CarrierCall { account: "AC1".into(), call: recording.into() })
}

async fn a_message_is_noted_once_heard_and_removed(Place { store, .. }: Place) {
    two_companies(&*store).await;
    let first = message("RE1", "ana", 1000);
    left(&*store, std::slice::from_ref(&first)).await;
    // What is told again is known; another company may have one of the same name.
    let again = VoiceMessage { seconds: 9, agent: "dan".into(), ..first.clone() };
    assert!(!store.note_message(&acme(), &again).await.unwrap());
    assert!(store.note_message(&globex(), &again).await.unwrap());
    let id = RecordingId::from("RE1");
    assert_eq!(store.message(&acme(), &id).await.unwrap(), Some(first.clone()));
    assert_eq!(store.message(&acme(), &"RE2".into()).await.unwrap(), None);
    assert_eq!(store.new_messages(&acme(), &"ana".into()).await.unwrap(), 1);
    assert_eq!(store.new_messages(&acme(), &"dan".into()).await.unwrap(), 0);

    for at in [2000, 3000] {
        store.message_heard(&acme(), &id, Timestamp(at)).await.unwrap();
    }
    assert_eq!(
        store.message(&acme(), &id).await.unwrap().unwrap().heard,
        Some(Timestamp(2000)),
        "since the first time"
    );
    assert_eq!(store.new_messages(&acme(), &"ana".into()).await.unwrap(), 0);
    assert_eq!(store.message(&globex(), &id).await.unwrap().unwrap().heard, None);

    assert!(store.remove_message(&acme(), &id, Timestamp(4000)).await.unwrap());
    assert!(!store.remove_message(&acme(), &id, Timestamp(4000)).await.unwrap());
    assert_eq!(store.message(&acme(), &id).await.unwrap(), None);
    assert!(store.message(&globex(), &id).await.unwrap().is_some());
    assert_eq!(store.undeleted().await.unwrap(), [to_delete("RE1")], "its sound is still to be deleted");
}

async fn a_long_list_is_read_page_by_page(Place { store, .. }: Place) {
    two_companies(&*store).await;
    left(
        &*store,
        &[
            message("RE1", "ana", 1000),
            message("RE2", "dan", 1000),
            message("RE3", "ana", 3000),
            message("RE4", "ana", 2000),
        ],
    )
    .await;
    let all = store.messages(&acme(), None, None, 10).await.unwrap();
    assert_eq!(names(&all), ["RE3", "RE4", "RE2", "RE1"]);
    let own = store.messages(&acme(), Some(&"ana".into()), None, 2).await.unwrap();
    assert_eq!(names(&own), ["RE3", "RE4"]);
    let below = Bookmark { ended: Timestamp(1000), call: "RE2".into() };
    let rest = store.messages(&acme(), None, Some(&below), 10).await.unwrap();
    assert_eq!(names(&rest), ["RE1"]);
    assert_eq!(store.messages(&globex(), None, None, 10).await.unwrap(), []);
    assert_eq!(names(&store.messages_from(&acme(), "+40722111222").await.unwrap()), ["RE3", "RE4", "RE2", "RE1"]);
    assert_eq!(store.messages_from(&acme(), "+40722111223").await.unwrap(), []);
}

async fn who_called_is_known_from_the_history(Place { store, .. }: Place) {
    two_companies(&*store).await;
    store.append(&acme(), 0, &ending(1, vec![abandoned("CA-RE1", 900)])).await.unwrap();
    for (recording, number) in [("RE1", "+40722111222"), ("RE2", "anonymous")] {
        let unknown = VoiceMessage { number: String::new(), ..message(recording, "ana", 1000) };
        left(&*store, &[unknown]).await;
        assert_eq!(store.message(&acme(), &recording.into()).await.unwrap().unwrap().number, number);
    }
}

async fn messages_go_with_whoever_left_them_and_whomever_they_were_for(Place { store, .. }: Place) {
    two_companies(&*store).await;
    let other = VoiceMessage { number: "+40733000000".into(), ..message("RE2", "ana", 2000) };
    left(&*store, &[message("RE1", "ana", 1000), other]).await;
    store.note_message(&globex(), &message("RE1", "ana", 1000)).await.unwrap();
    let call = CarrierCall { account: "AC1".into(), call: "CA-RE1".into() };
    store.erase_number(&acme(), "+40722111222", std::slice::from_ref(&call), Timestamp(5000)).await.unwrap();
    assert_eq!(names(&store.messages(&acme(), None, None, 10).await.unwrap()), ["RE2"]);
    assert_eq!(store.messages(&globex(), None, None, 10).await.unwrap().len(), 1);
    assert_eq!(store.undeleted().await.unwrap(), [(acme(), call), to_delete("RE1")]);
}

async fn from_a_call_in_the_history_there_is_a_way_to_what_was_left_in_it(Place { store, .. }: Place) {
    two_companies(&*store).await;
    let in_call = |recording: &str, agent: &str, call: &str| VoiceMessage {
        call: call.into(),
        ..message(recording, agent, 1500)
    };
    left(&*store, &[in_call("RE1", "ana", "a"), in_call("RE2", "dan", "a"), in_call("RE3", "dan", "c")]).await;
    store.note_message(&globex(), &in_call("RE4", "ana", "b")).await.unwrap();
    let records = vec![abandoned("a", 1000), abandoned("b", 2000), abandoned("c", 3000)];
    store.append(&acme(), 0, &ending(1, records)).await.unwrap();

    let calls = async |agent: Option<&str>, from, until| {
        let agent = agent.map(AgentId::from);
        let mut calls =
            store.calls_with_messages(&acme(), agent.as_ref(), Timestamp(from), Timestamp(until)).await.unwrap();
        calls.sort();
        calls.into_iter().map(|call| call.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(calls(None, 1000, 3000).await, ["a", "c"], "each once, and nobody else's");
    assert_eq!(calls(None, 1001, 2999).await, Vec::<String>::new());
    assert_eq!(calls(Some("ana"), 0, 9000).await, ["a"]);
    assert_eq!(names(&store.messages_in(&acme(), &"a".into()).await.unwrap()), ["RE2", "RE1"]);
    store.remove_message(&acme(), &"RE1".into(), Timestamp(9000)).await.unwrap();
    assert_eq!(calls(Some("ana"), 0, 9000).await, Vec::<String>::new(), "what is deleted leads nowhere");
    assert_eq!(store.messages_in(&globex(), &"a".into()).await.unwrap(), []);
}

async fn what_is_deleted_does_not_come_back_with_late_news(Place { store, .. }: Place) {
    const DAY: i64 = 24 * 3_600_000;
    two_companies(&*store).await;
    let [first, second] = [message("RE1", "ana", 1000), message("RE2", "ana", 1000)];
    left(&*store, std::slice::from_ref(&first)).await;
    store.remove_message(&acme(), &first.recording, Timestamp(2000)).await.unwrap();
    // Neither before the carrier has deleted it nor afterwards.
    assert!(!store.note_message(&acme(), &first).await.unwrap());
    store.deleted(&acme(), "RE1", Timestamp(3000)).await.unwrap();
    assert_eq!(store.undeleted().await.unwrap(), []);
    assert!(!store.note_message(&acme(), &first).await.unwrap());
    // Nor with a call that was erased.
    let call = CarrierCall { account: "AC1".into(), call: second.call.to_string() };
    store.erase_number(&acme(), &second.number, &[call], Timestamp(3000)).await.unwrap();
    assert!(!store.note_message(&acme(), &second).await.unwrap());
    // A day later nobody tells of it any more, and nothing is kept.
    store.deleted(&acme(), second.call.as_str(), Timestamp(3000 + DAY + 1)).await.unwrap();
    assert!(store.note_message(&acme(), &first).await.unwrap());
}

async fn old_messages_are_forgotten(Place { store, .. }: Place) {
    two_companies(&*store).await;
    left(&*store, &[message("RE1", "ana", 1000), message("RE2", "ana", 2000)]).await;
    store.note_message(&globex(), &message("RE3", "ana", 1000)).await.unwrap();
    store.forget_messages(&acme(), Timestamp(2000), Timestamp(9000)).await.unwrap();
    assert_eq!(names(&store.messages(&acme(), None, None, 10).await.unwrap()), ["RE2"]);
    assert_eq!(store.messages(&globex(), None, None, 10).await.unwrap().len(), 1);
    assert_eq!(store.undeleted().await.unwrap(), [to_delete("RE1")]);
}

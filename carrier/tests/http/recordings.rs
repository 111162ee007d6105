//! What is left of a call: its record and its recordings, until they are deleted.

use serde_json::json;

use crate::{schema::check, world::*};

#[tokio::test]
async fn a_call_and_its_recordings_are_deleted_when_it_is_over() {
    let world = World::new().await;
    world.twiml("/voice", "<Pause length=\"600\"/>");
    let (call, other) = (world.call().await, world.call().await);
    let recorded = |call: &str| format!("/carrier/calls/{call}/recordings");
    let made = world.control("POST", &recorded(&call), &json!({ "seconds": 12 })).await;
    world.control("POST", &recorded(&other), &json!({ "seconds": 3 })).await;
    assert_eq!(world.try_control("POST", &recorded("CA1"), &json!({ "seconds": 3 })).await.0, 404);

    let list = format!("/Calls/{call}/Recordings.json");
    let (status, page) = world.rest("GET", &list, &[]).await;
    assert_eq!(status, 200);
    check("/Calls/{CallSid}/Recordings.json", "get", 200, &page);
    let recordings = page["recordings"].as_array().expect("a list");
    assert_eq!(recordings.len(), 1, "the other call's is another");
    assert_eq!((&recordings[0]["sid"], &recordings[0]["duration"]), (&made["sid"], &json!("12")));
    let path = format!("/Recordings/{}.json", made["sid"].as_str().expect("a SID"));
    let (_, one) = world.rest("GET", &path, &[]).await;
    check("/Recordings/{Sid}.json", "get", 200, &one);

    let (status, refused) = world.rest("DELETE", &format!("/Calls/{call}.json"), &[]).await;
    assert_eq!((status, refused["code"].as_u64()), (400, Some(20009)), "it goes on");
    assert_eq!(world.rest("DELETE", &path, &[]).await.0, 204);
    assert_eq!(world.rest("GET", &path, &[]).await.0, 404);
    assert_eq!(world.rest("DELETE", &path, &[]).await.0, 404);
    assert_eq!(world.rest("POST", &format!("/Calls/{call}.json"), &[("Status", "completed")]).await.0, 200);
    assert_eq!(world.rest("DELETE", &format!("/Calls/{call}.json"), &[]).await.0, 204);
    assert_eq!(world.rest("GET", &list, &[]).await.0, 404);
}

#[tokio::test]
async fn what_somebody_says_after_the_beep_can_be_heard_until_it_is_deleted() {
    let world = World::with(carrier::Config { speed: 1, ..config() }).await;
    world.twiml("/voice", "<Record action=\"/said\" maxLength=\"2\" recordingStatusCallback=\"/ready\"/>");
    world.twiml("/said", "<Pause length=\"600\"/>");
    let call = json!({ "from": CALLER, "to": NUMBER, "behaviour": { "sends": { "tone": 440 } } });
    world.control("POST", "/carrier/calls", &call).await;
    let heard = world.hook("the action", |hook| hook.path == "/said").await;
    assert_eq!((heard.get("RecordingDuration"), heard.get("Digits")), ("2", ""));
    let ready = world.hook("the recording", |hook| hook.path == "/ready").await;
    assert_eq!((ready.get("RecordingStatus"), ready.get("RecordingSource")), ("completed", "RecordVerb"));
    let sid = ready.get("RecordingSid").to_owned();
    assert!(ready.get("RecordingUrl").ends_with(&sid) && heard.get("RecordingSid") == sid);
    let (_, one) = world.rest("GET", &format!("/Recordings/{sid}.json"), &[]).await;
    check("/Recordings/{Sid}.json", "get", 200, &one);
    assert_eq!(one["source"], "RecordVerb");

    let file = |ending: &str| format!("/Recordings/{sid}{ending}");
    let (status, wav) = world.file(&file(".wav"), true).await;
    assert_eq!((status, &wav[..4], &wav[8..16]), (200, &b"RIFF"[..], &b"WAVEfmt "[..]));
    assert_eq!(world.file(&file(""), true).await.1, wav);
    let samples: Vec<i16> = wav[44..].as_chunks::<2>().0.iter().map(|bytes| i16::from_le_bytes(*bytes)).collect();
    assert!((14_000..17_000).contains(&samples.len()), "about two seconds: {}", samples.len());
    // 440 Hz go up through zero 440 times in a second.
    let crossings = samples.windows(2).filter(|pair| pair[0] < 0 && pair[1] >= 0).count();
    let expected = samples.len() * 440 / 8_000;
    assert!(crossings.abs_diff(expected) <= 3, "{crossings} and not {expected}");

    assert_eq!(world.file(&file(".wav"), false).await.0, 401, "not without credentials");
    assert_eq!(world.file(&file(".mp3"), true).await.0, 501);
    assert_eq!(world.rest("DELETE", &file(".json"), &[]).await.0, 204);
    assert_eq!(world.file(&file(".wav"), true).await.0, 404);
}

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

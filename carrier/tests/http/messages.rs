//! Text messages: told of when they come in, listed, and deleted when they are complete.

use serde_json::json;

use crate::{schema::check, world::*};

async fn text(world: &World, from: &str, to: &str, status: &str) -> String {
    let new = json!({ "from": from, "to": to, "body": "Bună ziua, țară!", "status": status });
    world.control("POST", "/carrier/messages", &new).await["sid"].as_str().expect("a SID").to_owned()
}

/// Waits until what the number's URL answered has come to the network.
async fn received(world: &World, sid: &str) {
    for _ in 0..500 {
        if world.rest("GET", &format!("/Messages/{sid}.json"), &[]).await.1["status"] == "received" {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("{sid} is not received");
}

/// Lets the number tell `/sms` of messages, and `/sms-fallback` where that fails.
async fn with_hooks(world: &World) {
    let (_, page) = world.rest("GET", "/IncomingPhoneNumbers.json", &[("PhoneNumber", NUMBER)]).await;
    let path =
        format!("/IncomingPhoneNumbers/{}.json", page["incoming_phone_numbers"][0]["sid"].as_str().expect("one"));
    let hooks = [("SmsUrl", world.url("/sms")), ("SmsFallbackUrl", world.url("/sms-fallback"))];
    let hooks: Vec<_> = hooks.iter().map(|(name, url)| (*name, url.as_str())).collect();
    assert_eq!(world.rest("POST", &path, &hooks).await.0, 200);
}

#[tokio::test]
async fn a_message_that_comes_in_is_told_of_listed_and_deleted() {
    let world = World::new().await;
    with_hooks(&world).await;
    let sid = text(&world, CALLER, NUMBER, "received").await;
    let told = world.hook("the message", |hook| hook.path == "/sms").await;
    for (name, value) in [
        ("MessageSid", sid.as_str()),
        ("SmsSid", &sid),
        ("SmsMessageSid", &sid),
        ("AccountSid", ACCOUNT),
        ("From", CALLER),
        ("To", NUMBER),
        ("Body", "Bună ziua, țară!"),
        ("NumMedia", "0"),
        ("NumSegments", "1"),
        ("SmsStatus", "received"),
        ("FromCountry", "RO"),
    ] {
        assert_eq!(told.get(name), value, "{name}");
    }
    received(&world, &sid).await;

    let path = format!("/Messages/{sid}.json");
    let (_, one) = world.rest("GET", &path, &[]).await;
    check("/Messages/{Sid}.json", "get", 200, &one);
    assert_eq!((&one["status"], &one["direction"]), (&json!("received"), &json!("inbound")));
    assert_eq!(world.rest("DELETE", &path, &[]).await.0, 204);
    assert_eq!(world.rest("DELETE", &path, &[]).await.0, 404);
    assert_eq!(world.rest("GET", &path, &[]).await.0, 404);
    let strangers = json!({ "from": CALLER, "to": "+40799000000", "body": "" });
    assert_eq!(world.try_control("POST", "/carrier/messages", &strangers).await.0, 404, "nobody has that number");
}

#[tokio::test]
async fn messages_are_listed_by_who_wrote_and_to_whom_and_when() {
    let world = World::new().await;
    let [from_her, to_her, from_another] = [
        text(&world, CALLER, NUMBER, "received").await,
        text(&world, NUMBER, CALLER, "delivered").await,
        text(&world, "+40733000000", NUMBER, "received").await,
    ];
    let list = async |form: &[(&str, &str)]| {
        let (status, page) = world.rest("GET", "/Messages.json", form).await;
        assert_eq!(status, 200, "{page}");
        check("/Messages.json", "get", 200, &page);
        let all = page["messages"].as_array().expect("a list").iter();
        all.map(|one| one["sid"].as_str().expect("a SID").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(list(&[]).await, [from_another.clone(), to_her.clone(), from_her.clone()], "the newest first");
    assert_eq!(list(&[("From", CALLER)]).await, [from_her.as_str()]);
    assert_eq!(list(&[("To", CALLER)]).await, [to_her.as_str()]);
    assert_eq!(list(&[("From", CALLER), ("To", CALLER)]).await, [""; 0]);
    assert_eq!(list(&[("DateSent>", "2020-01-01")]).await.len(), 3);
    assert_eq!(list(&[("DateSent<", "2020-01-01")]).await.len(), 0);
    assert_eq!(list(&[("PageSize", "1"), ("Page", "1")]).await, [to_her]);
    assert_eq!(world.rest("GET", "/Messages.json", &[("Status", "received")]).await.1["code"], 20001);
    assert_eq!(world.rest("POST", "/Messages.json", &[("To", CALLER)]).await.0, 405, "nothing is sent from here");
}

#[tokio::test]
async fn what_is_on_its_way_is_not_deleted() {
    let world = World::new().await;
    let sid = text(&world, NUMBER, CALLER, "sending").await;
    let path = format!("/Messages/{sid}.json");
    let (status, refused) = world.rest("DELETE", &path, &[]).await;
    assert_eq!((status, refused["code"].as_u64()), (400, Some(20009)));
    world.control("PUT", &format!("/carrier/messages/{sid}"), &json!({ "status": "delivered" })).await;
    assert_eq!(world.rest("GET", &path, &[]).await.1["status"], "delivered");
    assert_eq!(world.rest("DELETE", &path, &[]).await.0, 204);
    let gone = world.try_control("PUT", &format!("/carrier/messages/{sid}"), &json!({ "status": "sent" })).await;
    assert_eq!(gone.0, 404);
}

#[tokio::test]
async fn where_a_message_cannot_be_told_of_the_fallback_hears_of_it() {
    let world = World::new().await;
    with_hooks(&world).await;
    world.page("/sms", Page::Status(500));
    let sid = text(&world, CALLER, NUMBER, "received").await;
    let told = world.hook("the fallback", |hook| hook.path == "/sms-fallback").await;
    assert_eq!((told.get("MessageSid"), told.get("ErrorCode")), (sid.as_str(), "11200"));
    assert_eq!(told.get("ErrorUrl"), world.url("/sms"));
    received(&world, &sid).await;
}

//! The REST API: what it answers, refuses, and pages through.

use serde_json::{Value, json};

use crate::{schema::check, world::*};

fn error(status: u16, code: u32, answer: &(u16, Value)) {
    assert_eq!(
        (answer.0, &answer.1["code"], &answer.1["status"]),
        (status, &json!(code), &json!(status)),
        "{}",
        answer.1
    );
    assert_eq!(answer.1["more_info"], json!(format!("https://www.twilio.com/docs/errors/{code}")));
    assert!(answer.1["message"].as_str().is_some_and(|message| !message.is_empty()));
}

#[tokio::test]
async fn only_those_who_can_prove_it_are_let_in() {
    let world = World::new().await;
    let numbers = format!("/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers.json");
    let account = format!("/2010-04-01/Accounts/{ACCOUNT}.json");
    assert_eq!(world.rest_as((ACCOUNT, TOKEN), "GET", &numbers, &[("PageSize", "1")]).await.0, 200);
    assert_eq!(world.rest_as((KEY, SECRET), "GET", &numbers, &[("PageSize", "1")]).await.0, 200);
    error(401, 20003, &world.rest_as((ACCOUNT, "wrong"), "GET", &numbers, &[]).await);
    error(401, 20003, &world.rest_as((KEY, TOKEN), "GET", &numbers, &[]).await);
    error(401, 20003, &world.rest_as((KEY, SECRET), "GET", &account, &[]).await);
    let other = numbers.replace("01/Inc", "02/Inc");
    error(401, 20003, &world.rest_as((ACCOUNT, TOKEN), "GET", &other, &[]).await);
    let (status, answer) = world.rest_as((ACCOUNT, TOKEN), "GET", &account, &[]).await;
    assert_eq!(status, 200);
    check("/2010-04-01/Accounts/{Sid}.json", "get", 200, &answer);
}

#[tokio::test]
async fn every_answer_is_what_twilio_describes() {
    let world = World::new().await;
    world.conference("described", r#"participantLabel="caller""#);
    world.script("ana", &json!({ "after_ms": 10 })).await;
    let caller = world.call().await;
    let join = world.event("participant-join", "caller").await;
    let conference = join.get("ConferenceSid").to_owned();
    let added = world.add("described", "ana", "ana").await;
    check("/Conferences/{ConferenceSid}/Participants.json", "post", 201, &added);
    assert_eq!(added["queue_time"], json!("0"));
    world.event("participant-join", "ana").await;

    let form =
        [("From", NUMBER), ("To", "client:ana?topic=rent"), ("Twiml", "<Response><Pause length=\"60\"/></Response>")];
    let (status, made) = world.rest("POST", "/Calls.json", &form).await;
    assert_eq!((status, &made["status"], &made["direction"]), (201, &json!("queued"), &json!("outbound-api")));
    check("/Calls.json", "post", 201, &made);
    let numbers = world.rest("GET", "/IncomingPhoneNumbers.json", &[]).await.1;
    let number = numbers["incoming_phone_numbers"][0]["sid"].as_str().expect("a SID").to_owned();
    check("/IncomingPhoneNumbers.json", "get", 200, &numbers);

    for (template, path) in [
        ("/Calls.json", "/Calls.json".to_owned()),
        ("/Calls/{Sid}.json", format!("/Calls/{caller}.json")),
        ("/Conferences.json", "/Conferences.json".to_owned()),
        ("/Conferences/{Sid}.json", format!("/Conferences/{conference}.json")),
        ("/Conferences/{ConferenceSid}/Participants.json", format!("/Conferences/{conference}/Participants.json")),
        (
            "/Conferences/{ConferenceSid}/Participants/{CallSid}.json",
            format!("/Conferences/{conference}/Participants/ana.json"),
        ),
        ("/IncomingPhoneNumbers/{Sid}.json", format!("/IncomingPhoneNumbers/{number}.json")),
    ] {
        let (status, answer) = world.rest("GET", &path, &[]).await;
        assert_eq!(status, 200, "{path}: {answer}");
        check(template, "get", 200, &answer);
    }
    for (template, path, form) in [
        (
            "/Conferences/{ConferenceSid}/Participants/{CallSid}.json",
            format!("/Conferences/{conference}/Participants/ana.json"),
            ("Muted", "true"),
        ),
        ("/Conferences/{Sid}.json", format!("/Conferences/{conference}.json"), ("Status", "completed")),
        ("/Calls/{Sid}.json", format!("/Calls/{}.json", made["sid"].as_str().expect("a SID")), ("Status", "completed")),
    ] {
        let (status, answer) = world.rest("POST", &path, &[form]).await;
        assert_eq!(status, 200, "{path}: {answer}");
        check(template, "post", 200, &answer);
    }
    world.event("conference-end", "").await;
    let (_, ended) = world.rest("GET", &format!("/Conferences/{conference}.json"), &[]).await;
    assert_eq!(ended["reason_conference_ended"], json!("conference-ended-via-api"));
    check("/Conferences/{Sid}.json", "get", 200, &ended);
    let gone = world.rest("GET", &format!("/Conferences/{conference}/Participants.json"), &[]).await.1;
    assert_eq!(gone["participants"], json!([]));
}

#[tokio::test]
async fn what_is_wrong_is_refused_with_twilios_codes() {
    let world = World::new().await;
    let new = |changed: &[(&'static str, &'static str)]| {
        let mut form = vec![("From", NUMBER), ("To", "client:ana"), ("Twiml", "<Response/>")];
        form.retain(|(key, _)| !changed.iter().any(|(other, _)| other == key));
        form.extend(changed.iter().filter(|(_, value)| !value.is_empty()));
        form
    };
    for (changed, code) in [
        (vec![("To", "")], 21201),
        (vec![("To", "0722")], 21211),
        (vec![("To", "sip:ana@example.com")], 21211),
        (vec![("From", "")], 21213),
        (vec![("From", "+40799999999")], 21210),
        (vec![("From", "client:bob"), ("To", CALLER)], 21212),
        (vec![("Twiml", "")], 21205),
        (vec![("Url", "not a URL")], 21205),
        (vec![("StatusCallback", "http://under_score/x")], 21609),
        (vec![("Tiemout", "10")], 20001),
        (vec![("Timeout", "601")], 20001),
        (vec![("Record", "perhaps")], 20001),
    ] {
        error(400, code, &world.rest("POST", "/Calls.json", &new(&changed)).await);
    }
    let long = format!("<Response><Say>{}</Say></Response>", "x".repeat(4000));
    let form = [("From", NUMBER), ("To", "client:ana"), ("Twiml", &long)];
    error(400, 32018, &world.rest("POST", "/Calls.json", &form).await);

    let missing = format!("/Calls/CA{}.json", "0".repeat(32));
    let answer = world.rest("GET", &missing, &[]).await;
    error(404, 20404, &answer);
    let message = format!("The requested resource /2010-04-01/Accounts/{ACCOUNT}{missing} was not found");
    assert_eq!(answer.1["message"], json!(message));
    error(404, 20404, &world.rest("GET", "/Nonsense.json", &[]).await);
    error(405, 20004, &world.rest("PUT", "/Calls.json", &[]).await);
    error(404, 20404, &world.rest("GET", &missing.replace(".json", ""), &[]).await);

    for (label, code) in [("a/b", 16024), ("CA00000000000000000000000000000001", 16024)] {
        let form = [("From", NUMBER), ("To", "client:ana"), ("Label", label)];
        error(400, code, &world.rest("POST", "/Conferences/r/Participants.json", &form).await);
    }
    let form = [("From", NUMBER), ("To", "client:ana"), ("Timeout", "4")];
    error(400, 20001, &world.rest("POST", "/Conferences/r/Participants.json", &form).await);
}

#[tokio::test]
async fn calls_end_once_and_are_deleted_after_that() {
    let world = World::new().await;
    world.twiml("/voice", "<Say loop=\"0\">for ever</Say>");
    let sid = world.call().await;
    world.hook("the voice webhook", |hook| hook.path == "/voice").await;
    let path = format!("/Calls/{sid}.json");
    error(400, 20009, &world.rest("DELETE", &path, &[]).await);
    let (status, answer) = world.rest("POST", &path, &[("Status", "completed")]).await;
    assert_eq!((status, &answer["status"]), (200, &json!("completed")));
    error(400, 21220, &world.rest("POST", &path, &[("Status", "completed")]).await);
    assert_eq!(world.rest("DELETE", &path, &[]).await.0, 204);
    error(404, 20404, &world.rest("GET", &path, &[]).await);
}

#[tokio::test]
async fn lists_are_filtered_and_paged() {
    let world = World::new().await;
    world.twiml("/voice", "<Reject/>");
    let mut sids = Vec::new();
    for _ in 0..5 {
        sids.push(world.call().await);
    }
    sids.reverse();
    world.hooks("five ends", 5, |hook| hook.path == "/status").await;
    let mut path = format!("/2010-04-01/Accounts/{ACCOUNT}/Calls.json?PageSize=2&Status=no-answer");
    let mut seen = Vec::new();
    let mut pages = 0;
    loop {
        let (status, page) = world.rest_as((ACCOUNT, TOKEN), "GET", &path, &[]).await;
        assert_eq!((status, &page["page"], &page["page_size"]), (200, &json!(pages), &json!(2)), "{page}");
        seen.extend(
            page["calls"].as_array().expect("calls").iter().map(|call| call["sid"].as_str().map(str::to_owned)),
        );
        pages += 1;
        match page["next_page_uri"].as_str() {
            Some(next) => {
                assert!(
                    next.starts_with("/2010-04-01/") && next.contains("PageToken=PACA") && next.contains("Status=")
                );
                next.clone_into(&mut path);
            }
            None => break,
        }
    }
    assert_eq!(pages, 3);
    assert_eq!(seen, sids.into_iter().map(Some).collect::<Vec<_>>());
    let count =
        async |form: &[(&str, &str)]| world.rest("GET", "/Calls.json", form).await.1["calls"].as_array().map(Vec::len);
    assert_eq!(count(&[("Status", "busy")]).await, Some(0));
    assert_eq!(count(&[("From", CALLER), ("To", NUMBER)]).await, Some(5));
    assert_eq!(count(&[("StartTime>", "2100-01-01")]).await, Some(0));
    assert_eq!(count(&[("StartTime<", "2100-01-01T00:00:00Z")]).await, Some(5));
    error(400, 21481, &world.rest("GET", "/Calls.json", &[("PageToken", "PAnonsense")]).await);
    error(400, 20001, &world.rest("GET", "/Calls.json", &[("Colour", "red")]).await);
}

#[tokio::test]
async fn unknown_parameters_pass_when_told_so() {
    let mut lenient = config();
    lenient.lenient = true;
    let world = World::with(lenient).await;
    let form = [("From", NUMBER), ("To", "client:ana"), ("Twiml", "<Response/>"), ("Colour", "red")];
    assert_eq!(world.rest("POST", "/Calls.json", &form).await.0, 201);
}

//! `switchyard twilio …` as a scheduled job runs it: the binary itself, beside a server, on a real carrier.

use serde_json::{Value, json};
use server::demo::WORKSPACE;
use switchyard::audit::{Actor, Deed};

use super::{
    operator::Operator,
    stage::{ACCOUNT, Stage, TOKEN},
};

const DESK: &str = "+40312345679";
const EVIL: &str = "https://evil.example/";

/// The number as the carrier has it.
async fn desk(stage: &Stage) -> Value {
    let truth = stage.truth().await.0;
    let mut numbers = truth["numbers"].as_array().unwrap().iter();
    numbers.find(|number| number["phone_number"] == DESK).cloned().unwrap()
}

/// Somebody sends the number's messages elsewhere, in Twilio's console.
async fn somebody_changes_the_desk(stage: &Stage) {
    let sid = desk(stage).await["sid"].as_str().unwrap().to_owned();
    let url = format!("{}/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers/{sid}.json", stage.carrier_url);
    let request = stage.http.post(url).basic_auth(ACCOUNT, Some(TOKEN)).form(&[("SmsUrl", EVIL)]);
    request.send().await.unwrap().error_for_status().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheduled_job_reads_what_is_wrong_at_twilio_and_puts_it_right() {
    let stage = Stage::set(&[]).await;
    let operator = Operator(stage.settings());
    let twilio = async |deed: &str| operator.says(&["twilio", deed, "--workspace", WORKSPACE]).await;
    // What a program reads is JSON and nothing else: what is said beside it goes to the other output.
    let json = async |deed: &str, workspace: &str| {
        let output = operator.run(&["twilio", deed, "--workspace", workspace, "--json"]).await;
        (output.status.code().unwrap(), serde_json::from_slice::<Value>(&output.stdout).unwrap())
    };

    let right = (0, "salon: everything is as it should be at Twilio\n".to_owned());
    assert_eq!(twilio("verify").await, right);
    let (code, said) = json("verify", WORKSPACE).await;
    assert_eq!((code, &said["workspace"], &said["right"]), (0, &json!("salon"), &json!(true)), "{said}");

    somebody_changes_the_desk(&stage).await;
    let ours = stage.url("/api/twilio/webhook?workspace=salon");
    let wrong = format!("salon: not as it should be at Twilio\n  {DESK} sms_url: {EVIL:?} instead of {ours:?}\n");
    assert_eq!(twilio("verify").await, (1, wrong));
    let (code, said) = json("verify", WORKSPACE).await;
    let difference = &said["findings"]["differences"][0];
    assert_eq!((code, &said["right"], &difference["theirs"]), (1, &json!(false), &json!(EVIL)), "{said}");

    assert_eq!(twilio("configure").await, right);
    assert_eq!(desk(&stage).await["sms_url"], ours);
    somebody_changes_the_desk(&stage).await;
    let (code, said) = json("configure", WORKSPACE).await;
    assert_eq!((code, &said["right"]), (0, &json!(true)), "{said}");
    assert_eq!(desk(&stage).await["sms_url"], ours);

    assert_eq!(twilio("restore").await, (0, "salon: the numbers are as they were before\n".to_owned()));
    assert_eq!(desk(&stage).await["voice_application_sid"], "");
    let (code, said) = json("restore", WORKSPACE).await;
    assert_eq!((code, &said["right"], &said["findings"]), (0, &json!(true), &Value::Null), "again: {said}");

    let log = stage.deps().store.audit(&WORKSPACE.into(), None, 20).await.unwrap();
    let deeds: Vec<_> = log.iter().rev().filter(|(_, e)| e.by == Actor::Command).map(|(_, e)| e.deed).collect();
    let expected = [Deed::TwilioRepaired, Deed::TwilioRepaired, Deed::NumbersRestored];
    assert_eq!(deeds, expected, "in the log as what the command line did, but for what changed nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheduled_job_tells_what_is_wrong_from_what_cannot_be_found_out() {
    let stage = Stage::set(&[]).await;
    let operator = Operator(stage.settings());
    for deed in ["verify", "configure", "restore"] {
        let (code, said) = operator.says(&["twilio", deed, "--workspace", "nobody"]).await;
        assert!(code == 2 && said.starts_with("nobody: "), "{deed}: {said}");
        let output = operator.run(&["twilio", deed, "--workspace", "nobody", "--json"]).await;
        let said: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(2), "{deed}: {said}");
        assert_eq!((&said["workspace"], &said["error"]), (&json!("nobody"), &json!("not-connected")), "{said}");
        assert!(said["message"].is_string(), "{said}");
    }
    stage.faults(json!({ "rest_error": 1.0 })).await;
    let (code, said) = operator.says(&["twilio", "verify", "--workspace", WORKSPACE]).await;
    assert!(code == 2 && said.starts_with("salon: "), "{said}");
    assert_eq!(operator.says(&["twilio", "verify"]).await.0, 2, "it must be said which workspace");
}

//! What is noted of forms of the settings: programs, webhooks, numbers, Twilio and personal data.

use serde_json::json;
use switchyard::{audit::Deed, floor::Settings, setting::Setting};

use super::{
    MARIA,
    audit::{DESK, Deeds, noted, salon},
    setup::{OTHER_ACCOUNT, OTHER_TOKEN, behind_our_back, number},
    stage::{ACCOUNT, TOKEN},
};

const BOOKINGS: &str = "+40312345678";
/// One that can be bought.
const FRISCO: &str = "+14155550013";

pub async fn programs(deeds: &mut Deeds<'_>) {
    let form = [("name", "Reports"), ("scope-people:read", "yes"), ("scope-calls:read", "yes")];
    let made = deeds.note("/settings/api", &[], &form).await;
    let [(Deed::ApiTokenMade, _, changes)] = &made[..] else { panic!("{made:?}") };
    assert!(changes[0][2].contains("people:read") && changes[0][2].contains("calls:read"), "{changes:?}");
    let id = deeds.stage.deps().store.tokens(&salon()).await.unwrap()[0].id.clone();
    let revoked = deeds.note("/settings/api/{id}/revoke", &[&id], &[]).await;
    let [what, before, after] = changes[0].clone();
    assert_eq!(revoked, [(Deed::ApiTokenRevoked, "Reports".to_owned(), vec![[what, after, before]])]);
}

pub async fn webhooks(deeds: &mut Deeds<'_>) {
    const HOST: &str = "127.0.0.1";
    let form = [("name", "CRM"), ("url", "http://127.0.0.1:9/hook?key=hunter2"), ("event-call.ended", "yes")];
    let added = deeds.note("/settings/webhooks", &[], &form).await;
    let set = [["name", "-", "CRM"], ["url", "-", HOST], ["events", "-", "call.ended"]];
    assert_eq!(added, [noted(Deed::WebhookAdded, HOST, &set)]);
    let id = deeds.stage.deps().store.endpoints(&salon()).await.unwrap()[0].id.clone();
    let mut other = form;
    (other[0], other[2]) = (("name", "Wall"), ("event-call.held", "yes"));
    let changed = deeds.note("/settings/webhooks/{endpoint}", &[&id], &other).await;
    let different = [["name", "CRM", "Wall"], ["events", "call.ended", "call.held"]];
    assert_eq!(changed, [noted(Deed::WebhookChanged, HOST, &different)]);
    let tested = deeds.note("/settings/webhooks/{endpoint}/test", &[&id], &[]).await;
    assert_eq!(tested, [noted(Deed::WebhookTested, HOST, &[])]);
    let delivery = deeds.stage.deps().store.deliveries(&salon(), &id, None, 1).await.unwrap()[0].id.to_string();
    let again = deeds.note("/settings/webhooks/{endpoint}/deliveries/{delivery}/again", &[&id, &delivery], &[]).await;
    assert_eq!(again, [noted(Deed::WebhookSentAgain, HOST, &[])]);
    let renewed = deeds.note("/settings/webhooks/{endpoint}/secret", &[&id], &[]).await;
    assert_eq!(renewed, [noted(Deed::WebhookSecretReplaced, HOST, &[])]);
    let off = deeds.note("/settings/webhooks/{endpoint}/switch", &[&id], &[]).await;
    assert_eq!(off, [noted(Deed::WebhookSwitchedOff, HOST, &[["state", "on", "off"]])]);
    let on = deeds.note("/settings/webhooks/{endpoint}/switch", &[&id], &[("on", "yes")]).await;
    assert_eq!(on, [noted(Deed::WebhookSwitchedOn, HOST, &[["state", "off", "on"]])]);
    let removed = deeds.note("/settings/webhooks/{endpoint}/remove", &[&id], &[("sure", "yes")]).await;
    let gone = [["name", "Wall", "-"], ["url", HOST, "-"], ["events", "call.held", "-"]];
    assert_eq!(removed, [noted(Deed::WebhookRemoved, HOST, &gone)]);
}

pub async fn floor(deeds: &mut Deeds<'_>) {
    let known = Settings::default();
    let form = Setting::ALL.map(|setting| (setting.name(), known.get(setting).to_string()));
    let form = form.each_ref().map(|(name, value)| (*name, if *name == "slots" { "12" } else { value.as_str() }));
    let changed = deeds.note("/settings/floor", &[], &form).await;
    assert_eq!(changed, [noted(Deed::FloorConfigured, "", &[["slots", "10", "12"]])]);
}

pub async fn numbers(deeds: &mut Deeds<'_>) {
    let zone = deeds.note("/settings/numbers", &[], &[("zone", "Europe/Chisinau")]).await;
    assert_eq!(zone, [noted(Deed::ZoneChanged, "", &[["zone", "-", "Europe/Chisinau"]])]);
    let form = [("name", "Front desk"), ("answers", "chosen"), ("agent-elena", "yes"), ("open", "always")];
    let changed = deeds.note("/settings/numbers/{number}", &[&DESK[1..]], &form).await;
    assert_eq!(changed, [noted(Deed::NumberChanged, DESK, &[["answers", "-", "Elena Radu"]])]);

    let form = [("number", FRISCO), ("country", "US"), ("kind", "local"), ("name", "San Francisco")];
    let bought = deeds.note("/settings/numbers/new", &[], &form).await;
    assert_eq!(bought[0], noted(Deed::NumberBought, FRISCO, &[["name", "-", "San Francisco"]]));
    let (deed, _, pointed) = &bought[1];
    let application = deeds.stage.deps().setup.connection(&salon()).await.unwrap().application.unwrap();
    let to_ours = [format!("{FRISCO} voice_application_sid"), String::new(), application];
    assert!(*deed == Deed::TwilioRepaired && pointed.contains(&to_ours) && bought.len() == 2, "{bought:?}");
    assert_eq!(deeds.note("/settings/numbers/new", &[], &form).await, [], "it is not bought twice");
    let released = deeds.note("/settings/numbers/{number}/release", &[&FRISCO[1..]], &[]).await;
    let all = format!("{FRISCO} {BOOKINGS} {DESK}");
    let left = [["name", "San Francisco", "-"], ["numbers", &all, &format!("{BOOKINGS} {DESK}")]];
    assert_eq!(released, [noted(Deed::NumberReleased, FRISCO, &left)]);
}

pub async fn twilio(deeds: &mut Deeds<'_>) {
    let (stage, own) = (deeds.stage, (ACCOUNT, TOKEN));
    let both = format!("{BOOKINGS} {DESK}");
    let first = stage.deps().setup.connection(&salon()).await.unwrap();
    let (application, key) = (first.application.clone().unwrap(), first.key.clone().unwrap());
    let voice = stage.url("/api/voice/inbound?workspace=salon");

    // One property, all of them, and all as a program asks.
    let evil = [("VoiceUrl", "https://evil.example/"), ("SmsMethod", "GET")];
    behind_our_back(stage, own, &format!("Applications/{application}"), &evil).await;
    let desk = number(stage, DESK).await["sid"].as_str().unwrap().to_owned();
    behind_our_back(stage, own, &format!("IncomingPhoneNumbers/{desk}"), &[("SmsUrl", "https://evil.example/sms")])
        .await;
    let one = deeds.note("/settings/twilio/repair", &[], &[("field", "voice_url")]).await;
    let voice_url = ["voice_url", "https://evil.example/", &voice];
    assert_eq!(one, [noted(Deed::TwilioRepaired, "voice_url", &[voice_url])]);
    let sms = stage.url("/api/twilio/webhook?workspace=salon");
    let sms_url = format!("{DESK} sms_url");
    let of_the_desk = [&*sms_url, "https://evil.example/sms", &sms];
    let form = [("number", DESK), ("field", "sms_url")];
    let one = deeds.note("/settings/twilio/repair", &[], &form).await;
    assert_eq!(one, [noted(Deed::TwilioRepaired, &sms_url, &[of_the_desk])]);
    behind_our_back(stage, own, &format!("IncomingPhoneNumbers/{desk}"), &[("SmsUrl", "https://evil.example/sms")])
        .await;
    let rest = deeds.note("/settings/twilio/repair", &[], &[]).await;
    assert_eq!(rest, [noted(Deed::TwilioRepaired, "", &[["sms_method", "GET", "POST"], of_the_desk])]);
    assert_eq!(deeds.note("/settings/twilio/repair", &[], &[]).await, [], "nothing is left to repair");
    behind_our_back(stage, own, &format!("Applications/{application}"), &evil).await;
    let all = deeds.note("/api/configure-twiml-app", &[], &[]).await;
    assert_eq!(all, [noted(Deed::TwilioRepaired, "", &[voice_url, ["sms_method", "GET", "POST"]])]);

    let chosen = deeds.note("/settings/twilio/numbers", &[], &[("number", BOOKINGS)]).await;
    assert_eq!(chosen, [noted(Deed::NumbersChosen, BOOKINGS, &[["numbers", &both, BOOKINGS]])]);
    let chosen = deeds.note("/settings/twilio/numbers", &[], &[("number", BOOKINGS), ("number", DESK)]).await;
    assert_eq!(chosen[0], noted(Deed::NumbersChosen, &both, &[["numbers", BOOKINGS, &both]]));
    stage.delete(&format!("numbers/{DESK}")).await;
    let forgotten = deeds.note("/settings/twilio/forget", &[], &[("number", DESK)]).await;
    assert_eq!(forgotten, [noted(Deed::NumberForgotten, DESK, &[["numbers", &both, BOOKINGS]])]);
    assert_eq!(deeds.note("/settings/twilio/forget", &[], &[("number", DESK)]).await, [], "it is forgotten already");
    let restored = deeds.note("/settings/twilio/restore", &[], &[]).await;
    assert_eq!(restored, [noted(Deed::NumbersRestored, "", &[["numbers", BOOKINGS, "-"]])]);

    let replaced = deeds.note("/settings/twilio/key", &[], &[]).await;
    let new_key = stage.deps().setup.connection(&salon()).await.unwrap().key.unwrap();
    assert!(new_key != key);
    assert_eq!(replaced, [noted(Deed::KeyReplaced, "", &[["key", &key, &new_key]])]);
    assert_eq!(deeds.note("/settings/twilio/token", &[], &[]).await, [noted(Deed::TokenReplaced, "", &[])]);

    // Another account, and then other countries and another token of it.
    stage.put(&format!("accounts/{OTHER_ACCOUNT}"), &json!({ "auth_token": OTHER_TOKEN })).await;
    let mut form = [("account", OTHER_ACCOUNT), ("token", OTHER_TOKEN), ("make_key", "yes"), ("countries", "RO MD US")];
    let moved = deeds.note("/settings/twilio", &[], &form).await;
    let now = stage.deps().setup.connection(&salon()).await.unwrap();
    let (other_key, other_application) = (now.key.unwrap(), now.application.unwrap());
    let changes =
        [["account", ACCOUNT, OTHER_ACCOUNT], ["key", &new_key, &other_key], ["application", &application, "-"]];
    let made = noted(Deed::TwilioRepaired, "", &[["application", "-", &other_application]]);
    assert_eq!(moved, [noted(Deed::TwilioConnected, OTHER_ACCOUNT, &changes), made]);
    stage.put(&format!("accounts/{OTHER_ACCOUNT}"), &json!({ "auth_token": TOKEN })).await;
    (form[1], form[2], form[3]) = (("token", TOKEN), ("make_key", "yes"), ("countries", "ro"));
    let again = deeds.note("/settings/twilio", &[], &form).await;
    let (_, _, changes) = &again[0];
    let [countries, token] =
        [["countries", "RO MD US", "RO"], ["auth_token", "-", "-"]].map(|one| one.map(str::to_owned));
    assert!(again[0].0 == Deed::TwilioConnected && changes.ends_with(&[countries, token]), "{again:?}");
}

pub async fn privacy(deeds: &mut Deeds<'_>) {
    let form = [("days", "30"), ("message_days", "7"), ("audit_days", "90"), ("delivery_days", "60")];
    let kept = deeds.note("/settings/privacy/retention", &[], &form).await;
    let days =
        [["days", "-", "30"], ["message_days", "-", "7"], ["audit_days", "-", "90"], ["delivery_days", "30", "60"]];
    assert_eq!(kept, [noted(Deed::RetentionChanged, "", &days)]);
    let exported = deeds.note("/settings/privacy/contact/export", &[], &[("number", MARIA)]).await;
    assert_eq!(exported, [noted(Deed::DataExported, MARIA, &[])]);
    let erased = deeds.note("/settings/privacy/contact/erase", &[], &[("number", MARIA), ("sure", "yes")]).await;
    assert_eq!(erased, [noted(Deed::ContactErased, "", &[])], "nobody is to know who it was");
}

//! Applications, numbers, keys and tokens: what an account has, and what is done with it through REST.

use serde_json::{Value, json};

use crate::{schema::check, world::*};

pub(crate) fn code(answer: &(u16, Value)) -> (u16, u64) {
    (answer.0, answer.1["code"].as_u64().unwrap_or_default())
}

pub(crate) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// Makes an application, and gives its SID.
async fn application(world: &World, form: &[(&str, &str)]) -> String {
    let (status, made) = world.rest("POST", "/Applications.json", form).await;
    assert_eq!(status, 201, "{made}");
    check("/Applications.json", "post", 201, &made);
    text(&made, "sid").to_owned()
}

/// The path of the number that the world begins with.
async fn number(world: &World) -> String {
    let (_, page) = world.rest("GET", "/IncomingPhoneNumbers.json", &[("PhoneNumber", NUMBER)]).await;
    format!("/IncomingPhoneNumbers/{}.json", text(&page["incoming_phone_numbers"][0], "sid"))
}

#[tokio::test]
async fn applications_are_made_found_by_name_changed_and_removed() {
    let world = World::new().await;
    let (first, second) = ("http://127.0.0.1:1/a#rc=2", "http://127.0.0.1:1/b");
    let sid = application(&world, &[("FriendlyName", "Salon"), ("VoiceUrl", first), ("VoiceMethod", "GET")]).await;
    application(&world, &[("FriendlyName", "Other")]).await;
    let twin = application(&world, &[("FriendlyName", "Salon")]).await;
    let (_, page) = world.rest("GET", "/Applications.json", &[("FriendlyName", "Salon")]).await;
    check("/Applications.json", "get", 200, &page);
    let mut found: Vec<&str> =
        page["applications"].as_array().expect("a list").iter().map(|one| text(one, "sid")).collect();
    found.sort_unstable();
    let mut twins = [sid.as_str(), twin.as_str()];
    twins.sort_unstable();
    assert_eq!(found, twins, "names are not unique");

    let path = format!("/Applications/{sid}.json");
    let change = [("VoiceUrl", second), ("StatusCallback", second), ("PublicApplicationConnectEnabled", "true")];
    let (status, changed) = world.rest("POST", &path, &change).await;
    assert_eq!(status, 200);
    check("/Applications/{Sid}.json", "post", 200, &changed);
    let (_, read) = world.rest("GET", &path, &[]).await;
    assert_eq!(read, changed);
    assert_eq!((text(&read, "voice_url"), text(&read, "voice_method")), (second, "GET"));
    assert_eq!(read["public_application_connect_enabled"], true);

    for (name, value) in [("VoiceUrl", "nowhere"), ("FriendlyName", &"x".repeat(65)), ("VoiceURL", second)] {
        assert_eq!(world.rest("POST", &path, &[(name, value)]).await.0, 400, "{name}={value}");
    }
    let fallback_alone = [("VoiceUrl", ""), ("VoiceFallbackUrl", second)];
    assert_eq!(code(&world.rest("POST", &path, &fallback_alone).await), (400, 21405));
    assert_eq!(world.rest("GET", &path, &[]).await.1, read, "what was refused changed nothing");

    assert_eq!(world.rest("DELETE", &path, &[]).await.0, 204);
    assert_eq!(code(&world.rest("GET", &path, &[]).await), (404, 20404));
}

#[tokio::test]
async fn calls_go_where_the_number_really_points() {
    let world = World::new().await;
    world.twiml("/application", "<Hangup/>");
    let (voice, ended) = (world.url("/application"), world.url("/ended"));
    let sid = application(&world, &[("FriendlyName", "Salon"), ("VoiceUrl", &voice), ("StatusCallback", &ended)]).await;
    let path = number(&world).await;
    let (status, changed) = world.rest("POST", &path, &[("VoiceApplicationSid", &sid), ("SmsUrl", &ended)]).await;
    assert_eq!(status, 200);
    check("/IncomingPhoneNumbers/{Sid}.json", "post", 200, &changed);
    assert_eq!((text(&changed, "voice_application_sid"), text(&changed, "sms_url")), (sid.as_str(), ended.as_str()));
    let call = world.call().await;
    let asked = world.hook("the application", |hook| hook.path == "/application").await;
    assert_eq!((asked.get("CallSid"), asked.get("ApplicationSid")), (call.as_str(), sid.as_str()));
    world.hook("the end", |hook| hook.path == "/ended" && hook.get("CallSid") == call).await;
    assert!(!world.received().iter().any(|hook| hook.path == "/voice"));

    let (_, cleared) = world.rest("POST", &path, &[("VoiceApplicationSid", "")]).await;
    assert_eq!(text(&cleared, "voice_application_sid"), "");
    let call = world.call().await;
    world.hook("the number's own URL", |hook| hook.path == "/voice" && hook.get("CallSid") == call).await;
    let truth = world.truth().await;
    assert_eq!((&truth["numbers"][0], text(&truth["applications"][0], "sid")), (&cleared, sid.as_str()));
}

#[tokio::test]
async fn what_a_number_refers_to_must_be_there() {
    let world = World::new().await;
    let path = number(&world).await;
    let unknown = format!("AP{}", "0".repeat(32));
    assert_eq!(code(&world.rest("POST", &path, &[("VoiceApplicationSid", &unknown)]).await), (400, 21218));
    assert_eq!(code(&world.rest("POST", &path, &[("VoiceApplicationSid", "AP1")]).await), (400, 20001));
    // A trunk and an application drive each other out; a removed application leaves nothing behind.
    let sid = application(&world, &[]).await;
    let trunk = format!("TK{}", "0".repeat(32));
    let after = async |form: &[(&str, &str)]| {
        let (_, number) = world.rest("POST", &path, form).await;
        (text(&number, "voice_application_sid").to_owned(), text(&number, "trunk_sid").to_owned())
    };
    assert_eq!(after(&[("TrunkSid", &trunk)]).await, (String::new(), trunk.clone()));
    assert_eq!(after(&[("VoiceApplicationSid", &sid)]).await, (sid.clone(), String::new()));
    assert_eq!(after(&[("TrunkSid", &trunk)]).await, (String::new(), trunk.clone()));
    after(&[("VoiceApplicationSid", &sid), ("SmsApplicationSid", &sid)]).await;
    world.rest("DELETE", &format!("/Applications/{sid}.json"), &[]).await;
    let (_, number) = world.rest("GET", &path, &[]).await;
    assert_eq!((text(&number, "voice_application_sid"), text(&number, "sms_application_sid")), ("", ""));
}

#[tokio::test]
async fn numbers_are_searched_bought_and_given_back() {
    let world = World::new().await;
    let search = "/AvailablePhoneNumbers/US/Local.json";
    let (status, page) = world.rest("GET", search, &[("AreaCode", "415"), ("Contains", "555")]).await;
    assert_eq!(status, 200, "{page}");
    check("/AvailablePhoneNumbers/{CountryCode}/Local.json", "get", 200, &page);
    let offered = page["available_phone_numbers"].as_array().expect("a list");
    assert!(offered.len() > 10 && offered.iter().all(|one| text(one, "phone_number").starts_with("+1415555")));
    let wanted = text(&offered[0], "phone_number").to_owned();
    let form = [("PhoneNumber", wanted.as_str()), ("FriendlyName", "Front desk")];
    let (status, bought) = world.rest("POST", "/IncomingPhoneNumbers.json", &form).await;
    assert_eq!(status, 201, "{bought}");
    check("/IncomingPhoneNumbers.json", "post", 201, &bought);
    assert_eq!(code(&world.rest("POST", "/IncomingPhoneNumbers.json", &form).await), (400, 21422));
    let (_, page) = world.rest("GET", search, &[("Contains", &wanted)]).await;
    assert_eq!(page["available_phone_numbers"], json!([]), "what is bought is not offered");

    let path = format!("/IncomingPhoneNumbers/{}.json", text(&bought, "sid"));
    assert_eq!(world.rest("DELETE", &path, &[]).await.0, 204);
    assert_eq!(code(&world.rest("GET", &path, &[]).await), (404, 20404));
    let (_, page) = world.rest("GET", search, &[("Contains", &wanted)]).await;
    assert_eq!(page["available_phone_numbers"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn numbers_of_some_countries_need_documents() {
    let world = World::new().await;
    let (_, country) = world.rest("GET", "/AvailablePhoneNumbers/RO.json", &[]).await;
    check("/AvailablePhoneNumbers/{CountryCode}.json", "get", 200, &country);
    assert!(country["subresource_uris"]["mobile"].is_null() && country["subresource_uris"]["toll_free"].is_string());
    let (_, page) = world.rest("GET", "/AvailablePhoneNumbers/RO/Local.json", &[("PageSize", "1")]).await;
    let offered = &page["available_phone_numbers"][0];
    assert_eq!(text(offered, "address_requirements"), "local");
    let wanted = text(offered, "phone_number");
    let buy = "/IncomingPhoneNumbers.json";
    assert_eq!(code(&world.rest("POST", buy, &[("PhoneNumber", wanted)]).await), (400, 21649));
    let (address, bundle) = (format!("AD{}", "0".repeat(32)), format!("BU{}", "0".repeat(32)));
    let form = [("PhoneNumber", wanted), ("AddressSid", &address), ("BundleSid", &bundle)];
    let (status, bought) = world.rest("POST", buy, &form).await;
    assert_eq!((status, text(&bought, "bundle_sid")), (201, bundle.as_str()));
    let (_, page) = world.rest("GET", "/AvailablePhoneNumbers/GB/Mobile.json", &[("PageSize", "1")]).await;
    let mobile = text(&page["available_phone_numbers"][0], "phone_number");
    assert_eq!(code(&world.rest("POST", buy, &[("PhoneNumber", mobile)]).await), (400, 21631));
    for path in ["/AvailablePhoneNumbers/XX.json", "/AvailablePhoneNumbers/RO/Mobile.json"] {
        assert_eq!(code(&world.rest("GET", path, &[]).await), (404, 20404), "{path}");
    }
    assert_eq!(code(&world.rest("GET", "/AvailablePhoneNumbers/US/Local.json", &[("Contains", "5")]).await).0, 400);
}

#[tokio::test]
async fn keys_are_made_shown_once_and_revoked() {
    let world = World::new().await;
    let (status, made) = world.rest("POST", "/Keys.json", &[("FriendlyName", "Switchyard")]).await;
    assert_eq!(status, 201);
    check("/Keys.json", "post", 201, &made);
    let (sid, secret) = (text(&made, "sid").to_owned(), text(&made, "secret").to_owned());
    let path = format!("/2010-04-01/Accounts/{ACCOUNT}/Keys/{sid}.json");
    let (_, read) = world.rest_as((ACCOUNT, TOKEN), "GET", &path, &[]).await;
    check("/Keys/{Sid}.json", "get", 200, &read);
    assert!(read["secret"].is_null(), "the secret is shown once");
    let numbers = format!("/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers.json");
    assert_eq!(world.rest_as((&sid, &secret), "GET", &numbers, &[]).await.0, 200);
    assert_eq!(code(&world.rest_as((&sid, &secret), "GET", &path, &[]).await), (401, 20003), "a standard key");
    assert_eq!(world.rest_as((ACCOUNT, TOKEN), "DELETE", &path, &[]).await.0, 204);
    assert_eq!(code(&world.rest_as((&sid, &secret), "GET", &numbers, &[]).await), (401, 20003));

    world.control("DELETE", &format!("/carrier/accounts/{ACCOUNT}/keys/{KEY}"), &Value::Null).await;
    assert_eq!(code(&world.rest_as((KEY, SECRET), "GET", &numbers, &[]).await), (401, 20003));
}

#[tokio::test]
async fn the_next_auth_token_opens_at_once_and_signs_when_it_is_promoted() {
    let world = World::new().await;
    let (secondary, promote) = ("/v1/AuthTokens/Secondary", "/v1/AuthTokens/Promote");
    let own = (ACCOUNT, TOKEN);
    assert_eq!(code(&world.rest_as(own, "POST", promote, &[]).await), (404, 20404));
    assert_eq!(code(&world.rest_as((KEY, SECRET), "POST", secondary, &[]).await), (401, 20003));
    let (status, made) = world.rest_as(own, "POST", secondary, &[]).await;
    assert_eq!(status, 201);
    let next = text(&made, "secondary_auth_token").to_owned();
    let account = format!("/2010-04-01/Accounts/{ACCOUNT}.json");
    let signed_with = async |token: &str| {
        let call = world.call().await;
        let hook = world.hook("the voice webhook", |hook| hook.path == "/voice" && hook.get("CallSid") == call).await;
        let given = hook.headers["x-twilio-signature"].to_str().expect("text");
        carrier::signature::sign(token, &world.url("/voice"), &hook.form) == given
    };
    assert_eq!(world.rest_as((ACCOUNT, &next), "GET", &account, &[]).await.0, 200);
    assert!(signed_with(TOKEN).await, "a token signs nothing until it is promoted");
    let (status, promoted) = world.rest_as((ACCOUNT, &next), "POST", promote, &[]).await;
    assert_eq!((status, text(&promoted, "auth_token")), (200, next.as_str()));
    assert!(signed_with(&next).await);
    assert_eq!(code(&world.rest_as(own, "GET", &account, &[]).await), (401, 20003));
}

#[tokio::test]
async fn a_suspended_account_says_so_and_does_nothing_else() {
    let world = World::new().await;
    world.control("PUT", &format!("/carrier/accounts/{ACCOUNT}/status"), &json!({ "status": "suspended" })).await;
    let account = format!("/2010-04-01/Accounts/{ACCOUNT}.json");
    let (status, read) = world.rest_as((ACCOUNT, TOKEN), "GET", &account, &[]).await;
    assert_eq!((status, text(&read, "status")), (200, "suspended"));
    assert_eq!(code(&world.rest("GET", "/IncomingPhoneNumbers.json", &[]).await), (403, 20005));
    world.control("PUT", &format!("/carrier/accounts/{ACCOUNT}/status"), &json!({ "status": "active" })).await;
    assert_eq!(world.rest("GET", "/IncomingPhoneNumbers.json", &[]).await.0, 200);
    world.control("DELETE", &format!("/carrier/numbers/{NUMBER}"), &Value::Null).await;
    let (_, page) = world.rest("GET", "/IncomingPhoneNumbers.json", &[]).await;
    assert_eq!(page["incoming_phone_numbers"], json!([]));
}

#[tokio::test]
async fn regulations_are_told_by_country_and_kind() {
    let world = World::new().await;
    let told = async |query: &str| {
        let path = format!("/v2/RegulatoryCompliance/Regulations?{query}");
        let (status, page) = world.rest_as((KEY, SECRET), "GET", &path, &[]).await;
        assert_eq!(status, 200);
        let all = page["results"].as_array().expect("a list").iter();
        all.map(|one| text(one, "friendly_name").to_owned()).collect::<Vec<_>>()
    };
    let romanian = ["Romania: Local - Individual", "Romania: Local - Business"];
    assert_eq!(told("IsoCountry=RO&NumberType=local").await, romanian);
    assert_eq!(told("IsoCountry=RO&NumberType=local&EndUserType=business").await, romanian[1..]);
    assert_eq!(told("IsoCountry=US&NumberType=local").await, Vec::<String>::new());
}

#[tokio::test]
async fn prices_are_told_by_country() {
    let world = World::new().await;
    let (status, prices) = world.rest_as((KEY, SECRET), "GET", "/v1/PhoneNumbers/Countries/US", &[]).await;
    assert_eq!((status, text(&prices, "price_unit")), (200, "USD"));
    let kinds: Vec<&str> =
        prices["phone_number_prices"].as_array().expect("a list").iter().map(|one| text(one, "number_type")).collect();
    assert_eq!(kinds, ["local", "toll free"]);
    assert_eq!(code(&world.rest_as((KEY, SECRET), "GET", "/v1/PhoneNumbers/Countries/XX", &[]).await), (404, 20404));
}

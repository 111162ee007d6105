//! What the settings for Twilio say of each thing that can go wrong, and the way back that they offer, as somebody reads
//! and clicks it.

use serde_json::json;
use server::{
    demo::WORKSPACE,
    twilio::{setup::Setup, signature::SigningKey},
    vault::Field,
};
use switchyard::{audit::Deed, time::Timestamp};

use super::{
    MARIA,
    kept::{somebody_meddles, the_token_is},
    office::{Answer, Browser},
    setup::{DESK, applications, behind_our_back, number, salon, setup},
    stage::{ACCOUNT, Stage, TOKEN},
};

const PAGE: &str = "/settings/twilio";
const RIGHT: &str = "Everything is as it should be.";

/// The salon's owner at the settings.
struct Cristina<'a> {
    stage: &'a Stage,
    browser: Browser,
}

impl<'a> Cristina<'a> {
    async fn at(stage: &'a Stage) -> Self {
        let mut browser = Browser::at(stage.url(""));
        browser.post("/sign-in/demo", &[("agent", "cristina")]).await;
        Self { stage, browser }
    }

    /// Sends one of the page's forms, and reads the page that it leads to.
    async fn sends(&mut self, form: &str, fields: &[(&str, &str)]) -> Answer {
        let path = format!("{PAGE}{form}");
        let seen = self.reads().await;
        self.sends_from(&seen, &path, fields).await
    }

    /// Follows the page's way to a question, and says yes to it.
    async fn says_yes(&mut self, question: &str) -> Answer {
        let path = format!("{PAGE}{question}");
        let seen = self.reads().await;
        assert!(seen.contains(&format!("href=\"{path}\"")), "there is no way to {path}\n{seen}");
        assert!(!seen.contains(&format!("action=\"{path}\"")), "nothing is asked before {path}\n{seen}");
        let asked = self.browser.get(&path).await.page;
        self.sends_from(&asked, &path, &[]).await
    }

    async fn sends_from(&mut self, seen: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        assert!(seen.contains(&format!("action=\"{path}\"")), "there is no such form: {path}\n{seen}");
        let answer = self.browser.post(path, fields).await;
        assert_eq!(answer.status, 303, "{path}: {answer:?}");
        let page = self.browser.get(&answer.to).await.page;
        Answer { page, ..answer }
    }

    /// Compares with Twilio. What is wrong is said in these words.
    async fn is_told(&mut self, words: &str) {
        let page = self.sends("/check", &[]).await.page;
        assert!(page.contains(words) && !page.contains(RIGHT), "{words}\n{page}");
    }

    async fn is_told_that_all_is_right(&mut self) {
        let page = self.sends("/check", &[]).await.page;
        assert!(page.contains(RIGHT), "{page}");
    }

    async fn reads(&self) -> String {
        self.browser.get(PAGE).await.page
    }

    /// How the salon's numbers are, in the list of them.
    async fn reads_of_numbers(&self) -> Vec<String> {
        let page = self.browser.get("/settings/numbers").await.page;
        let standings = page.split("data-standing=\"").skip(1);
        let words = standings.map(|rest| rest.split('>').nth(1).unwrap().split('<').next().unwrap().to_owned());
        words.collect()
    }

    async fn account_is(&self, status: &str) {
        self.stage.put(&format!("accounts/{ACCOUNT}/status"), &json!({ "status": status })).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_can_repair_it_reads_on_the_floor_that_something_is_broken() {
    let stage = Stage::set(&[]).await;
    let mut cristina = Cristina::at(&stage).await;
    let broken = "Something is not as it should be at Twilio";
    cristina.is_told_that_all_is_right().await;
    assert!(!cristina.browser.get("/").await.page.contains(broken));
    stage.faults(json!({ "rest_error": 1.0 })).await;
    cristina.is_told("Twilio cannot be reached at the moment").await;
    assert!(!cristina.browser.get("/").await.page.contains(broken), "that may be over in a moment");
    stage.faults(json!({})).await;
    somebody_meddles(&stage).await;
    setup(&stage).check(&salon()).await.unwrap();
    let floor = cristina.browser.get("/").await.page;
    assert!(floor.contains(broken) && floor.contains("href=\"/settings/twilio\""), "{floor}");
    let mut ana = Browser::at(stage.url(""));
    ana.post("/sign-in/demo", &[("agent", "ana")]).await;
    assert!(!ana.get("/").await.page.contains(broken), "she can do nothing about it");
    // The log says in the reader's language what was wrong, and what was put right.
    stage.put(&format!("accounts/{ACCOUNT}/status"), &json!({ "status": "suspended" })).await;
    cristina.is_told("The Twilio account is suspended").await;
    stage.put(&format!("accounts/{ACCOUNT}/status"), &json!({ "status": "active" })).await;
    cristina.is_told("2 things are not as they should be.").await;
    cristina.sends("/repair", &[("number", DESK), ("field", "sms_url")]).await;
    let log = cristina.browser.get("/settings/log").await.page;
    assert!(log.contains("The Twilio account is suspended: no calls come in or go out."), "{log}");
    assert!(log.contains(&format!("Put right at Twilio: {DESK}, Address for texts")), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_and_applications_that_are_gone_have_their_words_and_a_button() {
    let stage = Stage::set(&[]).await;
    let mut cristina = Cristina::at(&stage).await;
    cristina.is_told_that_all_is_right().await;

    let key = setup(&stage).connection(&salon()).await.unwrap().key.unwrap();
    stage.delete(&format!("accounts/{ACCOUNT}/keys/{key}")).await;
    cristina.is_told(&format!("The API key {key} was revoked: agents cannot talk in the page")).await;
    let page = cristina.sends("/key", &[]).await.page;
    assert!(page.contains("A new API key is in use.") && page.contains(RIGHT), "{page}");

    let mut connection = setup(&stage).connection(&salon()).await.unwrap();
    let since = connection.changed;
    (connection.key, connection.key_secret, connection.changed) = (None, None, Timestamp(since.0 + 1));
    assert!(setup(&stage).store.put_connection(&connection, Some(since)).await.unwrap());
    cristina.is_told("There is no API key: agents cannot talk in the page.").await;
    let page = cristina.sends("/key", &[]).await.page;
    assert!(page.contains("A new API key is in use.") && page.contains(RIGHT), "{page}");

    let application = applications(&stage, ACCOUNT).await[0]["sid"].as_str().unwrap().to_owned();
    let url = format!("{}/2010-04-01/Accounts/{ACCOUNT}/Applications/{application}.json", stage.carrier_url);
    stage.http.delete(url).basic_auth(ACCOUNT, Some(TOKEN)).send().await.unwrap().error_for_status().unwrap();
    cristina.is_told("The TwiML application is gone: calls do not arrive. Repairing makes it again.").await;
    assert_eq!(cristina.reads_of_numbers().await, ["Set up differently at Twilio"; 2]);
    let page = cristina.sends("/repair", &[]).await.page;
    assert!(page.contains("Repaired.") && page.contains(RIGHT), "{page}");
    stage.call_in(MARIA).await;

    stage.delete(&format!("numbers/{DESK}")).await;
    cristina.is_told(&format!("{DESK} is no longer a number of this account.")).await;
    let page = cristina.sends("/forget", &[("number", DESK)]).await.page;
    assert!(page.contains("The number is forgotten.") && page.contains(RIGHT), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_does_not_work_has_its_words_and_its_numbers_do_not_ring() {
    let stage = Stage::set(&[]).await;
    let mut cristina = Cristina::at(&stage).await;
    assert_eq!(cristina.reads_of_numbers().await, ["Rings here"; 2]);
    for (status, words, standing) in [
        ("suspended", "The Twilio account is suspended: no calls come in or go out.", "Account suspended"),
        ("closed", "The Twilio account is closed. Connect another one under Account.", "Account closed"),
    ] {
        cristina.account_is(status).await;
        cristina.is_told(words).await;
        assert_eq!(cristina.reads_of_numbers().await, [standing; 2]);
        // While nobody can be asked, that is what is known.
        stage.faults(json!({ "rest_error": 1.0 })).await;
        cristina.is_told("Twilio cannot be reached at the moment.").await;
        assert!(cristina.reads().await.contains("Known from before"));
        assert_eq!(cristina.reads_of_numbers().await, [standing; 2]);
        stage.faults(json!({})).await;
        cristina.account_is("active").await;
        cristina.is_told_that_all_is_right().await;
        assert_eq!(cristina.reads_of_numbers().await, ["Rings here"; 2]);
    }

    the_token_is(&stage, &salon(), "changed in the console").await;
    cristina.is_told("The auth token is no longer accepted: it was probably changed").await;
    assert_eq!(cristina.reads_of_numbers().await, ["Auth token refused"; 2]);
    let fields = [("account", ACCOUNT), ("token", "changed in the console"), ("countries", "RO")];
    let page = cristina.sends("", &fields).await.page;
    assert!(page.contains("Connected.") && page.contains(RIGHT), "{page}");
    assert_eq!(cristina.reads_of_numbers().await, ["Rings here"; 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn at_another_address_everything_is_repaired_one_by_one_or_at_once() {
    let stage = Stage::set(&[]).await;
    let mut cristina = Cristina::at(&stage).await;
    let moved = Setup { public_url: "https://moved.example".into(), ..setup(&stage).clone() };
    let words =
        format!("Twilio was told to reach this server at https://moved.example, and it is at {}", stage.url(""));
    moved.configure(&salon()).await.unwrap();
    cristina.is_told(&words).await;
    let page = cristina.sends("/repair", &[]).await.page;
    assert!(page.contains("Repaired.") && page.contains(RIGHT), "{page}");

    moved.configure(&salon()).await.unwrap();
    cristina.is_told(&words).await;
    let mut repaired = 0;
    loop {
        let answer = Answer { status: 200, to: String::new(), retry_after: None, page: cristina.reads().await };
        let forms = answer.page.split("<form").filter(|form| form.contains("action=\"/settings/twilio/repair\""));
        let Some(form) = forms.map(|form| form.split("</form>").next().unwrap()).find(|form| form.contains("<input"))
        else {
            break;
        };
        let form = Answer { page: form.to_owned(), ..answer };
        let (number, field) = (form.field("number"), form.field("field"));
        cristina.sends("/repair", &[("number", &number), ("field", &field)]).await;
        repaired += 1;
    }
    assert!(repaired > 4, "the application and both numbers name the address: {repaired}");
    assert!(cristina.reads().await.contains(RIGHT));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_right_as_it_is_is_accepted_with_a_click_and_noted() {
    let stage = Stage::set(&[]).await;
    let mut cristina = Cristina::at(&stage).await;
    let sid = number(&stage, DESK).await["sid"].as_str().unwrap().to_owned();
    let bundle = |digit: &str| format!("BU{}", digit.repeat(32));
    let change = async |bundle: &str| {
        let path = format!("IncomingPhoneNumbers/{sid}");
        behind_our_back(&stage, (ACCOUNT, TOKEN), &path, &[("BundleSid", bundle)]).await;
    };
    change(&bundle("1")).await;
    cristina.is_told("One thing is not as it should be.").await;
    let page = cristina.reads().await;
    let form = page.split("<form").find(|form| form.contains("action=\"/settings/twilio/accept\"")).unwrap();
    let form = Answer {
        status: 200,
        to: String::new(),
        retry_after: None,
        page: form.split("</form>").next().unwrap().to_owned(),
    };
    let fields = ["number", "field", "seen"].map(|name| (name, form.field(name)));
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    assert_eq!(fields, [("number", DESK), ("field", "bundle_sid"), ("seen", &bundle("1")[..])]);

    // While she reads, it is changed again: she did not see that.
    change(&bundle("2")).await;
    let answer = cristina.sends("/accept", &fields).await;
    assert!(answer.to.ends_with("?done=checked") && answer.page.contains(&bundle("2")), "{answer:?}");
    change(&bundle("1")).await;
    let answer = cristina.sends("/accept", &fields).await;
    assert!(answer.page.contains("Accepted as it is.") && answer.page.contains(RIGHT), "{answer:?}");
    let log = stage.deps().store.audit(&salon(), None, 1).await.unwrap();
    let (_, noted) = &log[0];
    assert_eq!((noted.deed, &noted.subject[..], noted.changes.len()), (Deed::DriftAccepted, DESK, 1));
    assert_eq!(noted.changes[0].after, Some(bundle("1")));
    let page = cristina.browser.get("/settings/log").await.page;
    assert!(page.contains(&format!("Accepted {DESK} as it is at Twilio")), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_and_tokens_are_replaced_after_a_question() {
    let stage = Stage::set(&[]).await;
    let mut cristina = Cristina::at(&stage).await;
    let theirs = setup(&stage).connection(&salon()).await.unwrap().key.unwrap();
    let page = cristina.says_yes("/key").await.page;
    assert!(
        page.contains(&format!("The API key before ({theirs}) was not made here")) && page.contains(RIGHT),
        "{page}"
    );
    let ours = setup(&stage).connection(&salon()).await.unwrap().key.unwrap();
    assert!(ours != theirs && page.contains(&ours), "{page}");
    let page = cristina.says_yes("/key").await.page;
    assert!(page.contains("A new API key is in use.") && !page.contains(&ours), "{page}");

    let page = cristina.says_yes("/token").await.page;
    assert!(page.contains("A new auth token is in use.") && page.contains(RIGHT), "{page}");
    let connection = setup(&stage).connection(&salon()).await.unwrap();
    let token = setup(&stage).tenants.vault.open(&salon(), Field::AuthToken, &connection.auth_token).unwrap();
    assert!(token.expose() != TOKEN && !page.contains(token.expose()));
    let form = [("AccountSid", ACCOUNT), ("CallSid", "CA1"), ("CallStatus", "ringing"), ("From", MARIA)];
    let path = format!("/api/voice/status?workspace={WORKSPACE}");
    for believed in [TOKEN, token.expose()] {
        assert_eq!(stage.webhook(&path, &form, Some(&SigningKey::new(believed))).await.status(), 204);
    }
    stage.call_in(MARIA).await;

    // Whatever fails is said, and what there was is in use.
    stage.faults(json!({ "rest_error": 1.0 })).await;
    for form in ["/key", "/token"] {
        let page = cristina.says_yes(form).await.page;
        assert!(page.contains("Twilio cannot be reached at the moment."), "{form}: {page}");
    }
    let after = setup(&stage).connection(&salon()).await.unwrap();
    assert_eq!(after.key, connection.key);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_known_is_shown_without_buttons_while_nothing_can_be_looked_at() {
    let stage = Stage::set(&[]).await;
    let mut cristina = Cristina::at(&stage).await;
    somebody_meddles(&stage).await;
    cristina.is_told("2 things are not as they should be.").await;
    stage.faults(json!({ "rest_error": 1.0 })).await;
    cristina.is_told("Twilio could not be asked.").await;
    let page = cristina.reads().await;
    let (_, known) = page.split_once("Known from before").unwrap();
    assert!(known.contains("Address for calls") && known.contains("https://elsewhere.example/"), "{page}");
    assert!(!page.contains("/settings/twilio/repair"), "nothing can be repaired now: {page}");
    assert_eq!(cristina.reads_of_numbers().await, ["Set up differently at Twilio"; 2], "calls go elsewhere");
}

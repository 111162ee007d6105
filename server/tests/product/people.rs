//! From the first run to a staff of several: who gets in, who may change whom, and what the floor makes of it.

use switchyard::{
    agent::{Presence, Role, WhenAway},
    call::Place,
    floor::{Command, Intent},
    people::{Fallback, Standing},
};

use crate::{
    MARIA, maria_talks_to_ana,
    office::{Browser, Office, PASSWORD, until_signed_out},
    stage::Stage,
};

fn company<'a>(code: &'a str, name: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("code", code),
        ("workspace", name),
        ("country", "RO"),
        ("language", "ro"),
        ("name", "Olga Pop"),
        ("email", "Olga@Example.com"),
        ("password", PASSWORD),
    ]
}

fn somebody<'a>(name: &'a str, email: &'a str, extension: &'a str, role: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("name", name),
        ("email", email),
        ("extension", extension),
        ("role", role),
        ("language", ""),
        ("fallback", "nowhere"),
        ("mobile", ""),
    ]
}

/// Adds somebody and answers their id.
pub async fn add(browser: &mut Browser, name: &str, email: &str, extension: &str) -> String {
    let added = browser.post("/people/new", &somebody(name, email, extension, "agent")).await;
    assert_eq!(added.status, 303, "{added:?}");
    added.to.strip_prefix("/people/").unwrap().split('?').next().unwrap().to_owned()
}

/// The link that somebody's page shows when it is made.
pub async fn link(browser: &mut Browser, agent: &str) -> String {
    let made = browser.post(&format!("/people/{agent}/link"), &[]).await;
    assert_eq!(made.status, 200, "{made:?}");
    let (_, link) = made.page.split_once("/join/").unwrap();
    format!("/join/{}", link.split('"').next().unwrap())
}

#[tokio::test]
async fn until_there_is_a_workspace_every_page_leads_to_the_first_run() {
    let office = Office::new().await;
    let mut browser = office.browser();
    for page in ["/", "/calls", "/sign-in", "/people", "/nowhere/at/all"] {
        let answer = browser.get(page).await;
        let gone = (answer.status, answer.to.as_str());
        assert!(gone == (303, "/welcome") || (page.contains("nowhere") && answer.status == 404), "{page}: {gone:?}");
    }
    assert_eq!(browser.post("/sign-in", &[("email", "a@b.example"), ("password", "x")]).await.status, 404);
    assert_eq!(browser.get("/healthz").await.status, 200);

    // Whoever finds the page without the code finds nothing more.
    let code = office.code().await;
    assert_eq!(browser.get(&format!("/welcome/{code}")).await.field("code"), code);
    let stranger = browser.post("/welcome", &company("guess", "Acme")).await;
    assert!(stranger.status == 422 && stranger.is_wrong("code"), "{stranger:?}");
    assert_eq!(stranger.field("workspace"), "Acme", "what was typed is still there");
    assert_eq!(stranger.field("password"), "", "but no password");
    let mut wrong = company(&code, "  ");
    wrong[2] = ("country", "ZZ");
    let wrong = browser.post("/welcome", &wrong).await;
    assert!(wrong.status == 422 && wrong.is_wrong("workspace") && wrong.is_wrong("country") && !wrong.is_wrong("name"));

    let made = browser.post("/welcome", &company(&code, "Acme & Fiii")).await;
    assert_eq!((made.status, made.to.as_str()), (303, "/people"), "{made:?}");
    let people = browser.get("/people").await;
    assert!(people.status == 200 && people.page.contains("olga@example.com"), "the owner is signed in");
    assert_eq!(office.floor("acmefiii").await.agents.len(), 1, "and on the floor");
    assert_eq!(browser.get("/").await.status, 200);

    // The page is gone.
    assert_eq!(office.browser().get("/welcome").await.status, 404);
    assert_eq!(office.browser().get(&format!("/welcome/{code}")).await.status, 404);
    assert_eq!(office.browser().post("/welcome", &company(&code, "Other")).await.status, 404);
    // And what needs a carrier says that there is none.
    let token = browser.post("/api/token", &[]).await;
    assert_eq!((token.status, token.page.as_str()), (409, "this workspace has no carrier yet"));
}

#[tokio::test]
async fn of_two_who_send_the_first_form_at_once_one_is_the_owner() {
    let office = Office::new().await;
    let code = office.code().await;
    let (mut one, mut two) = (office.browser(), office.browser());
    let forms = (company(&code, "One"), company(&code, "Two"));
    let (a, b) = tokio::join!(one.post("/welcome", &forms.0), two.post("/welcome", &forms.1));
    let statuses = [a.status, b.status];
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
    assert_eq!(office.deps.store.workspaces().await.unwrap().len(), 1);
}

#[tokio::test]
async fn somebody_is_invited_comes_in_and_is_seen_on_the_floor() {
    let office = Office::staffed().await;
    let mut adam = office.signed_in("adam").await;
    let id = add(&mut adam, "Ina Radu", "Ina@Example.com", "120").await;
    assert_eq!(office.account("acme", &id).await.unwrap().standing(), Standing::Invited);
    assert!(!office.seats("acme", &id).await, "not before they have come");
    let mut ina = office.browser();
    assert!(ina.sign_in("ina@example.com", "").await.to.contains("error=credentials"));

    let old = link(&mut adam, &id).await;
    let new = link(&mut adam, &id).await;
    assert_eq!(ina.get(&old).await.status, 404, "an earlier link is worth nothing");
    let page = ina.get(&new).await;
    assert!(page.status == 200 && page.page.contains("ACME") && page.field("name") == "Ina Radu");
    let short = ina.post(&new, &[("name", "Ina"), ("password", "short")]).await;
    assert!(short.status == 422 && short.is_wrong("password"));
    let joined = ina.post(&new, &[("name", "Ina R."), ("password", "ina has a password")]).await;
    assert_eq!((joined.status, joined.to.as_str()), (303, "/"));
    assert!(ina.is_in().await);
    assert_eq!(office.floor("acme").await.agents[&id.as_str().into()].profile.name, "Ina R.");

    // Once: neither the link nor its form works again.
    assert_eq!(office.browser().get(&new).await.status, 404);
    let again = office.browser().post(&new, &[("name", "Thief"), ("password", "another password")]).await;
    assert_eq!((again.status, again.to), (303, new));
    assert_eq!(office.browser().sign_in("INA@example.com", "ina has a password").await.to, "/");
}

#[tokio::test]
async fn a_new_password_by_a_link_ends_all_sessions() {
    let office = Office::staffed().await;
    let (mut adam, ana) = (office.signed_in("adam").await, office.signed_in("ana").await);
    let feed = ana.live().await;
    let link = link(&mut adam, "ana").await;
    let mut elsewhere = office.browser();
    assert_eq!(elsewhere.post(&link, &[("password", "quite another one")]).await.to, "/");
    until_signed_out(feed).await;
    assert!(!ana.is_in().await && elsewhere.is_in().await);
    assert!(office.browser().sign_in("ana@example.com", PASSWORD).await.to.contains("error"));
    assert_eq!(
        office.account("acme", "ana").await.unwrap().profile.name,
        "ANA",
        "the name is not the link's to change"
    );
}

#[tokio::test]
async fn what_cannot_be_taken_comes_back_as_it_was_typed_with_what_is_wrong() {
    let office = Office::staffed().await;
    let mut adam = office.signed_in("adam").await;
    let before = office.deps.store.accounts(&"acme".into()).await.unwrap();
    let taken = adam.post("/people/new", &somebody("Dan", "ana@example.com", "101", "agent")).await;
    assert!(taken.status == 422 && taken.is_wrong("email") && taken.is_wrong("extension") && !taken.is_wrong("name"));
    assert_eq!((taken.field("name"), taken.field("extension")), ("Dan".into(), "101".into()));
    let mut wrong = somebody(" ", "nonsense", "104", "agent");
    (wrong[5], wrong[6]) = (("fallback", "mobile"), ("mobile", "12"));
    let wrong = adam.post("/people/new", &wrong).await;
    for name in ["name", "email", "extension", "mobile"] {
        assert!(wrong.is_wrong(name), "{name}");
    }
    let high = adam.post("/people/new", &somebody("Dan", "dan@example.com", "130", "owner")).await;
    assert!(high.status == 422 && high.is_wrong("role"));
    for number in ["112", "911"] {
        let help = adam.post("/people/new", &somebody("Dan", "dan@example.com", number, "agent")).await;
        assert!(help.status == 422 && help.is_wrong("extension"), "{number}");
        assert!(help.page.contains("This is an emergency number") && help.field("extension") == number);
    }
    assert_eq!(office.deps.store.accounts(&"acme".into()).await.unwrap(), before, "nothing was saved");

    // And what can be is.
    let mut right = somebody("Ana Pop", "ana.pop@example.com", "999", "supervisor");
    (right[5], right[6]) = (("fallback", "mobile"), ("mobile", "0722 111 222"));
    assert_eq!(adam.post("/people/ana", &right).await.to, "/people/ana?done=saved");
    let ana = office.account("acme", "ana").await.unwrap();
    assert_eq!((ana.email.as_str(), &ana.fallback), ("ana.pop@example.com", &Fallback::Mobile("+40722111222".into())));
    let floor = office.floor("acme").await;
    let ana = &floor.agents[&"ana".into()];
    assert_eq!((ana.profile.role, ana.when_away), (Role::Supervisor, WhenAway::Mobile), "the floor knows");
    assert!(!serde_json::to_string(&*floor).unwrap().contains("722111222"), "but not the number");
    assert_eq!(office.browser().sign_in("ana.pop@example.com", PASSWORD).await.to, "/", "with the password of before");
    // Where she is reached is one of three, and stays as it is when a form says nothing of it.
    right[5] = ("fallback", "pager");
    let pager = adam.post("/people/ana", &right).await;
    assert!(pager.status == 422 && pager.is_wrong("fallback") && !pager.is_wrong("mobile"), "{pager:?}");
    right.truncate(5);
    assert_eq!(adam.post("/people/ana", &right).await.to, "/people/ana?done=saved");
    let kept = office.account("acme", "ana").await.unwrap().fallback;
    assert_eq!(kept, Fallback::Mobile("+40722111222".into()));
}

#[tokio::test]
async fn an_extension_that_was_an_emergency_number_before_stays_until_it_is_changed() {
    let office = Office::staffed().await;
    office.put("acme", "ion", "ion@example.com", Role::Agent, 112).await;
    let mut adam = office.signed_in("adam").await;
    let saved = adam.post("/people/ion", &somebody("Ion Pop", "ion@example.com", "112", "agent")).await;
    assert_eq!(saved.to, "/people/ion?done=saved", "{saved:?}");
    assert_eq!(office.account("acme", "ion").await.unwrap().profile.name, "Ion Pop");
    let another = adam.post("/people/ion", &somebody("Ion Pop", "ion@example.com", "911", "agent")).await;
    assert!(another.status == 422 && another.is_wrong("extension"), "{another:?}");
    assert_eq!(adam.post("/people/ion", &somebody("Ion Pop", "ion@example.com", "140", "agent")).await.status, 303);
    let back = adam.post("/people/ion", &somebody("Ion Pop", "ion@example.com", "112", "agent")).await;
    assert!(back.status == 422 && back.is_wrong("extension"), "it is not given again");
}

#[tokio::test]
async fn each_role_opens_what_it_may() {
    let office = Office::staffed().await;
    let deeds = ["/people/ana", "/people/ana/link", "/people/ana/deactivate", "/people/ana/reactivate", "/people/new"];
    let form = somebody("Ana", "ana@example.com", "150", "agent");
    for (who, list) in [("ana", 403), ("sara", 200)] {
        let mut browser = office.signed_in(who).await;
        assert_eq!(browser.get("/people").await.status, list, "{who}");
        for page in ["/people/new", "/people/ana"] {
            assert_eq!(browser.get(page).await.status, 403, "{who} {page}");
        }
        for deed in deeds {
            assert_eq!(browser.post(deed, &form).await.status, 403, "{who} {deed}");
        }
    }
    // An admin does not reach above themselves; the last owner stays one.
    let (mut adam, mut olga) = (office.signed_in("adam").await, office.signed_in("olga").await);
    assert_eq!(adam.get("/people/olga").await.status, 403);
    for deed in ["/people/olga", "/people/olga/link", "/people/olga/deactivate"] {
        let form = somebody("Olga", "olga@example.com", "101", "agent");
        assert_eq!(adam.post(deed, &form).await.status, 403, "{deed}");
    }
    let demoted = olga.post("/people/olga", &somebody("Olga", "olga@example.com", "101", "admin")).await;
    assert!(demoted.status == 422 && demoted.is_wrong("role"), "{demoted:?}");
    assert_eq!(olga.post("/people/olga/deactivate", &[]).await.status, 422);
    assert_eq!(office.account("acme", "olga").await.unwrap().profile.role, Role::Owner);
    // With another owner she may.
    assert_eq!(olga.post("/people/adam", &somebody("Adam", "adam@example.com", "102", "owner")).await.status, 303);
    assert_eq!(olga.post("/people/olga", &somebody("Olga", "olga@example.com", "101", "agent")).await.status, 303);
    assert_eq!(olga.get("/people").await.status, 403, "and is an agent from now on");
    // Nobody at all is led to the sign-in.
    let mut nobody = office.browser();
    assert!(nobody.get("/people").await.to.starts_with("/sign-in"));
    for deed in deeds.iter().chain(&["/profile", "/profile/password", "/profile/sign-out-everywhere"]) {
        assert_eq!(nobody.post(deed, &[]).await.to, format!("/sign-in?next={deed}"), "{deed}");
    }
    assert_eq!(nobody.post("/switch", &[("workspace", "acme")]).await.to, "/sign-in");
    // From a form of the settings it leads back to its page.
    for (form, page) in [
        ("/settings/twilio", "/settings/twilio"),
        ("/settings/twilio/check", "/settings/twilio"),
        ("/settings/numbers/40312345678", "/settings/numbers"),
        ("/settings/webhooks/crm/test", "/settings/webhooks"),
        ("/settings/api", "/settings/api"),
    ] {
        assert_eq!(nobody.post(form, &[]).await.to, format!("/sign-in?next={page}"), "{form}");
    }
}

#[tokio::test]
async fn nobody_reaches_into_another_workspace() {
    let office = Office::staffed().await;
    let before = office.account("globex", "gina").await;
    let mut olga = office.signed_in("olga").await;
    assert_eq!(olga.get("/people/gina").await.status, 404);
    for deed in ["", "/link", "/deactivate", "/reactivate"] {
        let form = somebody("Gina", "gina@example.com", "101", "agent");
        assert_eq!(olga.post(&format!("/people/gina{deed}"), &form).await.status, 404, "{deed}");
    }
    assert_eq!(olga.post("/switch", &[("workspace", "globex")]).await.status, 404);
    assert!(!olga.get("/people").await.page.contains("gina"));
    assert_eq!(office.account("globex", "gina").await, before);
    assert!(office.seats("globex", "gina").await && office.signed_in("gina").await.is_in().await);
}

#[tokio::test]
async fn whoever_is_deactivated_is_out_at_once_and_can_come_back() {
    let office = Office::staffed().await;
    let (mut adam, ana) = (office.signed_in("adam").await, office.signed_in("ana").await);
    let feed = ana.live().await;
    assert_eq!(adam.post("/people/ana/deactivate", &[]).await.status, 303);
    until_signed_out(feed).await;
    assert!(!ana.is_in().await && !office.seats("acme", "ana").await);
    assert!(office.browser().sign_in("ana@example.com", PASSWORD).await.to.contains("error=credentials"));
    assert!(adam.get("/people").await.page.contains("ANA"), "the list still knows the name");
    assert_eq!(adam.post("/people/ana/link", &[]).await.status, 403, "there is no way in");
    assert_eq!(adam.post("/people/adam/deactivate", &[]).await.status, 422, "nobody does it to themselves");

    assert_eq!(adam.post("/people/ana/reactivate", &[]).await.status, 303);
    assert!(office.seats("acme", "ana").await && office.signed_in("ana").await.is_in().await);
}

#[tokio::test]
async fn whoever_is_deactivated_stays_in_the_history_by_name() {
    let stage = Stage::set(&["--wrap-up-secs", "0"]).await;
    let call = maria_talks_to_ana(&stage).await;
    stage.ask("ana", Intent::HangUp { call: call.clone() }).await.unwrap();
    stage.until("the call is over", |floor| floor.calls.is_empty()).await;
    let mut cristina = Browser::at(stage.url(""));
    cristina.sign_in("cristina@aurora.example", "aurora-demo").await;
    let the_call = async |browser: &Browser| {
        let page = browser.get("/calls").await.page;
        let row =
            page.split("<tr").find(|row| row.contains("data-outcome=\"answered\"")).unwrap_or_else(|| panic!("{page}"));
        row.split("</tr>").next().unwrap().to_owned()
    };
    let before = the_call(&cristina).await;
    assert!(before.contains(">Ana Popescu<") && before.contains("Ana Popescu hung up"), "{before}");
    assert_eq!(cristina.post("/people/ana/deactivate", &[]).await.status, 303);
    stage.until("she has left the floor", |floor| !floor.agents.contains_key(&"ana".into())).await;
    assert_eq!(the_call(&cristina).await, before, "the history says what it said");
}

#[tokio::test]
async fn a_caller_stays_when_the_one_who_talks_is_deactivated() {
    let stage = Stage::set(&[]).await;
    let call = maria_talks_to_ana(&stage).await;
    stage.phone("mihai", "after_ms", 20).await;
    stage.send(Command::Unseat("ana".into())).await.unwrap();
    let truth = stage.until_true("Ana is out and Maria hears music", |truth| {
        truth.agents_with(&call).is_empty() && truth.is_held(&call)
    });
    assert!(truth.await.is_live(&call));
    assert_eq!(stage.floor().await.calls[&call].place, Place::Queue);
    stage.presence("mihai", Presence::Available).await;
    stage.until_true("Mihai talks to Maria", |truth| truth.agents_with(&call) == ["mihai".into()]).await;
    // Another caller does not find Ana.
    let floor = stage.floor().await;
    assert!(!floor.agents.contains_key(&"ana".into()) && floor.calls[&call].caller.number == MARIA);
}

#[tokio::test]
async fn somebody_in_two_workspaces_goes_from_one_to_the_other() {
    let office = Office::staffed().await;
    let mut gina = office.signed_in("gina").await;
    let id = add(&mut gina, "Ana", "ana@example.com", "200").await;
    let link = link(&mut gina, &id).await;
    // She proves that she is the same by the password that she has.
    let mut ana = office.browser();
    let wrong = ana.post(&link, &[("name", "Ana"), ("password", "somebody else's")]).await;
    assert!(wrong.status == 422 && wrong.is_wrong("password") && !office.seats("globex", &id).await);
    assert_eq!(ana.post(&link, &[("name", "Ana G."), ("password", PASSWORD)]).await.to, "/");
    assert!(office.seats("globex", &id).await);
    assert_eq!(office.account("acme", "ana").await.unwrap().profile.name, "ANA", "elsewhere nothing changes");

    let floor = ana.get("/").await;
    assert!(floor.page.contains("ACME") && floor.page.contains("GLOBEX"), "there is a switch");
    assert!(!office.signed_in("adam").await.get("/people").await.page.contains("GLOBEX"), "not for others");
    let feed = ana.live().await;
    assert_eq!(ana.post("/switch", &[("workspace", "acme")]).await.to, "/");
    until_signed_out(feed).await;
    assert!(ana.get("/profile").await.page.contains("ext. 104"), "she goes on as who she is there");

    // Neither workspace can take her way in elsewhere from her.
    let mut adam = office.signed_in("adam").await;
    assert_eq!(adam.post("/people/ana/link", &[]).await.status, 422);
    let renamed = adam.post("/people/ana", &somebody("Ana", "mine@example.com", "104", "agent")).await;
    assert!(renamed.status == 422 && renamed.is_wrong("email"));
    // Deactivated in one, she goes on in the other.
    assert_eq!(adam.post("/people/ana/deactivate", &[]).await.status, 303);
    assert!(!ana.is_in().await);
    assert_eq!(ana.sign_in("ana@example.com", PASSWORD).await.to, "/");
    assert!(ana.get("/profile").await.page.contains("ext. 200"));
}

#[tokio::test]
async fn tries_are_counted_per_account_and_per_address() {
    let office = Office::behind(1).await;
    office.staff().await;
    let mut browser = office.browser();
    // The same words for who is there and who is not, and after five tries for nobody of the two any other.
    for n in 0..7 {
        for who in ["ana@example.com", "nobody@example.com"] {
            let form = [("email", who), ("password", "guess")];
            let answer = browser.post_from("/sign-in", &form, Some(&format!("198.51.100.{n}"))).await;
            let refused = if n < 5 { answer.to.contains("error=credentials") } else { answer.status == 429 };
            assert!(refused, "{who} {n}: {answer:?}");
        }
    }
    // One address tries many accounts. What it says of where it comes from is not believed.
    for n in 0..100 {
        let form = [("email", &*format!("p{n}@example.com")), ("password", "guess")];
        let told = format!("203.0.113.{n}, 192.0.2.9");
        assert!(browser.post_from("/sign-in", &form, Some(&told)).await.to.contains("error=credentials"), "{n}");
    }
    let form = [("email", "adam@example.com"), ("password", PASSWORD)];
    let throttled = browser.post_from("/sign-in", &form, Some("203.0.113.250, 192.0.2.9")).await;
    assert!(throttled.status == 429 && throttled.page.contains("Too many attempts"), "{throttled:?}");
    assert_eq!(browser.post_from("/sign-in", &form, Some("192.0.2.9, 203.0.113.250")).await.to, "/");
}

//! How calls are handled, as administrators choose.

use switchyard::{
    audit::{Actor, Change, Deed},
    floor::{Settings, Target},
    id::Slot,
    setting::Setting,
};

use crate::{
    office::{Answer, Browser, Office},
    stage::Stage,
};

const PAGE: &str = "/settings/floor";

/// The form as the page shows it, with one field changed.
async fn form(browser: &Browser, field: &str, value: &str) -> Vec<(&'static str, String)> {
    let page = browser.get(PAGE).await;
    assert_eq!(page.status, 200);
    let fields = Setting::ALL.map(Setting::name);
    fields.map(|name| (name, if name == field { value.to_owned() } else { page.field(name) })).into()
}

async fn save(browser: &mut Browser, field: &str, value: &str) -> Answer {
    let form = form(browser, field, value).await;
    let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.post(PAGE, &form).await
}

#[tokio::test]
async fn administrators_choose_how_calls_are_handled() {
    let office = Office::staffed().await;
    let mut adam = office.signed_in("adam").await;
    assert_eq!(adam.get(PAGE).await.field("ring_secs"), "20");
    let saved = save(&mut adam, "ring_secs", "45").await;
    assert_eq!((saved.status, saved.to.as_str()), (303, "/settings/floor?done=saved"), "{}", saved.page);
    assert_eq!(office.floor("acme").await.settings, Settings { ring_secs: 45, ..Settings::default() });
    assert_eq!(office.floor("globex").await.settings, Settings::default(), "another company's are its own");
    assert_eq!(adam.get(PAGE).await.field("ring_secs"), "45");

    let log = office.deps.store.audit(&"acme".into(), None, 9).await.unwrap();
    let (_, entry) = &log[0];
    assert!(matches!(&entry.by, Actor::Person { id, .. } if id.as_str() == "adam"));
    let change = Change::new("ring_secs", Some("20"), Some("45"));
    assert_eq!((entry.deed, &entry.changes[..]), (Deed::FloorConfigured, &[change][..]));
    assert!(adam.get("/settings/log").await.page.contains("Ring an agent for"), "the log says it in words");
    // What is saved as it was is nothing that was done.
    assert_eq!(save(&mut adam, "", "").await.status, 303);
    assert_eq!(office.deps.store.audit(&"acme".into(), None, 9).await.unwrap().len(), log.len());
}

#[tokio::test]
async fn what_cannot_be_is_said_beside_its_field_and_nothing_is_saved() {
    let office = Office::staffed().await;
    let mut adam = office.signed_in("adam").await;
    for (field, value) in [("ring_secs", "4"), ("slots", "100"), ("park_secs", "soon"), ("dials_per_agent", "")] {
        let refused = save(&mut adam, field, value).await;
        assert!(refused.status == 422 && refused.is_wrong(field), "{field}: {}", refused.page);
        assert_eq!(refused.field(field), value, "what was typed is kept");
    }
    assert_eq!(office.floor("acme").await.settings, Settings::default());
    for who in ["sara", "ana"] {
        let mut colleague = office.signed_in(who).await;
        assert_eq!(colleague.get(PAGE).await.status, 403);
        assert_eq!(colleague.post(PAGE, &[("ring_secs", "45")]).await.status, 403);
    }
}

#[tokio::test]
async fn the_parking_lot_keeps_the_slots_that_are_taken() {
    let stage = Stage::set(&[]).await;
    let call = stage.call_in("+40722000111").await;
    let seventh = Target::Slot(Some(Slot(7)));
    stage.move_call("cristina", &call, seventh).await.unwrap();
    let mut cristina = Browser::at(stage.url(""));
    cristina.post("/sign-in/demo", &[("agent", "cristina")]).await;
    let refused = save(&mut cristina, "slots", "6").await;
    assert!(refused.status == 409 && refused.is_wrong("slots"), "{}", refused.page);
    assert_eq!(save(&mut cristina, "slots", "7").await.status, 303);
    assert_eq!(stage.floor().await.slots().count(), 7);
}

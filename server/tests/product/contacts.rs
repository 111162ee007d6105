//! Contacts as people keep them: in the browser, without a carrier.

use switchyard::{
    call::{Caller, Direction, Line},
    contacts::{Contact, Search},
    floor::{Event, Recorded},
    history::{CallRecord, HungUpBy, Outcome},
    ports::Batch,
    time::Timestamp,
};

use crate::office::Office;

const MARIA: [(&str, &str); 3] =
    [("name", " Maria  Enache "), ("number", "0722 111 222"), ("note", "Likes </textarea><b>red</b>\r\nand tea")];

async fn kept(office: &Office, workspace: &str) -> Vec<Contact> {
    office.deps.store.contacts(&workspace.into(), &Search::default(), None, 99).await.unwrap()
}

/// Maria called, and so did somebody whom nobody knows.
pub async fn two_calls(office: &Office) {
    let record = |call: &str, number: &str, ended| CallRecord {
        call: call.into(),
        direction: Direction::Inbound,
        caller: Caller { number: number.into(), name: None },
        line: Line { number: "+40312345678".into(), label: "Sales".into() },
        colleague: None,
        agent: Some("ana".into()),
        arrived: Timestamp(ended - 60_000),
        answered: Some(Timestamp(ended - 50_000)),
        ended: Timestamp(ended),
        outcome: Outcome::Answered,
        hung_up_by: HungUpBy::Caller,
        voicemail: None,
    };
    let version = office.floor("acme").await.version;
    let event = Recorded { version: version + 1, at: Timestamp(1), event: Event::WrapUpEnded { agent: "ana".into() } };
    let records = vec![record("CA1", "+40722111222", 90_000), record("CA2", "+442079460018", 95_000)];
    let batch = Batch { events: vec![event], records, ..Batch::default() };
    office.deps.store.append(&"acme".into(), version, &batch).await.unwrap();
}

#[tokio::test]
async fn everybody_adds_changes_and_removes_contacts_of_their_own_workspace() {
    let office = Office::staffed().await;
    let mut ana = office.signed_in("ana").await;
    let empty = ana.get("/contacts").await;
    assert!(empty.status == 200 && empty.page.contains("No contacts yet"), "{}", empty.page);

    let added = ana.post("/contacts/new", &MARIA).await;
    let all = kept(&office, "acme").await;
    let [maria] = &all[..] else { panic!("{added:?}") };
    assert_eq!((maria.name.as_str(), maria.number.as_str()), ("Maria Enache", "+40722111222"));
    assert_eq!(maria.note, "Likes </textarea><b>red</b>\nand tea");
    assert_eq!((added.status, added.to), (303, format!("/contacts/{}?done=saved", maria.id)));
    let page = ana.get(&format!("/contacts/{}", maria.id)).await;
    assert_eq!((page.field("name"), page.field("number")), ("Maria Enache".into(), "+40722111222".into()));
    assert!(page.page.contains("\">Likes &lt;/textarea>&lt;b>red&lt;/b>\nand tea</textarea>"), "{}", page.page);
    assert!(page.page.contains("href=\"/?dial=%2B40722111222\""), "one click calls her");

    // Somebody else in the company knows her, too; another company does not.
    let mut sara = office.signed_in("sara").await;
    let list = sara.get("/contacts").await;
    assert!(list.page.contains("Maria Enache") && list.page.contains("+40 722 111 222"));
    let mut gina = office.signed_in("gina").await;
    let path = format!("/contacts/{}", maria.id);
    assert!(!gina.get("/contacts").await.page.contains("Maria"));
    assert_eq!(gina.get(&path).await.status, 404);
    assert_eq!(gina.post(&path, &MARIA).await.status, 404);
    assert_eq!(gina.post(&format!("{path}/remove"), &[]).await.status, 404);
    assert_eq!(kept(&office, "acme").await.len(), 1);

    let changed = sara.post(&path, &[("name", "Maria Pop"), ("number", "+40 722 111 223"), ("note", "")]).await;
    assert_eq!(changed.status, 303);
    let again = kept(&office, "acme").await;
    assert_eq!(
        (again[0].name.as_str(), again[0].number.as_str(), again[0].id.clone()),
        ("Maria Pop", "+40722111223", maria.id.clone())
    );

    let removed = sara.post(&format!("{path}/remove"), &[]).await;
    assert_eq!((removed.status, removed.to.as_str()), (303, "/contacts?done=removed"));
    assert_eq!(kept(&office, "acme").await, []);
    assert_eq!(sara.post(&path, &MARIA).await.status, 404, "whoever was removed is not made again by an old page");
}

#[tokio::test]
async fn what_cannot_be_kept_comes_back_as_it_was_typed() {
    let office = Office::staffed().await;
    let mut ana = office.signed_in("ana").await;
    ana.post("/contacts/new", &MARIA).await;
    let long = "x".repeat(2001);
    for (form, wrong, right) in [
        (vec![("name", ""), ("number", "12"), ("note", "kept")], &["name", "number"][..], &["note"][..]),
        (vec![("name", "George"), ("number", "hello"), ("note", "")], &["number"], &["name"]),
        (vec![("name", "George"), ("number", "+40722111222"), ("note", "")], &["number"], &["name"]),
        (vec![("name", "George"), ("number", "0723 456 789"), ("note", &long)], &["note"], &["name", "number"]),
    ] {
        let again = ana.post("/contacts/new", &form).await;
        assert_eq!(again.status, 422, "{form:?}");
        for field in wrong {
            assert!(again.is_wrong(field), "{field} of {form:?}");
        }
        for field in right {
            assert!(!again.is_wrong(field), "{field} of {form:?}");
        }
        assert!(form.iter().filter(|(_, typed)| !typed.is_empty()).all(|(_, typed)| again.page.contains(typed)));
    }
    assert_eq!(kept(&office, "acme").await.len(), 1);
    // A number from where the company does not call is a contact's like any other.
    let abroad = ana.post("/contacts/new", &[("name", "London"), ("number", "+44 20 7946 0018"), ("note", "")]).await;
    assert_eq!(abroad.status, 303);
    let signed_out = office.browser().post("/contacts/new", &MARIA).await;
    assert_eq!((signed_out.status, signed_out.to.as_str()), (303, "/sign-in?next=/contacts/new"));
}

#[tokio::test]
async fn they_are_searched_and_paged_by_links() {
    let office = Office::staffed().await;
    for n in 0..60 {
        let (id, name) = (format!("c{n:02}").into(), format!("Ștefan {n:02}"));
        let number = format!("+407221110{n:02}");
        let contact = Contact { workspace: "acme".into(), id, number, name, note: String::new() };
        office.deps.store.add_contact(&contact).await.unwrap();
    }
    let ana = office.signed_in("ana").await;
    let first = ana.get("/contacts?q=stefan").await.page;
    assert!(first.contains("Ștefan 00") && first.contains("Ștefan 49") && !first.contains("Ștefan 50"));
    assert!(first.contains("href=\"/contacts?q=stefan&amp;after=c49\""), "{first}");
    let second = ana.get("/contacts?q=stefan&after=c49").await.page;
    assert!(second.contains("Ștefan 50") && second.contains("Ștefan 59") && !second.contains("after="));
    let one = ana.get("/contacts?q=0722+111+007").await.page;
    assert!(one.contains("Ștefan 07") && !one.contains("Ștefan 08"));
    assert!(ana.get("/contacts?q=nobody").await.page.contains("Nobody found"));
}

#[tokio::test]
async fn a_call_in_the_history_leads_to_its_contact_or_to_a_new_one() {
    let office = Office::staffed().await;
    two_calls(&office).await;
    let mut ana = office.signed_in("ana").await;
    ana.post("/contacts/new", &MARIA).await;
    let maria = kept(&office, "acme").await.remove(0);
    let history = ana.get("/calls").await.page;
    assert!(history.contains(&format!("href=\"/contacts/{}\"", maria.id)) && history.contains("Maria Enache"));
    assert!(history.contains("href=\"/contacts/new?number=%2B442079460018\""), "{history}");
    assert!(!history.contains("/contacts/new?number=%2B40722111222"));
    assert_eq!(ana.get("/contacts/new?number=%2B442079460018").await.field("number"), "+442079460018");

    let hers = ana.get(&format!("/contacts/{}", maria.id)).await.page;
    assert_eq!(hers.matches("data-outcome=\"answered\"").count(), 1, "her calls and no others");
}

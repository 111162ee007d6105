//! What people look after themselves: their account, and where calls go while they are not here.

use switchyard::{agent::WhenAway, numbers::Number, people::Fallback};

use crate::office::{Office, PASSWORD, until_signed_out};

#[tokio::test]
async fn people_look_after_their_own_account() {
    let office = Office::staffed().await;
    let (mut ana, mut other) = (office.signed_in("ana").await, office.signed_in("ana").await);
    assert_eq!(ana.post("/profile", &[("name", "  "), ("language", "ro")]).await.status, 422);
    assert_eq!(ana.post("/profile", &[("name", "Ana Pop"), ("language", "ro")]).await.to, "/profile?done=saved");
    assert_eq!(office.floor("acme").await.agents[&"ana".into()].profile.name, "Ana Pop");

    let wrong = ana.post("/profile/password", &[("current", "guess"), ("password", "a new password")]).await;
    assert!(wrong.status == 422 && wrong.is_wrong("current"));
    assert_eq!(ana.post("/profile/password", &[("current", PASSWORD), ("password", "short")]).await.status, 422);
    assert!(other.is_in().await);
    let feed = other.live().await;
    let changed = ana.post("/profile/password", &[("current", PASSWORD), ("password", "a new password")]).await;
    assert_eq!(changed.to, "/profile?done=changed");
    until_signed_out(feed).await;
    assert!(ana.is_in().await && !other.is_in().await, "everywhere but here");

    assert_eq!(other.sign_in("ana@example.com", "a new password").await.to, "/");
    let feed = ana.live().await;
    assert_eq!(other.post("/profile/sign-out-everywhere", &[]).await.to, "/sign-in");
    until_signed_out(feed).await;
    assert!(!ana.is_in().await && !other.is_in().await);
}

#[tokio::test]
async fn people_say_themselves_where_calls_go_while_they_are_not_here() {
    let office = Office::staffed().await;
    let mut ana = office.signed_in("ana").await;
    // Where calls go while she is away is hers to say; whoever does not say it changes nothing.
    let fallback = async |chosen, mobile| {
        let fields = [("name", "Ana Pop"), ("language", "ro"), ("fallback", chosen), ("mobile", mobile)];
        let said = office.signed_in("ana").await.post("/profile", &fields).await;
        let account = office.deps.store.account(&"acme".into(), &"ana".into()).await.unwrap().unwrap();
        (said, account.fallback)
    };
    let (said, kept) = fallback("pager", "0722 111 222").await;
    assert!(said.status == 422 && said.is_wrong("fallback") && kept == Fallback::Nowhere, "{said:?}");
    let (said, kept) = fallback("mobile", "12").await;
    assert!(said.status == 422 && said.is_wrong("mobile") && kept == Fallback::Nowhere);
    // The company would call itself.
    office.deps.store.put_number(&"acme".into(), &Number::named("+40312345678", "Bookings")).await.unwrap();
    let (said, kept) = fallback("mobile", "0312 345 678").await;
    assert!(said.status == 422 && said.is_wrong("mobile") && kept == Fallback::Nowhere);
    let mobile = Fallback::Mobile("+40722111222".into());
    assert_eq!(fallback("mobile", "0722 111 222").await.1, mobile);
    assert_eq!(office.floor("acme").await.agents[&"ana".into()].when_away, WhenAway::Mobile);
    ana.post("/profile", &[("name", "Ana Pop"), ("language", "ro")]).await;
    let account = office.deps.store.account(&"acme".into(), &"ana".into()).await.unwrap().unwrap();
    assert_eq!(account.fallback, mobile);
    let adam = office.signed_in("adam").await;
    assert!(adam.get("/settings/log").await.page.contains("Mobile phone: +40722111222"), "the log says it in words");
}

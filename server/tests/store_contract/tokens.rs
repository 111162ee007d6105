//! Tokens of programs: each acts for whoever made it, as long as both are good.

use switchyard::{
    agent::Role,
    time::Timestamp,
    token::{ApiToken, Scope},
};

use crate::{
    cast::{acme, globex, person, two_companies},
    place::Place,
};

stories![a_token_acts_for_its_maker_until_it_is_revoked, a_token_of_somebody_who_left_is_worth_nothing];

fn token(id: &str, created: i64) -> ApiToken {
    ApiToken {
        id: id.into(),
        name: "Reporting \"O'Neill\"".into(),
        scopes: vec![Scope::PeopleRead, Scope::CallsRead],
        by: "dan".into(),
        created: Timestamp(created),
        used: None,
        revoked: None,
    }
}

async fn a_token_acts_for_its_maker_until_it_is_revoked(Place { store, .. }: Place) {
    two_companies(&*store).await;
    store.put_token("hash", &acme(), &token("one", 1000)).await.unwrap();
    store.put_token("other", &acme(), &token("two", 2000)).await.unwrap();
    assert_eq!(store.tokens(&acme()).await.unwrap(), [token("two", 2000), token("one", 1000)]);
    assert_eq!(store.tokens(&globex()).await.unwrap(), []);
    assert!(store.put_token("third", &globex(), &token("one", 1)).await.is_err(), "there is no Dan");

    let (found, session) = store.token("hash").await.unwrap().unwrap();
    assert_eq!((found, session.workspace.clone()), (token("one", 1000), acme()));
    assert_eq!((session.agent.as_str(), session.name.as_str(), session.role), ("dan", "DAN", Role::Agent));
    assert_eq!(store.token("nothing").await.unwrap(), None);

    store.note_token_use(&acme(), "one", Timestamp(3000)).await.unwrap();
    assert_eq!(store.token("hash").await.unwrap().unwrap().0.used, Some(Timestamp(3000)));

    // Only its own workspace revokes it, and once.
    assert_eq!(store.revoke_token(&globex(), "one", Timestamp(4000)).await.unwrap(), None);
    let name = store.revoke_token(&acme(), "one", Timestamp(4000)).await.unwrap();
    assert_eq!(name.as_deref(), Some("Reporting \"O'Neill\""));
    assert_eq!(store.revoke_token(&acme(), "one", Timestamp(5000)).await.unwrap(), None);
    assert_eq!(store.token("hash").await.unwrap(), None);
    assert_eq!(store.tokens(&acme()).await.unwrap()[1].revoked, Some(Timestamp(4000)), "it stays in the list");
    assert!(store.token("other").await.unwrap().is_some());
}

async fn a_token_of_somebody_who_left_is_worth_nothing(Place { store, .. }: Place) {
    two_companies(&*store).await;
    store.put_token("hash", &acme(), &token("one", 1000)).await.unwrap();
    store.deactivate(&acme(), &"dan".into(), Timestamp(2000)).await.unwrap();
    assert_eq!(store.token("hash").await.unwrap(), None);
    let mut back = person(&acme(), "dan", "10");
    back.profile.role = Role::Admin;
    store.put_account(&back).await.unwrap();
    assert_eq!(store.token("hash").await.unwrap(), None, "also when they come back");
    store.put_token("new", &acme(), &token("two", 3000)).await.unwrap();
    assert_eq!(store.token("new").await.unwrap().unwrap().1.role, Role::Admin, "with the role that they have now");
}

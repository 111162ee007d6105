//! Accounts, passwords and the ways in: each person their own, and each workspace its own people.

use switchyard::{
    agent::Role,
    people::{Account, Fallback, Language, Standing},
    ports::{StoreError, Workspace},
    time::Timestamp,
};

use crate::{
    cast::{acme, company, globex, person, two_companies},
    place::Place,
};

stories![
    people_are_found_by_their_address_whatever_its_case,
    an_account_is_changed_by_its_id,
    an_address_and_an_extension_belong_to_one_person_of_a_workspace,
    one_address_may_belong_to_several_workspaces,
    an_address_changes_everywhere_or_not_at_all,
    people_are_listed_by_extension,
    whoever_is_deactivated_is_signed_out_and_stays_known,
    a_link_works_once_and_not_for_ever,
    the_newest_link_is_the_only_one,
    of_two_who_use_a_link_one_does,
    the_first_workspace_is_made_by_whoever_has_the_code,
    of_two_who_make_the_first_workspace_one_does,
    a_workspace_is_opened_with_its_owner_and_their_link_or_not_at_all,
];

async fn people_are_found_by_their_address_whatever_its_case(Place { store, .. }: Place) {
    two_companies(&*store).await;
    let dan = person(&acme(), "dan", "10");
    assert_eq!(store.accounts_of("DAN@example.com").await.unwrap(), [dan]);
    assert_eq!(store.accounts_of("nobody@example.com").await.unwrap(), []);
    assert_eq!(store.password("dan@example.com").await.unwrap(), None);
    store.put_password("Dan@example.com", "$argon2id$…").await.unwrap();
    assert_eq!(store.password("DAN@example.com").await.unwrap().as_deref(), Some("$argon2id$…"));
    assert_eq!(store.password("daniel@example.com").await.unwrap(), None);
}

async fn an_account_is_changed_by_its_id(Place { store, .. }: Place) {
    two_companies(&*store).await;
    let mut dan = person(&acme(), "dan", "10");
    (dan.profile.name, dan.profile.extension, dan.profile.role) = ("Dan Țuțu".into(), "11".into(), Role::Owner);
    (dan.language, dan.joined) = (Some(Language::Ro), None);
    for fallback in [Fallback::Voicemail, Fallback::Mobile("+40722111222".into()), Fallback::Nowhere] {
        dan.fallback = fallback;
        store.put_account(&dan).await.unwrap();
        assert_eq!(store.account(&acme(), &"dan".into()).await.unwrap().as_ref(), Some(&dan));
    }
    assert_eq!(dan.standing(), Standing::Invited);
    assert_eq!(
        store.account(&globex(), &"dan".into()).await.unwrap(),
        None,
        "in another workspace there is no such person"
    );
    assert_eq!(store.accounts(&globex()).await.unwrap(), [person(&globex(), "daniel", "10")]);
}

async fn an_address_and_an_extension_belong_to_one_person_of_a_workspace(Place { store, .. }: Place) {
    two_companies(&*store).await;
    let mut thief = person(&acme(), "thief", "11");
    thief.email = "dan@example.com".into();
    assert!(matches!(store.put_account(&thief).await, Err(StoreError::Taken)));
    let twin = person(&acme(), "twin", "10");
    assert!(matches!(store.put_account(&twin).await, Err(StoreError::Taken)));
    assert_eq!(store.accounts(&acme()).await.unwrap().len(), 1);
    assert!(store.accounts_of("twin@example.com").await.unwrap().is_empty());
}

async fn one_address_may_belong_to_several_workspaces(Place { store, .. }: Place) {
    two_companies(&*store).await;
    let there = Account { email: "dan@example.com".into(), ..person(&globex(), "dan2", "20") };
    store.put_password("dan@example.com", "secret").await.unwrap();
    store.put_account(&there).await.unwrap();
    let dan = person(&acme(), "dan", "10");
    assert_eq!(store.accounts_of("dan@example.com").await.unwrap(), [dan, there.clone()]);
    assert_eq!(store.password("dan@example.com").await.unwrap().as_deref(), Some("secret"), "with one password");
    let both = [company(&acme()), company(&globex())];
    assert_eq!(store.workspaces_of(&acme(), &"dan".into()).await.unwrap(), both);
    assert_eq!(store.workspaces_of(&globex(), &"dan2".into()).await.unwrap(), both);
    assert_eq!(store.workspaces_of(&globex(), &"daniel".into()).await.unwrap(), both[1..]);

    // Where they are only invited, or not any more, they do not belong.
    store.put_account(&Account { joined: None, ..there.clone() }).await.unwrap();
    assert_eq!(store.workspaces_of(&acme(), &"dan".into()).await.unwrap(), both[..1]);
    store.put_account(&Account { deactivated: Some(Timestamp(9)), ..there }).await.unwrap();
    assert_eq!(store.workspaces_of(&acme(), &"dan".into()).await.unwrap(), both[..1]);

    // A session goes from one to the other, and all of them end at once.
    for token in ["here", "there", "kept"] {
        store.open_session(token, &acme(), &"dan".into(), Timestamp(5000)).await.unwrap();
    }
    store.open_session("daniel", &globex(), &"daniel".into(), Timestamp(5000)).await.unwrap();
    store.put_account(&Account { email: "dan@example.com".into(), ..person(&globex(), "dan2", "20") }).await.unwrap();
    store.switch_session("there", &globex(), &"dan2".into()).await.unwrap();
    let session = store.session("there", Timestamp(1)).await.unwrap().unwrap();
    assert_eq!((session.workspace, session.agent), (globex(), "dan2".into()));
    store.close_sessions("DAN@example.com", Some("kept")).await.unwrap();
    for (token, open) in [("here", false), ("there", false), ("kept", true), ("daniel", true)] {
        assert_eq!(store.session(token, Timestamp(1)).await.unwrap().is_some(), open, "{token}");
    }
    store.close_sessions("dan@example.com", None).await.unwrap();
    assert_eq!(store.session("kept", Timestamp(1)).await.unwrap(), None);
}

async fn an_address_changes_everywhere_or_not_at_all(Place { store, .. }: Place) {
    two_companies(&*store).await;
    let there = Account { email: "dan@example.com".into(), ..person(&globex(), "dan2", "20") };
    store.put_account(&there).await.unwrap();
    store.put_password("dan@example.com", "secret").await.unwrap();
    store.change_email("dan@example.com", "Dan.Pop@example.com").await.unwrap();
    assert_eq!(store.accounts_of("dan.pop@example.com").await.unwrap().len(), 2);
    assert_eq!(store.accounts_of("dan@example.com").await.unwrap(), []);
    assert_eq!(store.password("dan.pop@example.com").await.unwrap().as_deref(), Some("secret"));
    let taken = store.change_email("dan.pop@example.com", "daniel@example.com").await;
    assert!(matches!(taken, Err(StoreError::Taken)));
    assert_eq!(store.accounts_of("dan.pop@example.com").await.unwrap().len(), 2);
}

async fn people_are_listed_by_extension(Place { store, .. }: Place) {
    two_companies(&*store).await;
    for (id, extension) in [("eve", "100"), ("bob", "20"), ("ana", "9")] {
        store.put_account(&person(&acme(), id, extension)).await.unwrap();
    }
    let accounts = store.accounts(&acme()).await.unwrap();
    assert!(accounts.iter().map(|account| account.profile.extension.as_str()).eq(["9", "10", "20", "100"]));
    assert_eq!(store.accounts(&globex()).await.unwrap(), [person(&globex(), "daniel", "10")]);
}

async fn whoever_is_deactivated_is_signed_out_and_stays_known(Place { store, .. }: Place) {
    two_companies(&*store).await;
    let (dan, daniel) = ("dan".into(), "daniel".into());
    store.open_session("dan", &acme(), &dan, Timestamp(5000)).await.unwrap();
    store.open_session("daniel", &globex(), &daniel, Timestamp(5000)).await.unwrap();
    store.put_link("link", &acme(), &dan, Timestamp(5000)).await.unwrap();
    store.deactivate(&acme(), &dan, Timestamp(200)).await.unwrap();
    store.deactivate(&acme(), &daniel, Timestamp(200)).await.unwrap();

    assert_eq!(store.session("dan", Timestamp(1)).await.unwrap(), None);
    assert_eq!(store.link("link", Timestamp(1)).await.unwrap(), None);
    assert!(store.session("daniel", Timestamp(1)).await.unwrap().is_some(), "nobody of another workspace");
    let gone = store.account(&acme(), &dan).await.unwrap().unwrap();
    assert_eq!((gone.standing(), gone.profile.name.as_str()), (Standing::Deactivated, "DAN"));
    // The first moment counts, and no session is opened past it.
    store.deactivate(&acme(), &dan, Timestamp(300)).await.unwrap();
    assert_eq!(store.account(&acme(), &dan).await.unwrap().unwrap().deactivated, Some(Timestamp(200)));
    store.open_session("late", &acme(), &dan, Timestamp(5000)).await.unwrap();
    assert_eq!(store.session("late", Timestamp(1)).await.unwrap(), None);
}

async fn a_link_works_once_and_not_for_ever(Place { store, .. }: Place) {
    two_companies(&*store).await;
    let invited = Account { joined: None, ..person(&acme(), "ina", "12") };
    store.put_account(&invited).await.unwrap();
    store.put_link("old", &acme(), &"ina".into(), Timestamp(1000)).await.unwrap();
    assert_eq!(store.link("old", Timestamp(1000)).await.unwrap(), None);
    assert!(!store.use_link("old", Timestamp(1000), "Ina", Some("secret")).await.unwrap());

    store.put_link("link", &acme(), &"ina".into(), Timestamp(5000)).await.unwrap();
    assert_eq!(store.link("link", Timestamp(4999)).await.unwrap(), Some(invited));
    assert!(store.use_link("link", Timestamp(4000), "Ina Pop", Some("secret")).await.unwrap());
    let ina = store.account(&acme(), &"ina".into()).await.unwrap().unwrap();
    assert_eq!((ina.profile.name.as_str(), ina.joined), ("Ina Pop", Some(Timestamp(4000))));
    assert_eq!(store.password("ina@example.com").await.unwrap().as_deref(), Some("secret"));
    assert!(!store.use_link("link", Timestamp(4000), "Thief", Some("other")).await.unwrap());

    // Whoever is there already stays as long as they have been, and without a new password the old one counts.
    store.put_link("again", &acme(), &"ina".into(), Timestamp(9000)).await.unwrap();
    assert!(store.use_link("again", Timestamp(6000), "Ina", None).await.unwrap());
    assert_eq!(store.account(&acme(), &"ina".into()).await.unwrap().unwrap().joined, Some(Timestamp(4000)));
    assert_eq!(store.password("ina@example.com").await.unwrap().as_deref(), Some("secret"));
}

async fn the_newest_link_is_the_only_one(Place { store, .. }: Place) {
    two_companies(&*store).await;
    store.put_link("one", &acme(), &"dan".into(), Timestamp(5000)).await.unwrap();
    store.put_link("other", &globex(), &"daniel".into(), Timestamp(5000)).await.unwrap();
    store.put_link("two", &acme(), &"dan".into(), Timestamp(5000)).await.unwrap();
    assert_eq!(store.link("one", Timestamp(1)).await.unwrap(), None);
    assert!(store.link("two", Timestamp(1)).await.unwrap().is_some());
    assert!(store.link("other", Timestamp(1)).await.unwrap().is_some());
}

async fn of_two_who_use_a_link_one_does(place: Place) {
    two_companies(&*place.store).await;
    place.store.put_link("link", &acme(), &"dan".into(), Timestamp(5000)).await.unwrap();
    let another = place.another().await;
    let (one, two) = tokio::join!(
        place.store.use_link("link", Timestamp(1), "One", Some("one")),
        another.use_link("link", Timestamp(1), "Two", Some("two")),
    );
    assert!(one.unwrap() ^ two.unwrap());
}

fn first(id: &str) -> (Workspace, Account) {
    let workspace = Workspace { account: None, ..company(&id.into()) };
    let owner = Account { email: format!("owner@{id}.example"), ..person(&workspace.id, "owner", "101") };
    (workspace, owner)
}

async fn the_first_workspace_is_made_by_whoever_has_the_code(Place { store, .. }: Place) {
    let (workspace, owner) = first("acme");
    assert!(!store.found("guess", &workspace, &owner, "secret").await.unwrap(), "there is no code yet");
    store.put_set_up_code("older").await.unwrap();
    store.put_set_up_code("code").await.unwrap();
    for wrong in ["guess", "older", ""] {
        assert!(!store.found(wrong, &workspace, &owner, "secret").await.unwrap(), "{wrong}");
    }
    assert_eq!(store.workspaces().await.unwrap(), []);
    assert!(store.found("code", &workspace, &owner, "secret").await.unwrap());
    assert_eq!(store.workspaces().await.unwrap(), [workspace]);
    assert_eq!(store.accounts(&acme()).await.unwrap(), std::slice::from_ref(&owner));
    assert_eq!(store.password(&owner.email).await.unwrap().as_deref(), Some("secret"));

    // Never again, whatever codes there are.
    let (other, stranger) = first("globex");
    store.put_set_up_code("late").await.unwrap();
    for code in ["code", "late"] {
        assert!(!store.found(code, &other, &stranger, "secret").await.unwrap(), "{code}");
    }
    assert_eq!(store.workspaces().await.unwrap().len(), 1);
    assert!(store.accounts_of(&stranger.email).await.unwrap().is_empty());
}

async fn of_two_who_make_the_first_workspace_one_does(place: Place) {
    place.store.put_set_up_code("code").await.unwrap();
    let another = place.another().await;
    let ((one, ann), (two, bob)) = (first("acme"), first("globex"));
    let (made_one, made_two) =
        tokio::join!(place.store.found("code", &one, &ann, "a"), another.found("code", &two, &bob, "b"));
    assert!(made_one.unwrap() ^ made_two.unwrap());
    assert_eq!(place.store.workspaces().await.unwrap().len(), 1);
}

async fn a_workspace_is_opened_with_its_owner_and_their_link_or_not_at_all(Place { store, .. }: Place) {
    let (workspace, owner) = first("acme");
    let owner = Account { joined: None, ..owner };
    assert!(store.open_workspace(&workspace, &owner, "link", Timestamp(5000)).await.unwrap());
    assert_eq!(store.workspaces().await.unwrap(), std::slice::from_ref(&workspace));
    assert_eq!(store.link("link", Timestamp(4999)).await.unwrap(), Some(owner.clone()));
    assert_eq!(store.link("link", Timestamp(5000)).await.unwrap(), None);

    let other = Account { email: "other@acme.example".into(), ..owner };
    let again = Workspace { name: "Another".into(), ..workspace.clone() };
    assert!(!store.open_workspace(&again, &other, "other", Timestamp(5000)).await.unwrap(), "the id is taken");
    assert_eq!(store.workspaces().await.unwrap(), [workspace]);
    assert!(store.accounts_of(&other.email).await.unwrap().is_empty());
    assert_eq!(store.link("other", Timestamp(1)).await.unwrap(), None);

    // Whoever is known already owns this one, too.
    let (second, owner_too) = first("globex");
    let known = Account { email: "owner@acme.example".into(), joined: None, ..owner_too };
    assert!(store.open_workspace(&second, &known, "third", Timestamp(5000)).await.unwrap());
    assert_eq!(store.accounts_of(&known.email).await.unwrap().len(), 2);
}

//! What holds of the people of a workspace, whoever they are and whatever is done to them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use proptest::{prelude::*, sample::Index};
use switchyard::{
    agent::{Profile, Role},
    dialing::DialPlan,
    people::{self, Account, Change, Fallback, Fault, Standing},
    time::Timestamp,
};

fn account(n: usize, role: Role, standing: Standing) -> Account {
    Account {
        workspace: "acme".into(),
        profile: Profile { id: format!("p{n}").into(), name: format!("P {n}"), extension: (101 + n).to_string(), role },
        email: format!("p{n}@example.com"),
        language: None,
        fallback: Fallback::Nowhere,
        caller_id: None,
        joined: (standing != Standing::Invited).then_some(Timestamp(1)),
        deactivated: (standing == Standing::Deactivated).then_some(Timestamp(2)),
    }
}

fn plan(country: &str) -> DialPlan {
    DialPlan::new(country, [country]).unwrap()
}

fn any_role() -> impl Strategy<Value = Role> {
    prop::sample::select(&Role::ALL[..])
}

fn any_change() -> impl Strategy<Value = Change> {
    prop_oneof![
        any_role().prop_map(Change::Edit),
        Just(Change::Link),
        Just(Change::Deactivate),
        Just(Change::Reactivate),
    ]
}

/// Some people, the first of whom is an active owner.
fn any_staff() -> impl Strategy<Value = Vec<Account>> {
    let standing = prop::sample::select(vec![Standing::Active, Standing::Invited, Standing::Deactivated]);
    prop::collection::vec((any_role(), standing), 0..6).prop_map(|others| {
        let others = others.into_iter().enumerate().map(|(n, (role, standing))| account(n + 1, role, standing));
        std::iter::once(account(0, Role::Owner, Standing::Active)).chain(others).collect()
    })
}

/// What the change makes of the account.
fn carry_out(account: &mut Account, change: Change) {
    match change {
        Change::Edit(role) => account.profile.role = role,
        Change::Link => {}
        Change::Deactivate => account.deactivated = Some(Timestamp(3)),
        Change::Reactivate => account.deactivated = None,
    }
}

fn owners(staff: &[Account]) -> usize {
    let is = |account: &&Account| account.profile.role == Role::Owner && account.standing() == Standing::Active;
    staff.iter().filter(is).count()
}

proptest! {
    /// Whatever is done, in whatever order and by whomever, the workspace keeps an owner who can get in, and nobody
    /// changes somebody above themselves or raises somebody above themselves.
    #[test]
    fn a_workspace_keeps_an_owner(
        mut staff in any_staff(),
        changes in prop::collection::vec((any::<Index>(), any::<Index>(), any_change()), 1..30),
    ) {
        for (by, whom, change) in changes {
            let (by, whom) = (by.index(staff.len()), whom.index(staff.len()));
            let (actor, id) = (staff[by].clone(), staff[whom].profile.id.clone());
            if people::may_change(&staff, &actor.profile.id, &id, change).is_ok() {
                prop_assert!(actor.standing() == Standing::Active && actor.profile.role >= Role::Admin);
                prop_assert!(staff[whom].profile.role <= actor.profile.role);
                carry_out(&mut staff[whom], change);
                prop_assert!(staff[whom].profile.role <= actor.profile.role);
            }
            prop_assert!(owners(&staff) > 0);
        }
    }

    /// An owner can do everything to anybody that an admin can.
    #[test]
    fn an_owner_may_what_an_admin_may(mut staff in any_staff(), whom in any::<Index>(), change in any_change()) {
        let whom = staff[whom.index(staff.len())].profile.id.clone();
        let by = "p99".into();
        staff.push(account(99, Role::Admin, Standing::Active));
        let admin = people::may_change(&staff, &by, &whom, change);
        staff.last_mut().unwrap().profile.role = Role::Owner;
        let owner = people::may_change(&staff, &by, &whom, change);
        prop_assert!(admin.is_err() || owner.is_ok(), "{admin:?} {owner:?}");
    }

    /// Whoever runs the installation may what an owner who is somebody else may, and no more.
    #[test]
    fn the_operator_may_what_another_owner_may(mut staff in any_staff(), whom in any::<Index>(), change in any_change()) {
        let id = staff[whom.index(staff.len())].profile.id.clone();
        let operator = people::operator_may_change(&staff, &id, change);
        let alone = owners(&staff) == 1;
        staff.push(account(99, Role::Owner, Standing::Active));
        let owner = people::may_change(&staff, &"p99".into(), &id, change);
        prop_assert!(operator == owner || (alone && operator == Err(Fault::LastOwner) && owner.is_ok()));
        prop_assert_eq!(people::operator_may_change(&staff, &"nobody".into(), change), Err(Fault::NotAllowed));
    }

    /// Through a program nobody is reached, and nobody is made, who lets others in or sets up; otherwise it may what whoever made
    /// its token may.
    #[test]
    fn a_program_leads_to_nobody_who_lets_others_in(
        staff in any_staff(), by in any::<Index>(), whom in any::<Index>(), change in any_change(), role in any_role(),
    ) {
        let (by, whom) = (&staff[by.index(staff.len())].profile, &staff[whom.index(staff.len())].profile);
        let then = if let Change::Edit(role) = change { role } else { whom.role };
        let high = whom.role.max(then) >= Role::Admin;
        let program = people::program_may_change(&staff, &by.id, &whom.id, change);
        let expected = if high { Err(Fault::NotByProgram) } else { people::may_change(&staff, &by.id, &whom.id, change) };
        prop_assert_eq!(program, expected);
        let invited = if role >= Role::Admin { Err(Fault::NotByProgram) } else { people::may_invite(by.role, role) };
        prop_assert_eq!(people::program_may_invite(by.role, role), invited);
    }

    /// A suggested extension is one, and nobody's.
    #[test]
    fn a_suggested_extension_is_free(staff in any_staff()) {
        for country in ["RO", "UA", "IN", "US"] {
            let plan = plan(country);
            let free = people::free_extension(&staff, &plan);
            prop_assert_eq!(people::extension(&free, &plan), Ok(free.clone()));
            prop_assert!(staff.iter().all(|account| account.profile.extension != free));
        }
    }

    /// What was accepted once is accepted as it was stored.
    #[test]
    fn what_was_taken_is_taken_again(name in "\\PC{0,90}", email in "[ A-Za-z0-9.@-]{0,30}") {
        if let Ok(name) = people::name(&name) {
            prop_assert_eq!(people::name(&name), Ok(name.clone()));
        }
        if let Ok(email) = people::email(&email) {
            prop_assert_eq!(people::email(&email), Ok(email.clone()));
        }
    }
}

#[test]
fn addresses_are_recognised() {
    assert_eq!(people::email(" Ana.Pop@Example.COM "), Ok("ana.pop@example.com".into()));
    for wrong in [
        "",
        "ana",
        "@example.com",
        "ana@",
        "ana@example",
        "ana@@example.com",
        "a b@example.com",
        "ana@-x.com",
        "ana@x..com",
    ] {
        assert_eq!(people::email(wrong), Err(Fault::EmailUnfit), "{wrong}");
    }
}

#[test]
fn extensions_and_passwords_have_their_lengths() {
    let plan = plan("RO");
    assert_eq!(people::extension(" 101 ", &plan), Ok("101".into()));
    for wrong in ["", "1", "1234567", "10a", "١٠١"] {
        assert_eq!(people::extension(wrong, &plan), Err(Fault::ExtensionUnfit), "{wrong}");
    }
    assert_eq!(people::password("short"), Err(Fault::PasswordShort));
    assert_eq!(people::password("zece semne"), Ok("zece semne"));
    assert_eq!(people::password(&"x".repeat(201)), Err(Fault::PasswordLong));
}

#[test]
fn nobodys_extension_is_an_emergency_number() {
    for (country, number) in [("RO", "112"), ("RO", "911"), ("GB", "999"), ("UA", "101"), ("US", "911")] {
        assert_eq!(people::extension(number, &plan(country)), Err(Fault::ExtensionEmergency), "{country} {number}");
    }
    assert_eq!(people::extension("999", &plan("RO")), Ok("999".into()));
    assert_eq!(people::free_extension(&[], &plan("UA")), "104", "the first three are taken by those who help");
}

#[test]
fn a_mobile_number_follows_the_workspaces_plan() {
    let plan = plan("RO");
    assert_eq!(people::fallback("mobile", "0722 111 222", &plan), Ok(Fallback::Mobile("+40722111222".into())));
    assert_eq!(people::fallback("mobile", "nonsense", &plan), Err(Fault::MobileUnfit));
    assert_eq!(people::fallback("mobile", "+442079460018", &plan), Err(Fault::MobileAbroad));
    assert_eq!(people::fallback("voicemail", "nonsense", &plan), Ok(Fallback::Voicemail));
    assert_eq!(people::fallback("nowhere", "", &plan), Ok(Fallback::Nowhere));
    for unknown in ["", "pager", "Mobile"] {
        assert_eq!(people::fallback(unknown, "0722 111 222", &plan), Err(Fault::FallbackUnknown));
    }
}

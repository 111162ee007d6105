//! What holds of rights, whoever has them.

use proptest::prelude::*;
use switchyard::{agent::Role, rights::Right};

const RIGHTS: [Right; 4] = [Right::Supervise, Right::HearMessages, Right::SeePeople, Right::ManagePeople];

fn any_role() -> impl Strategy<Value = Role> {
    prop::sample::select(&Role::ALL[..])
}

proptest! {
    /// Whatever somebody may do, everybody above them may.
    #[test]
    fn a_higher_role_has_every_right_of_a_lower(one in any_role(), other in any_role()) {
        let (low, high) = (one.min(other), one.max(other));
        for right in RIGHTS {
            prop_assert!(!low.may(right) || high.may(right), "{low:?} may {right:?}, {high:?} may not");
        }
        for whom in Role::ALL {
            prop_assert!(!low.may_manage(whom) || high.may_manage(whom));
        }
    }

    /// Nobody changes somebody above themselves, and nobody makes somebody higher than they are.
    #[test]
    fn nobody_reaches_above_themselves(by in any_role(), whom in any_role()) {
        prop_assert!(!by.may_manage(whom) || whom <= by);
    }
}

#[test]
fn owners_may_everything_and_agents_nothing_of_this() {
    for right in RIGHTS {
        assert!(Role::Owner.may(right) && !Role::Agent.may(right));
    }
    assert!(Role::Supervisor.may(Right::Supervise) && !Role::Supervisor.may(Right::ManagePeople));
}

//! What restricted keys are allowed (Twilio: Restricted API keys). Which permission goes with which path is in tables that
//! Twilio publishes per product; `read` is of one resource, `list` of all.

use axum::http::Method;

/// Paths from the account's on, and the resources as permissions name them.
const RESOURCES: [(&str, &str); 9] = [
    ("/Calls/{CallSid}/Recordings", "voice/calls.recordings"),
    ("/Calls", "voice/calls"),
    ("/Recordings", "voice/recordings"),
    ("/Conferences/{ConferenceSid}/Participants", "voice/conferences.participants"),
    ("/Conferences", "voice/conferences"),
    ("/Applications", "voice/twiml.apps"),
    ("/IncomingPhoneNumbers", "phone-numbers/active-numbers"),
    ("/Messages", "messaging/messages"),
    ("/AvailablePhoneNumbers", "phone-numbers/available-phone-numbers"),
];

const ACTIONS: [&str; 6] = ["read", "list", "create", "update", "delete", "*"];

/// The permission that a request needs; `None` if restricted keys are not let in there at all.
pub(super) fn needed(template: &str, method: &Method) -> Option<String> {
    let path = template.strip_prefix("/2010-04-01/Accounts/{AccountSid}")?;
    let (under, resource) = RESOURCES.iter().find(|(under, _)| path.starts_with(under))?;
    let one = path.len() > under.len() && path.strip_suffix(".json").is_none();
    let action = match (method, one) {
        (&Method::DELETE, _) => "delete",
        (&Method::POST, true) => "update",
        (&Method::POST, false) => "create",
        (_, true) => "read",
        (_, false) => "list",
    };
    Some(format!("twilio/{resource}/{action}"))
}

/// Whether a policy allows that.
pub(super) fn allows(policy: &[String], needed: &str) -> bool {
    let all = needed.rsplit_once('/').map_or("", |(resource, _)| resource);
    let mut given = policy.iter().map(|one| one.trim_start_matches('/'));
    given.any(|one| one == needed || one.strip_suffix("/*") == Some(all))
}

/// Whether something is written as a permission is: `/twilio/product/resource/action`. Twilio knows which there are.
pub(super) fn is_one(text: &str) -> bool {
    let parts: Vec<&str> = text.split('/').collect();
    matches!(parts[..], ["", "twilio", product, resource, action]
        if !product.is_empty() && !resource.is_empty() && ACTIONS.contains(&action))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_path_needs_its_permission() {
        let at = |path: &str, method| needed(&format!("/2010-04-01/Accounts/{{AccountSid}}{path}"), &method);
        for (path, method, permission) in [
            ("/Calls.json", Method::GET, "twilio/voice/calls/list"),
            ("/Calls/{Sid}", Method::GET, "twilio/voice/calls/read"),
            ("/Calls/{CallSid}/Recordings.json", Method::GET, "twilio/voice/calls.recordings/list"),
            (
                "/Conferences/{ConferenceSid}/Participants.json",
                Method::POST,
                "twilio/voice/conferences.participants/create",
            ),
            (
                "/Conferences/{ConferenceSid}/Participants/{CallSid}",
                Method::POST,
                "twilio/voice/conferences.participants/update",
            ),
            ("/IncomingPhoneNumbers.json", Method::GET, "twilio/phone-numbers/active-numbers/list"),
            ("/Recordings/{Sid}", Method::DELETE, "twilio/voice/recordings/delete"),
        ] {
            assert_eq!(at(path, method).as_deref(), Some(permission), "{path}");
        }
        assert_eq!(at("/Keys.json", Method::GET), None);
    }

    #[test]
    fn a_policy_allows_what_it_names() {
        let policy = ["/twilio/voice/calls/*".to_owned(), "/twilio/voice/conferences/read".to_owned()];
        assert!(allows(&policy, "twilio/voice/calls/list") && allows(&policy, "twilio/voice/conferences/read"));
        assert!(
            !allows(&policy, "twilio/voice/conferences/list") && !allows(&policy, "twilio/voice/calls.recordings/list")
        );
        assert!(is_one("/twilio/messaging/messages/read") && !is_one("/twilio/fakepermission/doesnotexist"));
    }
}

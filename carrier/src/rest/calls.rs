//! The Calls resource (Twilio: Call resource).

use serde_json::{Value, json};

use super::{
    ask::{Answer, Ask},
    outbound, paging,
};
use crate::{
    engine::{ApiError, Call, CallUpdate, Engine, NewCall, Plan, Status},
    time::{self, Millis, rfc2822},
    twiml::Method,
};

/// TwiML in a request may be this long (32018).
const LONGEST_TWIML: usize = 4_000;

/// Twilio: "Both Url and Twiml were given".
const TWIML_IGNORED: u32 = 32019;

/// Makes a call, which is queued and placed when its turn comes.
pub(super) fn create(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let outbound = outbound::read(ask)?;
    let url = ask.form.hook("Url", "Method", Method::Post);
    let twiml = twiml(ask)?;
    let ignored = url.is_some() && twiml.is_some();
    let plan = match (url, twiml) {
        (Some(url), _) => Plan::Url(url),
        (None, Some(twiml)) => Plan::Twiml(twiml),
        (None, None) if ask.form.some("ApplicationSid").is_some() => {
            return Err(ApiError::bad(21218, "ApplicationSid is not valid: applications are not supported here"));
        }
        (None, None) => return Err(ApiError::bad(21205, "Url parameter is required.")),
    };
    let sid = engine.create_call(NewCall { outbound, plan })?;
    if ignored {
        engine.notice(TWIML_IGNORED, "Both Url and Twiml were given; Twiml is ignored", &sid, None);
    }
    find(engine, ask, &sid).map(render).map(Answer::Created)
}

/// Lists calls, the newest first.
pub(super) fn list(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let form = &ask.form;
    let equal = |name: &str, value: Option<&str>| form.some(name).is_none_or(|wanted| Some(wanted) == value);
    let items: Vec<(String, Value)> = engine
        .calls
        .newest()
        .filter(|call| call.account == ask.account)
        .filter(|call| {
            equal("Status", Some(call.status.as_str()))
                && equal("To", Some(&call.to))
                && equal("From", Some(&call.from))
                && equal("ParentCallSid", call.parent.as_deref())
                && within(ask, "StartTime", Some(call.created))
                && within(ask, "EndTime", call.ended)
        })
        .map(|call| (call.sid.clone(), render(call)))
        .collect();
    paging::page(ask, "calls", &items)
}

pub(super) fn fetch(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    find(engine, ask, ask.name("Sid")).map(render).map(Answer::Found)
}

/// Redirects a call, or ends it.
pub(super) fn update(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let sid = find(engine, ask, ask.name("Sid"))?.sid.clone();
    let update = CallUpdate {
        status: match ask.form.some("Status") {
            Some("completed") => Some(Status::Completed),
            Some("canceled") => Some(Status::Canceled),
            Some(other) => return Err(ApiError::bad(20001, format!("Invalid Status: {other}"))),
            None => None,
        },
        url: ask.form.hook("Url", "Method", Method::Post),
        twiml: twiml(ask)?,
        fallback: ask.form.hook("FallbackUrl", "FallbackMethod", Method::Post),
        callback: ask.form.hook("StatusCallback", "StatusCallbackMethod", Method::Post),
        time_limit: ask.form.number("TimeLimit"),
    };
    engine.update_call(&sid, update)?;
    find(engine, ask, &sid).map(render).map(Answer::Found)
}

pub(super) fn delete(engine: &mut Engine, ask: &Ask) -> Result<Answer, ApiError> {
    let sid = find(engine, ask, ask.name("Sid"))?.sid.clone();
    engine.delete_call(&sid)?;
    Ok(Answer::Deleted)
}

fn find<'a>(engine: &'a Engine, ask: &Ask, sid: &str) -> Result<&'a Call, ApiError> {
    engine.calls.get(sid).filter(|call| call.account == ask.account).ok_or_else(ApiError::missing)
}

fn twiml(ask: &Ask) -> Result<Option<String>, ApiError> {
    let twiml = ask.form.some("Twiml");
    if twiml.is_some_and(|twiml| twiml.chars().count() > LONGEST_TWIML) {
        return Err(ApiError::bad(32018, format!("Twiml is longer than {LONGEST_TWIML} characters")));
    }
    Ok(twiml.map(str::to_owned))
}

/// Whether a moment passes the filters `name`, `name<` and `name>`; a day is met by all its moments.
pub(super) fn within(ask: &Ask, name: &str, at: Option<Millis>) -> bool {
    let bound = |suffix: &str| ask.form.some(&format!("{name}{suffix}")).and_then(time::parse);
    let (on, before, after) = (bound(""), bound("<"), bound(">"));
    if on.is_none() && before.is_none() && after.is_none() {
        return true;
    }
    let Some(at) = at else { return false };
    let last = |(start, day): (Millis, bool)| if day { start + time::DAY - 1 } else { start };
    on.is_none_or(|on| (on.0..=last(on).max(on.0 + 999)).contains(&at))
        && before.is_none_or(|before| at <= last(before))
        && after.is_none_or(|after| at >= after.0)
}

fn render(call: &Call) -> Value {
    let uri = format!("/2010-04-01/Accounts/{}/Calls/{}", call.account, call.sid);
    let sub = |name: &str| format!("{uri}/{name}.json");
    json!({
        "sid": call.sid,
        "date_created": rfc2822(call.created),
        "date_updated": rfc2822(call.updated),
        "parent_call_sid": call.parent,
        "account_sid": call.account,
        "to": call.to,
        "to_formatted": call.to,
        "from": call.from,
        "from_formatted": call.from,
        "phone_number_sid": call.number_sid,
        "status": call.status.as_str(),
        "start_time": call.answered.map(rfc2822),
        "end_time": call.ended.map(rfc2822),
        "duration": call.ended.map(|ended| call.seconds(ended).to_string()),
        "price": null,
        "price_unit": "USD",
        "direction": call.direction.as_str(),
        "answered_by": null,
        "api_version": "2010-04-01",
        "forwarded_from": null,
        "group_sid": null,
        "caller_name": call.name,
        "queue_time": call.queue_ms.to_string(),
        "trunk_sid": null,
        "uri": format!("{uri}.json"),
        "subresource_uris": {
            "notifications": sub("Notifications"),
            "recordings": sub("Recordings"),
            "streams": sub("Streams"),
            "events": sub("Events"),
        },
    })
}

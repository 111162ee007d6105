//! A program elsewhere that is told of calls, and what stories of webhooks do again and again.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use switchyard::{
    audit::{Actor, Deed},
    webhooks::{Delivery, EventType},
};
use tokio::{net::TcpListener, sync::mpsc, time::timeout};

use crate::office::{Browser, Office, PATIENCE};

pub(crate) const PATH: &str = "/settings/webhooks";

/// A request that arrived.
pub(crate) struct Got {
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Got {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn event(&self) -> String {
        self.json()["type"].as_str().unwrap().to_owned()
    }

    /// Whether one of its signatures is that of a secret, computed as the specification says.
    pub(crate) fn is_signed_with(&self, secret: &str) -> bool {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(
            format!("{}.{}.{}", self.header("webhook-id"), self.header("webhook-timestamp"), self.body).as_bytes(),
        );
        let signature = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        self.header("webhook-signature").split(' ').any(|one| one == signature)
    }
}

/// How a receiver answers.
#[derive(Clone)]
pub(crate) enum Reply {
    Status(u16),
    Says(u16, &'static str),
    Leads(String),
    After(u16, &'static str),
    Never,
}

impl Reply {
    async fn answer(self) -> Response {
        let status = |status| StatusCode::from_u16(status).unwrap();
        match self {
            Self::Status(code) => status(code).into_response(),
            Self::Says(code, words) => (status(code), words).into_response(),
            Self::Leads(to) => (StatusCode::FOUND, [(header::LOCATION, to)]).into_response(),
            Self::After(code, pause) => (status(code), [(header::RETRY_AFTER, pause)]).into_response(),
            Self::Never => std::future::pending().await,
        }
    }
}

/// A program that is told.
pub(crate) struct Receiver {
    pub(crate) url: String,
    pub(crate) got: mpsc::UnboundedReceiver<Got>,
}

impl Receiver {
    /// It answers so to one after the other, and like the last time to all that come later.
    pub(crate) async fn answering(replies: impl IntoIterator<Item = Reply>) -> Self {
        type Shared = State<(mpsc::UnboundedSender<Got>, Arc<Mutex<VecDeque<Reply>>>)>;
        async fn take(State((got, replies)): Shared, headers: HeaderMap, body: Bytes) -> Response {
            let body = String::from_utf8(body.to_vec()).unwrap();
            // Nobody may be waiting any more.
            let _ = got.send(Got { headers, body });
            let reply = {
                let mut replies = replies.lock().unwrap();
                if replies.len() > 1 { replies.pop_front() } else { replies.front().cloned() }
            };
            reply.unwrap_or(Reply::Status(204)).answer().await
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook?key=hunter2", listener.local_addr().unwrap());
        let (sender, got) = mpsc::unbounded_channel();
        let replies = Arc::new(Mutex::new(replies.into_iter().collect()));
        let app = Router::new().fallback(take).with_state((sender, replies));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, got }
    }

    pub(crate) async fn taking() -> Self {
        Self::answering([Reply::Status(204)]).await
    }

    pub(crate) async fn next(&mut self) -> Got {
        timeout(PATIENCE, self.got.recv()).await.expect("nothing was sent").unwrap()
    }

    pub(crate) async fn next_of(&mut self, event: &str) -> Got {
        loop {
            let got = self.next().await;
            if got.event() == event {
                return got;
            }
        }
    }
}

/// Adds an endpoint on the page; answers its id and its secret.
pub(crate) async fn add(browser: &mut Browser, url: &str, events: &[EventType]) -> (String, String) {
    let fields: Vec<String> = events.iter().map(|event| format!("event-{}", event.code())).collect();
    let mut form = vec![("name", "CRM"), ("url", url)];
    form.extend(fields.iter().map(|field| (field.as_str(), "yes")));
    let page = browser.post(PATH, &form).await.page;
    let secret = page.split("value=\"").find(|rest| rest.starts_with("whsec_")).unwrap_or_else(|| panic!("{page}"));
    let secret = secret.split('"').next().unwrap().to_owned();
    let id = page.rsplit("/settings/webhooks/").next().unwrap().split('"').next().unwrap().to_owned();
    (id, secret)
}

pub(crate) async fn log(office: &Office, id: &str) -> Vec<Delivery> {
    office.deps.store.deliveries(&"acme".into(), id, None, 99).await.unwrap()
}

/// Waits until the newest delivery to an endpoint is as described.
pub(crate) async fn until(office: &Office, id: &str, what: &str, is_so: impl Fn(&Delivery) -> bool) -> Delivery {
    let waiting = async {
        loop {
            if let Some(newest) = log(office, id).await.into_iter().next().filter(&is_so) {
                return newest;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    if let Ok(delivery) = timeout(PATIENCE, waiting).await {
        return delivery;
    }
    panic!("never: {what}: {:?}", log(office, id).await)
}

pub(crate) async fn deeds(office: &Office) -> Vec<(Deed, Actor)> {
    let log = office.deps.store.audit(&"acme".into(), None, 99).await.unwrap();
    log.into_iter().map(|(_, entry)| (entry.deed, entry.by)).collect()
}

pub(crate) fn test(id: &str) -> String {
    format!("{PATH}/{id}/test")
}

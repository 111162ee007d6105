//! No secret reaches a log line, whatever is logged.

use std::{
    io,
    sync::{Arc, Mutex},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;
use server::{
    twilio::{
        setup::{KeyWish, Wish},
        signature::SigningKey,
    },
    vault::{Field, Secret},
};
use switchyard::{id::WorkspaceId, people::Language, ports::Workspace};
use tracing_subscriber::fmt::MakeWriter;

use super::stage::Stage;

const ACCOUNT: &str = "AC5ec4e75ec4e75ec4e75ec4e75ec4e75e";
const TOKEN: &str = "00000000deadbeef00000000deadbeef";
const WRONG: &str = "99999999deadbeef99999999deadbeef";
const OWN_KEY_SECRET: &str = "the secret of a key of our own";

/// Everything that is logged, at every level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_reaches_a_log_line() {
    let log = Log::default();
    let everything = tracing_subscriber::fmt().with_ansi(false).with_max_level(tracing::Level::TRACE);
    everything.with_writer(log.clone()).try_init().unwrap();
    let stage = Stage::set(&[]).await;
    let (setup, barber) = (&stage.deps().setup, WorkspaceId::from("barber"));
    let company = Workspace {
        id: barber.clone(),
        name: "Barber".into(),
        country: "RO".into(),
        language: Language::Ro,
        account: None,
        zone: None,
    };
    setup.store.put_workspace(&company).await.unwrap();
    let own_key = format!("SK{}", "1".repeat(32));
    let account = json!({ "auth_token": TOKEN, "api_keys": { &own_key: OWN_KEY_SECRET } });
    stage.put(&format!("accounts/{ACCOUNT}"), &account).await;

    let connect = async |token: &str, key: KeyWish| {
        let wish = Wish { account: ACCOUNT.into(), token: Secret::new(token), key, countries: "RO".into() };
        tracing::info!(?wish, "somebody connects");
        setup.connect(&barber, wish).await
    };
    assert!(connect(WRONG, KeyWish::Make).await.is_err());
    let own = |secret: &str| KeyWish::Own { sid: own_key.clone(), secret: Secret::new(secret) };
    assert!(connect(TOKEN, own(WRONG)).await.is_err());
    connect(TOKEN, own(OWN_KEY_SECRET)).await.unwrap();
    setup.rotate_token(&barber).await.unwrap();
    setup.new_key(&barber).await.unwrap();
    stage.faults(json!({ "rest_error": 1.0 })).await;
    assert!(setup.configure(&barber).await.is_err());
    let form = [("AccountSid", ACCOUNT), ("CallSid", "CA1"), ("CallStatus", "ringing")];
    let path = "/api/voice/status?workspace=barber";
    assert_eq!(stage.webhook(path, &form, Some(&SigningKey::new(WRONG))).await.status(), 403);

    let connection = setup.connection(&barber).await.unwrap();
    let tenant = setup.tenants.of(&barber).await.unwrap();
    tracing::info!(?connection, ?tenant, ?setup.tenants.vault, "everything that can be shown");
    let open = |field, sealed: &str| setup.tenants.vault.open(&barber, field, sealed).unwrap().expose().to_owned();
    let secrets = [
        TOKEN.to_owned(),
        WRONG.to_owned(),
        OWN_KEY_SECRET.to_owned(),
        open(Field::AuthToken, &connection.auth_token),
        setup.tenants.other_token(&connection).unwrap().unwrap().token.expose().to_owned(),
        open(Field::KeySecret, connection.key_secret.as_deref().unwrap()),
        stage.secret_key().trim().to_owned(),
    ];
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("somebody connects") && log.contains("connected with Twilio") && log.contains("TRACE "));
    let users = [ACCOUNT, &own_key, connection.key.as_deref().unwrap()];
    for secret in &secrets {
        assert!(!log.contains(secret), "{}", log.lines().find(|line| line.contains(secret)).unwrap_or_default());
        for user in users {
            let basic = STANDARD.encode(format!("{user}:{secret}"));
            assert!(!log.contains(&basic), "as it is sent");
        }
    }
}

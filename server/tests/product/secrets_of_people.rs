//! No secret of people, programs or the database reaches a log line: the program itself, as it is installed, logging
//! everything that it can.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use reqwest::Method;
use serde_json::{Value, json};
use server::twilio::signature::SigningKey;
use switchyard::webhooks::EventType;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::{
    crm::{self, Receiver},
    office::Browser,
    operator::Operator,
    people,
    stage::Stage,
};

const ACCOUNT: &str = "AC5ec4e75ec4e75ec4e75ec4e75ec4e75e";
const AUTH_TOKEN: &str = "11111111deadbeef11111111deadbeef";
const PASSWORDS: [&str; 4] = ["olgas-first-password", "olgas-second-password", "inas-only-password", "somebodys-guess"];
const DATABASE_PASSWORD: &str = "the-databases-password";

/// A server that logs everything into a file.
struct Server {
    child: Child,
    url: String,
    /// Where the first workspace is made.
    welcome: String,
}

impl Server {
    async fn start(folder: &Path, carrier_url: &str) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
        let url = format!("http://127.0.0.1:{port}");
        let mut command = Command::new(env!("CARGO_BIN_EXE_switchyard"));
        command.env_clear().current_dir(folder).arg("serve");
        command.envs([
            ("DATABASE_URL", format!("sqlite://{}/office.db", folder.display())),
            ("PORT", port.to_string()),
            ("PUBLIC_URL", url.clone()),
            ("TWILIO_URL", carrier_url.to_owned()),
            ("ALLOW_PRIVATE_WEBHOOKS", "true".to_owned()),
            ("RUST_LOG", "trace".to_owned()),
            ("NO_COLOR", "1".to_owned()),
        ]);
        let log = File::create(folder.join("log")).unwrap();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::from(log)).spawn().unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        // What is printed for whoever installs it is no log.
        let welcome = tokio::task::spawn_blocking(move || {
            let line = said.lines().map_while(Result::ok).find(|line| line.contains("/welcome/"));
            line.unwrap().trim().to_owned()
        });
        Self { child, url, welcome: welcome.await.unwrap() }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What stands in a field of a page from a beginning on.
fn shown(page: &str, beginning: &str) -> String {
    let value = page.split("value=\"").find(|rest| rest.starts_with(beginning)).unwrap_or_else(|| panic!("{page}"));
    value.split('"').next().unwrap().to_owned()
}

fn reveals_nothing(log: &str, secrets: &[String]) {
    for secret in secrets {
        assert!(secret.len() >= 10, "{secret:?} is no secret");
        let revealing = log.lines().find(|line| line.contains(secret.as_str()));
        assert!(revealing.is_none(), "{secret}: {}", revealing.unwrap_or_default());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_lets_anybody_in_reaches_the_log_however_much_is_logged() {
    let stage = Stage::set(&[]).await;
    stage.put(&format!("accounts/{ACCOUNT}"), &json!({ "auth_token": AUTH_TOKEN })).await;
    let folder = std::env::temp_dir().join(format!("switchyard-secrets-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let server = Server::start(&folder, &stage.carrier_url).await;
    let [first, second, inas, guess] = PASSWORDS;
    let mut secrets: Vec<String> = PASSWORDS.iter().map(|password| (*password).to_owned()).collect();

    // The first run.
    let code = server.welcome.rsplit('/').next().unwrap().to_owned();
    let mut olga = Browser::at(server.url.clone());
    assert_eq!(olga.get(&format!("/welcome/{code}")).await.status, 200);
    let company = |code| {
        [
            ("code", code),
            ("workspace", "Acme"),
            ("country", "RO"),
            ("language", "en"),
            ("name", "Olga"),
            ("email", "olga@example.com"),
            ("password", first),
        ]
    };
    assert_eq!(olga.post("/welcome", &company("a-code-that-is-none")).await.status, 422);
    assert_eq!(olga.post("/welcome", &company(&code)).await.status, 303);
    secrets.extend([code.clone(), olga.session().to_owned()]);

    // Links, passwords and sessions, right ones and wrong ones.
    let ina = people::add(&mut olga, "Ina", "ina@example.com", "120").await;
    let link = people::link(&mut olga, &ina).await;
    let mut hers = Browser::at(server.url.clone());
    assert_eq!(hers.get(&link).await.status, 200);
    assert_eq!(hers.post(&link, &[("name", "Ina"), ("password", "short")]).await.status, 422);
    assert_eq!(hers.post(&link, &[("name", "Ina"), ("password", inas)]).await.to, "/");
    assert_eq!(Browser::at(server.url.clone()).get(&link).await.status, 404);
    secrets.extend([link.rsplit('/').next().unwrap().to_owned(), hers.session().to_owned()]);
    assert!(hers.sign_in("ina@example.com", guess).await.to.contains("error"));
    assert_eq!(hers.sign_in("ina@example.com", inas).await.to, "/");
    secrets.push(hers.session().to_owned());
    assert_eq!(olga.post("/profile/password", &[("current", guess), ("password", second)]).await.status, 422);
    let changed = olga.post("/profile/password", &[("current", first), ("password", second)]).await;
    assert_eq!(changed.to, "/profile?done=changed");
    drop(hers.live().await);

    // Twilio, and what a page is given for it.
    let form = [("account", ACCOUNT), ("token", AUTH_TOKEN), ("make_key", "yes"), ("countries", "RO")];
    assert_eq!(olga.post("/settings/twilio", &form).await.to, "/settings/twilio?done=connected");
    let issued = olga.send(Method::POST, "/api/token", "application/json", String::new()).await;
    let issued: Value = serde_json::from_str(&issued.page).unwrap();
    let jwt = issued["token"].as_str().unwrap();
    secrets.extend([AUTH_TOKEN, jwt, jwt.rsplit('.').next().unwrap()].map(str::to_owned));
    let form = [("AccountSid", ACCOUNT), ("CallSid", "CA1"), ("CallStatus", "ringing")];
    let path = format!("{}/api/voice/status?workspace=acme", server.url);
    let signature = SigningKey::new("not the token").sign(&path, &[]);
    let webhook = stage.http.post(&path).header("x-twilio-signature", signature).form(&form).send().await.unwrap();
    assert_eq!(webhook.status(), 403);

    // Programs, and programs that are told.
    let made = olga.post("/settings/api", &[("name", "HR"), ("scope-people:read", "yes")]).await;
    let token = shown(&made.page, "swy_");
    let ask = async |token: &str| {
        let request = stage.http.get(format!("{}/api/v1/people", server.url)).bearer_auth(token);
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!((ask(&token).await, ask("swy_a-token-that-is-none").await), (200, 401));
    let mut crm = Receiver::taking().await;
    let (endpoint, secret) = crm::add(&mut olga, &crm.url, &[EventType::Ended]).await;
    let renewed = olga.post(&format!("{}/{endpoint}/secret", crm::PATH), &[]).await;
    let renewed = shown(&renewed.page, "whsec_");
    olga.post(&crm::test(&endpoint), &[]).await;
    let got = crm.next().await;
    assert!(got.is_signed_with(&secret) && got.is_signed_with(&renewed));
    secrets.extend([token[4..].to_owned(), secret[6..].to_owned(), renewed[6..].to_owned()]);
    secrets.extend(["a-token-that-is-none".to_owned(), "a-code-that-is-none".to_owned()]);
    // What is in an address of somebody else's may be a secret of theirs.
    secrets.push("key=hunter2".to_owned());
    secrets.push(std::fs::read_to_string(folder.join("secret.key")).unwrap().trim().to_owned());
    olga.post("/sign-out", &[]).await;
    drop(server);

    let log = std::fs::read_to_string(folder.join("log")).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(log.contains("TRACE ") && log.contains("connected with Twilio"), "{log:.2000}");
    // Those who see most of them log as much as they can.
    assert!(["hyper", "sqlx::query", "reqwest"].iter().all(|wordy| log.contains(wordy)), "{log:.2000}");
    reveals_nothing(&log, &secrets);
}

/// Something that speaks `PostgreSQL` as far as asking for a password, which is never the right one. Answers where it is.
async fn a_database_that_lets_nobody_in() -> (u16, tokio::sync::mpsc::UnboundedReceiver<String>) {
    async fn asks(mut client: TcpStream) -> std::io::Result<String> {
        // Its length, and then a protocol that it would like: TLS, which is not had here, or this one.
        let mut first = client.read_u32().await?;
        if client.read_u32().await? == 80_877_103 {
            client.write_all(b"N").await?;
            first = client.read_u32().await?;
            client.read_u32().await?;
        }
        client.read_exact(&mut vec![0; first as usize - 8]).await?;
        client.write_all(b"R\0\0\0\x08\0\0\0\x03").await?;
        assert_eq!(client.read_u8().await?, b'p');
        let length = client.read_u32().await?;
        let mut password = vec![0; length as usize - 4];
        client.read_exact(&mut password).await?;
        let fields = b"SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed\0\0";
        client.write_all(b"E").await?;
        client.write_u32(u32::try_from(fields.len() + 4).unwrap()).await?;
        client.write_all(fields).await?;
        Ok(String::from_utf8_lossy(&password).trim_end_matches('\0').to_owned())
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, receiver) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            if let Ok(password) = asks(client).await {
                // Nobody may be waiting any more.
                let _ = sender.send(password);
            }
        }
    });
    (port, receiver)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_databases_password_reaches_no_log_and_no_error() {
    let (port, mut asked) = a_database_that_lets_nobody_in().await;
    let url = format!("postgres://switchyard:{DATABASE_PASSWORD}@127.0.0.1:{port}/floor");
    let folder = std::env::temp_dir().join(format!("switchyard-database-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let operator = Operator(vec![
        ("DATABASE_URL", url),
        ("SECRET_KEY_FILE", folder.join("secret.key").display().to_string()),
        ("RUST_LOG", "trace".to_owned()),
    ]);
    let file = folder.join("backup.jsonl").display().to_string();
    std::fs::write(&file, "{}\n").unwrap();
    for command in [&["migrate"][..], &["user", "list"], &["backup", "-"], &["restore", &file], &["serve"]] {
        let (code, said) = operator.says(command).await;
        assert!(code == 2, "{command:?}: {said}");
        assert_eq!(asked.recv().await.unwrap(), DATABASE_PASSWORD, "it was sent");
        reveals_nothing(&said, &[DATABASE_PASSWORD.to_owned()]);
    }
    let (code, said) = operator.says(&["config", "check"]).await;
    assert_eq!(code, 0, "{said}");
    reveals_nothing(&said, &[DATABASE_PASSWORD.to_owned()]);
    // Nor what is wrong with an address.
    let wrong = Operator(vec![("DATABASE_URL", format!("postgres://switchyard:{DATABASE_PASSWORD}@[::1/floor"))]);
    let (code, said) = wrong.says(&["config", "check"]).await;
    assert_eq!(code, 1, "{said}");
    reveals_nothing(&said, &[DATABASE_PASSWORD.to_owned()]);
    std::fs::remove_dir_all(&folder).unwrap();
}

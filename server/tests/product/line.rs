//! A connection on which every byte is sent by hand.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::office::{Office, PATIENCE};

pub struct Line(TcpStream);

impl Line {
    pub async fn open(office: &Office) -> Self {
        Self(TcpStream::connect(office.address).await.unwrap())
    }

    pub async fn says(&mut self, what: impl AsRef<[u8]>) {
        self.0.write_all(what.as_ref()).await.unwrap();
    }

    /// Says it as long as anybody listens.
    pub async fn tries_to_say(&mut self, what: &str) {
        let _ = self.0.write_all(what.as_bytes()).await;
    }

    /// Says it letter by letter; answers how far it got.
    pub async fn says_slowly(&mut self, text: &str, pause: Duration) -> usize {
        for (nth, letter) in text.bytes().enumerate() {
            tokio::time::sleep(pause).await;
            if self.0.write_all(&[letter]).await.is_err() {
                return nth;
            }
        }
        text.len()
    }

    /// Asks for something that is there for everybody.
    pub async fn asks(&mut self) {
        self.says("GET /healthz HTTP/1.1\r\nhost: office\r\n\r\n").await;
    }

    /// Everything that comes until it is as described.
    pub async fn hears_until(&mut self, what: impl Fn(&[u8]) -> bool) -> Vec<u8> {
        let mut heard = Vec::new();
        let reading = async {
            while !what(&heard) {
                assert_ne!(self.0.read_buf(&mut heard).await.unwrap(), 0, "it ended: {heard:?}");
            }
        };
        timeout(PATIENCE, reading).await.unwrap();
        heard
    }

    /// The head of what comes next.
    pub async fn head(&mut self) -> String {
        let heard = self.hears_until(|heard| heard.windows(4).any(|four| four == b"\r\n\r\n")).await;
        String::from_utf8(heard).unwrap().to_lowercase()
    }

    /// Whether what was asked for comes, with its body.
    pub async fn is_answered(&mut self) -> bool {
        self.hears_until(|heard| heard.ends_with(b"\r\n\r\nok")).await.starts_with(b"HTTP/1.1 200")
    }

    /// What comes until the other side hangs up. Whoever says more than is listened to may lose it.
    pub async fn end(mut self) -> String {
        let mut heard = Vec::new();
        let _ = timeout(PATIENCE, self.0.read_to_end(&mut heard)).await.unwrap();
        String::from_utf8(heard).unwrap()
    }
}

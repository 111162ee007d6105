//! A fresh database for each story, gone when it is over, however it ends.

use std::{str::FromStr, sync::Arc};

use server::store;
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection, SqliteConnection, postgres::PgConnectOptions,
};
use switchyard::ports::Store;

/// Each story becomes two tests.
macro_rules! stories {
    ($($story:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test] async fn $story() { crate::place::on_sqlite(super::$story).await; })*
        }
        mod postgres {
            $(#[tokio::test] async fn $story() { crate::place::on_postgres(super::$story).await; })*
        }
    };
}

/// A store and where it is.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) url: String,
}

impl Place {
    /// The same database as another process sees it.
    pub(crate) async fn another(&self) -> Arc<dyn Store> {
        store::open(&self.url).await.unwrap()
    }

    /// Does something behind the store's back.
    pub(crate) async fn execute(&self, sql: &'static str) {
        if self.url.starts_with("sqlite") {
            SqliteConnection::connect(&self.url).await.unwrap().execute(sql).await.unwrap();
        } else {
            PgConnection::connect(&self.url).await.unwrap().execute(sql).await.unwrap();
        }
    }
}

pub(crate) async fn on_sqlite<T: Future<Output = ()> + Send + 'static>(
    story: impl FnOnce(Place) -> T + Send + 'static,
) {
    at_sqlite(|url| async { story(opened(url).await).await }).await;
}

pub(crate) async fn on_postgres<T: Future<Output = ()> + Send + 'static>(
    story: impl FnOnce(Place) -> T + Send + 'static,
) {
    at_postgres(|url| async { story(opened(url).await).await }).await;
}

async fn opened(url: String) -> Place {
    Place { store: store::open(&url).await.unwrap(), url }
}

/// The address of a database that nobody has opened.
pub(crate) async fn at_sqlite<T: Future<Output = ()> + Send + 'static>(story: impl FnOnce(String) -> T) {
    let directory = std::env::temp_dir().join(name());
    std::fs::create_dir(&directory).unwrap();
    let url = format!("sqlite://{}/test.db", directory.display());
    // In a task of its own, so that a failure can be looked at after the database is gone.
    let end = tokio::spawn(story(url)).await;
    std::fs::remove_dir_all(&directory).unwrap();
    end.unwrap();
}

/// The same.
pub(crate) async fn at_postgres<T: Future<Output = ()> + Send + 'static>(story: impl FnOnce(String) -> T) {
    let server = postgres_server();
    let mut admin = server.connect().await.unwrap_or_else(|error| {
        panic!("these tests need a PostgreSQL server, at the address in TEST_POSTGRES_URL: {error}");
    });
    let name = name();
    admin.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
    let end = tokio::spawn(story(server.database(&name).to_url_lossy().to_string())).await;
    admin.execute(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).await.unwrap();
    end.unwrap();
}

pub(crate) fn postgres_server() -> PgConnectOptions {
    let url = std::env::var("TEST_POSTGRES_URL");
    PgConnectOptions::from_str(url.as_deref().unwrap_or("postgres://postgres@127.0.0.1:5432/postgres")).unwrap()
}

fn name() -> String {
    format!("switchyard_test_{:016x}", rand::random::<u64>())
}

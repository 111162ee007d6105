//! Connections that remember what they may see. Telling them is a journey to the database, and so is asking whether they are
//! still there: sqlx's own pool asks before and after every statement, and cannot remember.

use std::time::Duration;

use deadpool::{
    Runtime,
    managed::{self, Metrics, Object, PoolError, QueueMode, RecycleError, RecycleResult, Timeouts},
};
use sqlx::{ConnectOptions, Connection, Error, PgConnection, postgres::PgConnectOptions};

use super::{EVERYTHING, SCOPE, Scope};
use crate::store::engine::PATIENCE;

/// Connections for statements about one workspace, and for those about all: each kind seldom has to be told anew.
const FOR_WORKSPACES: usize = 12;
const FOR_INSTALLATION: usize = 4;
/// A connection that rested for longer is asked whether it is still there.
const RESTED: Duration = Duration::from_secs(1);
/// The database frees what it keeps for a connection when that ends.
const LIFETIME: Duration = Duration::from_mins(30);

pub(super) struct Pool {
    workspaces: managed::Pool<Connections>,
    installation: managed::Pool<Connections>,
}

/// A connection while somebody has it.
pub(super) type Lease = Object<Connections>;

impl Pool {
    /// `role` is the statement by which each connection gives up rights. One connection is made at once: whoever looks sees
    /// that somebody works with the database.
    pub(super) async fn open(options: &PgConnectOptions, role: Option<&'static str>) -> Result<Self, Error> {
        let pool = |size| {
            managed::Pool::builder(Connections { options: options.clone(), role })
                .max_size(size)
                // The one that was used last probably sees the same.
                .queue_mode(QueueMode::Lifo)
                .timeouts(Timeouts { wait: Some(PATIENCE), create: Some(PATIENCE), recycle: Some(PATIENCE) })
                .runtime(Runtime::Tokio1)
                .build()
                .map_err(|error| Error::Configuration(error.into()))
        };
        let pool = Self { workspaces: pool(FOR_WORKSPACES)?, installation: pool(FOR_INSTALLATION)? };
        pool.scoped(Scope::Installation).await?.rest();
        Ok(pool)
    }

    /// A connection that sees what it should.
    pub(super) async fn scoped(&self, scope: Scope<'_>) -> Result<Lease, Error> {
        let (pool, setting) = match scope {
            Scope::Of(workspace) => (&self.workspaces, workspace.as_str()),
            Scope::Installation => (&self.installation, EVERYTHING),
        };
        let mut lease = pool.get().await.map_err(refused)?;
        lease.at_rest = false;
        if lease.sees != setting {
            sqlx::query(SCOPE).bind(setting).execute(&mut lease.connection).await?;
            setting.clone_into(&mut lease.sees);
        }
        Ok(lease)
    }
}

fn refused(error: PoolError<Error>) -> Error {
    match error {
        PoolError::Backend(error) => error,
        PoolError::Closed => Error::PoolClosed,
        PoolError::Timeout(_) | PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => Error::PoolTimedOut,
    }
}

pub(super) struct Connections {
    options: PgConnectOptions,
    role: Option<&'static str>,
}

/// A connection, and what it was told.
pub(super) struct Scoped {
    pub(super) connection: PgConnection,
    sees: String,
    /// Whether the statement before ended well. After one that did not, or that nobody waited for, nobody knows what the
    /// connection is at: it is not used again.
    at_rest: bool,
}

impl Scoped {
    /// The statement ended well.
    pub(super) fn rest(&mut self) {
        self.at_rest = true;
    }
}

impl managed::Manager for Connections {
    type Type = Scoped;
    type Error = Error;

    async fn create(&self) -> Result<Scoped, Error> {
        // Large, and seldom: in a box it does not make every statement as large.
        let mut connection = Box::pin(self.options.connect()).await?;
        if let Some(role) = self.role {
            sqlx::query(role).execute(&mut connection).await?;
        }
        Ok(Scoped { connection, sees: String::new(), at_rest: true })
    }

    async fn recycle(&self, scoped: &mut Scoped, metrics: &Metrics) -> RecycleResult<Error> {
        if !scoped.at_rest || metrics.age() > LIFETIME {
            return Err(RecycleError::message("it has had its time"));
        }
        if metrics.last_used() > RESTED {
            scoped.connection.ping().await?;
        }
        Ok(())
    }
}

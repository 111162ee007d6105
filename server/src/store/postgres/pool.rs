//! Connections that remember what they may see. Telling them is a journey to the database, and so is asking whether they are
//! still there: sqlx's own pool asks before and after every statement, and cannot remember.

use std::time::Duration;

use deadpool::{
    Runtime,
    managed::{self, Metrics, Object, PoolError, QueueMode, RecycleError, RecycleResult, Timeouts},
};
use sqlx::{ConnectOptions, Connection, Error, PgConnection, postgres::PgConnectOptions};

use switchyard::id::WorkspaceId;

use super::{EVERYTHING, SCOPE, Scope};
use crate::store::engine::PATIENCE;

/// Connections for statements about one workspace, and for those about all: each kind seldom has to be told anew. Floors
/// commit on some of their own: one that waited behind whoever reads would keep everybody waiting who waits for it.
const FOR_WORKSPACES: usize = 8;
const FOR_INSTALLATION: usize = 4;
const FOR_COMMITS: usize = 4;
/// A connection that rested for longer is asked whether it is still there.
const RESTED: Duration = Duration::from_secs(1);
/// The database frees what it keeps for a connection when that ends.
const LIFETIME: Duration = Duration::from_mins(30);

pub(super) struct Pool {
    workspaces: managed::Pool<Connections>,
    installation: managed::Pool<Connections>,
    commits: managed::Pool<Connections>,
}

/// A connection while somebody has it. One whose statement did not end well, or that nobody waited for, is closed: the
/// database then undoes what was begun, and frees who waits for it.
pub(super) struct Lease(Option<Object<Connections>>);

impl Lease {
    /// The connection, for the next statement.
    pub(super) fn connection(&mut self) -> &mut PgConnection {
        &mut self.scoped().connection
    }

    /// The statement ended well.
    pub(super) fn rest(mut self) {
        self.scoped().at_rest = true;
    }

    fn scoped(&mut self) -> &mut Scoped {
        let Some(scoped) = &mut self.0 else { unreachable!("only dropping a lease takes its connection") };
        scoped
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(scoped) = self.0.take().filter(|scoped| !scoped.at_rest) {
            drop(Object::take(scoped));
        }
    }
}

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
        let pool = Self {
            workspaces: pool(FOR_WORKSPACES)?,
            installation: pool(FOR_INSTALLATION)?,
            commits: pool(FOR_COMMITS)?,
        };
        pool.scoped(Scope::Installation).await?.rest();
        Ok(pool)
    }

    /// A connection that sees what it should.
    pub(super) async fn scoped(&self, scope: Scope<'_>) -> Result<Lease, Error> {
        match scope {
            Scope::Of(workspace) => lend(&self.workspaces, workspace.as_str()).await,
            Scope::Installation => lend(&self.installation, EVERYTHING).await,
        }
    }

    /// A connection for a floor's commit.
    pub(super) async fn commit(&self, workspace: &WorkspaceId) -> Result<Lease, Error> {
        lend(&self.commits, workspace.as_str()).await
    }
}

async fn lend(pool: &managed::Pool<Connections>, setting: &str) -> Result<Lease, Error> {
    let mut lease = Lease(Some(pool.get().await.map_err(refused)?));
    let scoped = lease.scoped();
    scoped.at_rest = false;
    if scoped.sees != setting {
        sqlx::query(SCOPE).bind(setting).execute(&mut scoped.connection).await?;
        setting.clone_into(&mut scoped.sees);
    }
    Ok(lease)
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
    connection: PgConnection,
    sees: String,
    /// Whether nobody has it, or whoever had it is done.
    at_rest: bool,
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
        if metrics.age() > LIFETIME {
            return Err(RecycleError::message("it has had its time"));
        }
        if metrics.last_used() > RESTED {
            scoped.connection.ping().await?;
        }
        Ok(())
    }
}

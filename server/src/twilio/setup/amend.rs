//! Changing one thing of what is kept of a connection: several may do so at once, also commands beside the server.

use switchyard::{ports::Connection, time::Timestamp};

use super::{Setup, SetupError};

impl Setup {
    /// Changes what is kept of a connection that was read as `seen`; whoever acts for its workspace does so with it from now
    /// on. When somebody else was faster, `change` begins anew with what they kept. Answers how the connection was and is.
    ///
    /// What is to be kept secret is sealed in `change`: a sealing key that is replaced meanwhile opens nothing any more.
    ///
    /// # Errors
    /// What `change` answers; and the workspace has gone to another account, of which whoever read `seen` knows nothing.
    pub(in crate::twilio) async fn amend<F>(
        &self,
        seen: &Connection,
        mut change: F,
    ) -> Result<(Connection, Connection), SetupError>
    where
        F: FnMut(&mut Connection) -> Result<(), SetupError>,
    {
        loop {
            let before = self.connection(&seen.workspace).await?;
            if before.account != seen.account {
                return Err(SetupError::NotConnected);
            }
            let mut after = before.clone();
            change(&mut after)?;
            after.changed = self.after(before.changed);
            if self.store.put_connection(&after, Some(before.changed)).await? {
                self.tenants.renew(&seen.workspace).await;
                return Ok((before, after));
            }
        }
    }

    /// Now, and later than that: which one is newer is told by the time alone, also within one millisecond.
    pub(super) fn after(&self, before: Timestamp) -> Timestamp {
        self.clock.now().max(Timestamp(before.0.saturating_add(1)))
    }
}

//! What is done with each of a list, in one statement however long the list is: a frequent caller has thousands of calls at
//! the carrier, and all that is done in one transaction has the time of one answer.

/// These statements. `$1` is the workspace, `$2` a JSON array with an array for each row.
pub(super) struct Listed {
    /// `[account, call]`: is still to be deleted at the carrier, as was asked at `$3`.
    pub(super) to_delete: &'static str,
    /// `[account, call]`: what was said in it is removed.
    pub(super) messages: &'static str,
    /// `[call]`: was with somebody who is called `$3` now.
    pub(super) calls: &'static str,
    /// `[id]`: is removed.
    pub(super) deliveries: &'static str,
    /// `[id, changes]`: has these changes now.
    pub(super) entries: &'static str,
}

/// The statements for an engine that reads the array as `$rows`, each of which is a `value`, and compares with what a list
/// has by what is before and after it. PostgreSQL does not know how long it is, and would go through it for each row.
macro_rules! listed {
    ($rows:literal, $before:literal, $after:literal) => {
        $crate::store::listed::Listed {
            to_delete: concat!(
                "INSERT INTO erasures (workspace, account, call, asked)
                 SELECT $1, value ->> 0, value ->> 1, $3 FROM ",
                $rows,
                " WHERE true ON CONFLICT (workspace, call) DO NOTHING"
            ),
            messages: concat!(
                "DELETE FROM voicemail WHERE workspace = $1 AND call ",
                $before,
                "SELECT value ->> 1 FROM ",
                $rows,
                $after
            ),
            calls: concat!(
                "UPDATE calls SET from_number = $3, from_name = NULL WHERE workspace = $1 AND call ",
                $before,
                "SELECT value ->> 0 FROM ",
                $rows,
                $after
            ),
            deliveries: concat!(
                "DELETE FROM webhook_deliveries WHERE workspace = $1 AND id ",
                $before,
                "SELECT CAST(value ->> 0 AS BIGINT) FROM ",
                $rows,
                $after
            ),
            entries: concat!(
                "UPDATE audit SET changes = value ->> 1 FROM ",
                $rows,
                " WHERE workspace = $1 AND audit.id = CAST(value ->> 0 AS BIGINT)"
            ),
        }
    };
}
pub(super) use listed;

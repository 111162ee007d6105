//! Workspaces are kept apart by PostgreSQL too: whoever reaches the tables in the server's role sees and changes only what
//! belongs to the workspace that they say they work for, whatever their statement forgets to ask.

use std::sync::Arc;

use futures::future::join_all;
use server::store;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, postgres::PgConnectOptions};
use switchyard::{
    audit::{Actor, Deed, Entry},
    floor::Floor,
    numbers::Number,
    people::Account,
    ports::{CarrierCall, ConnectedNumber, Store},
    time::Timestamp,
    token::ApiToken,
    webhooks::EventType,
};

use crate::{
    cast::{abandoned, acme, asking, company, connection, ending, endpoint, globex, person, telling, two_companies},
    contacts::contact,
    place::{on_postgres, postgres_server},
    voicemail::message,
};

/// Says for which workspace the next statements work.
const WORK_FOR: &str = "SELECT set_config('switchyard.workspace', $1, false)";
/// Every table but the notes of what was done to the tables themselves.
const TABLES: &str = "SELECT tablename::text FROM pg_tables
     WHERE schemaname = 'public' AND tablename <> '_sqlx_migrations' ORDER BY tablename";
/// Every table that says whose its rows are.
const OF_WORKSPACES: &str = "SELECT table_name::text FROM information_schema.columns
     WHERE column_name = 'workspace' AND table_schema = 'public' ORDER BY table_name";
/// Refuses contacts from a connection that was told anything but their workspace, be it that it works for all of them.
const REFUSE_ANOTHER: &str = "
    CREATE FUNCTION refuse_another() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF current_setting('switchyard.workspace') <> NEW.workspace THEN
            RAISE EXCEPTION 'told to work for %', current_setting('switchyard.workspace');
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER refuse_another BEFORE INSERT ON contacts FOR EACH ROW EXECUTE FUNCTION refuse_another();";

#[tokio::test]
async fn every_table_is_under_a_policy() {
    on_postgres(|place| async move {
        let mut admin = PgConnection::connect(&place.url).await.unwrap();
        let tables: Vec<String> = sqlx::query_scalar(TABLES).fetch_all(&mut admin).await.unwrap();
        assert!(tables.len() >= 22, "{tables:?}");
        for table in tables {
            let sql = "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = $1::regclass";
            let forced: bool = sqlx::query_scalar(sql).bind(&table).fetch_one(&mut admin).await.unwrap();
            assert!(
                forced,
                "{table}: with a workspace it must end with SELECT isolate('{table}'), else have its own policy"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn raw_statements_see_and_change_only_their_own_workspace() {
    on_postgres(|place| async move {
        fill(&*place.store).await;
        let mut raw = PgConnection::connect(&place.url).await.unwrap();
        let tables: Vec<String> = sqlx::query_scalar(OF_WORKSPACES).fetch_all(&mut raw).await.unwrap();
        assert!(tables.len() >= 19, "{tables:?}");
        raw.execute("SET ROLE switchyard_app").await.unwrap();
        for table in &tables {
            assert_eq!(rows(&mut raw, table, "true").await, 0, "{table} is read by nobody in particular");
        }
        for (mine, other) in [("acme", "globex"), ("globex", "acme")] {
            sqlx::query(WORK_FOR).bind(mine).execute(&mut raw).await.unwrap();
            for table in &tables {
                assert!(rows(&mut raw, table, "true").await > 0, "{table} has nothing of {mine}");
                assert_eq!(rows(&mut raw, table, &format!("workspace <> '{mine}'")).await, 0, "{table}");
                for harm in [
                    format!("UPDATE {table} SET workspace = workspace WHERE workspace = '{other}'"),
                    format!("DELETE FROM {table} WHERE workspace = '{other}'"),
                ] {
                    let done = raw.execute(AssertSqlSafe(harm.clone())).await.unwrap();
                    assert_eq!(done.rows_affected(), 0, "{harm}");
                }
                // Nor is anything moved, or written, into the other.
                let smuggled = format!("UPDATE {table} SET workspace = '{other}'");
                assert!(raw.execute(AssertSqlSafe(smuggled)).await.is_err(), "{table}");
            }
            let planted = format!("INSERT INTO contacts (workspace, number, name) VALUES ('{other}', '+1', 'x')");
            assert!(raw.execute(AssertSqlSafe(planted)).await.is_err());
        }
        // Both are whole.
        for workspace in [acme(), globex()] {
            assert_eq!(place.store.numbers(&workspace).await.unwrap().len(), 1);
            assert_eq!(place.store.history(&workspace, None, 9).await.unwrap().len(), 1);
        }
    })
    .await;
}

/// Whoever signs in belongs to each workspace in which they have an account, and nobody else sees or changes their password.
#[tokio::test]
async fn raw_statements_reach_only_those_who_sign_in_to_their_own_workspace() {
    on_postgres(|place| async move {
        let store = &*place.store;
        fill(store).await;
        for (workspace, id) in [(acme(), "both"), (globex(), "too")] {
            let both = Account { email: "both@example.com".into(), ..person(&workspace, id, "20") };
            store.put_account(&both).await.unwrap();
        }
        for name in ["dan", "daniel", "both"] {
            store.put_password(&format!("{name}@example.com"), &format!("hash of {name}")).await.unwrap();
        }
        let mut raw = PgConnection::connect(&place.url).await.unwrap();
        raw.execute("SET ROLE switchyard_app").await.unwrap();
        let plant = "INSERT INTO identities (email) VALUES ('new@example.com')";
        assert_eq!(emails(&mut raw).await, [""; 0], "read by nobody in particular");
        assert!(raw.execute(plant).await.is_err(), "nor written");

        sqlx::query(WORK_FOR).bind("acme").execute(&mut raw).await.unwrap();
        assert_eq!(emails(&mut raw).await, ["both@example.com", "dan@example.com", "eveacme@example.com"]);
        for harm in [
            "UPDATE identities SET password = 'known' WHERE email = 'daniel@example.com'",
            "DELETE FROM identities WHERE email = 'daniel@example.com'",
        ] {
            assert_eq!(raw.execute(harm).await.unwrap().rows_affected(), 0, "{harm}");
        }
        for refused in [
            "INSERT INTO identities (email, password) VALUES ('new@example.com', 'known')",
            "INSERT INTO identities (email) VALUES ('daniel@example.com')
             ON CONFLICT (email) DO UPDATE SET password = 'known'",
            "UPDATE identities SET email = 'elsewhere@example.com' WHERE email = 'dan@example.com'",
        ] {
            assert!(raw.execute(refused).await.is_err(), "{refused}");
        }
        raw.execute(plant).await.unwrap();
        assert_eq!(raw.execute("UPDATE identities SET password = 'known'").await.unwrap().rows_affected(), 3);
        let password = async |name: &str| store.password(&format!("{name}@example.com")).await.unwrap();
        assert_eq!(password("daniel").await.as_deref(), Some("hash of daniel"));
        assert_eq!(password("dan").await.as_deref(), Some("known"), "their own they can");
    })
    .await;
}

/// What belongs to no workspace is seen by whoever works for all.
#[tokio::test]
async fn raw_statements_of_a_workspace_reach_nothing_of_the_installation() {
    on_postgres(|place| async move {
        fill(&*place.store).await;
        let mut raw = PgConnection::connect(&place.url).await.unwrap();
        let mut tables: Vec<String> = sqlx::query_scalar(TABLES).fetch_all(&mut raw).await.unwrap();
        let theirs: Vec<String> = sqlx::query_scalar(OF_WORKSPACES).fetch_all(&mut raw).await.unwrap();
        tables.retain(|table| table != "identities" && !theirs.contains(table));
        assert!(tables.len() >= 2, "{tables:?}");
        raw.execute("SET ROLE switchyard_app").await.unwrap();
        for (scope, sees) in [("", false), ("acme", false), ("*", true)] {
            sqlx::query(WORK_FOR).bind(scope).execute(&mut raw).await.unwrap();
            for table in &tables {
                assert_eq!(rows(&mut raw, table, "true").await > 0, sees, "{table} as {scope:?} sees it");
            }
        }
    })
    .await;
}

/// Connections are used again, and remember what they were told.
#[tokio::test]
async fn whoever_had_the_connection_before_leaves_nothing_to_be_seen() {
    on_postgres(|place| async move {
        fill(&*place.store).await;
        let looks = (0..200).map(|n| {
            let store = &place.store;
            async move {
                let workspace = if n % 2 == 0 { acme() } else { globex() };
                let accounts = store.accounts(&workspace).await.unwrap();
                assert!(!accounts.is_empty() && accounts.iter().all(|account| account.workspace == workspace));
                assert_eq!(store.workspaces().await.unwrap().len(), 2);
                assert_eq!(store.history(&workspace, None, 9).await.unwrap().len(), 1);
            }
        });
        join_all(looks).await;
    })
    .await;
}

/// What nobody waits for any more is given up wherever it is: while its connection is told whom it works for, during the
/// statement, or after it.
#[tokio::test]
async fn whoever_gave_up_midway_leaves_nothing_to_be_seen() {
    on_postgres(|place| async move {
        fill(&*place.store).await;
        // Statements ask for their own workspace: only the database can see what a connection was told.
        place.execute(REFUSE_ANOTHER).await;
        for n in 0..200 {
            let store = Arc::clone(&place.store);
            let given_up = tokio::spawn(async move {
                if n % 2 == 0 {
                    store.accounts(&acme()).await.map(drop)
                } else {
                    store.add_contact(&contact(&acme(), &format!("n{n}"), &format!("+4073{n:07}"), "Ion")).await
                }
            });
            for _ in 0..n {
                tokio::task::yield_now().await;
            }
            given_up.abort();
            let accounts = place.store.accounts(&globex()).await.unwrap();
            assert!(!accounts.is_empty() && accounts.iter().all(|account| account.workspace == globex()), "{n}");
            let ana = contact(&globex(), &format!("n{n}"), &format!("+4072{n:07}"), "Ana");
            place.store.add_contact(&ana).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn the_server_gives_up_rights_that_are_above_the_policies() {
    on_postgres(|place| async move {
        two_companies(&*place.store).await;
        place.store.add_contact(&contact(&acme(), "a", "+40722111222", "Ana")).await.unwrap();
        // It connected as a superuser, who could do this all the same.
        place.execute("REVOKE INSERT ON contacts FROM switchyard_app").await;
        assert!(place.store.add_contact(&contact(&acme(), "i", "+40722111223", "Ion")).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_role_that_cannot_be_given_up_is_worked_with_all_the_same() {
    on_postgres(|place| async move {
        let role = format!("switchyard_above_{:016x}", rand::random::<u64>());
        let mut admin = PgConnection::connect(&place.url).await.unwrap();
        let database: String = sqlx::query_scalar("SELECT current_database()").fetch_one(&mut admin).await.unwrap();
        let schema = format!(
            "CREATE ROLE {role} LOGIN BYPASSRLS; DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION {role};"
        );
        admin.execute(AssertSqlSafe(schema)).await.unwrap();
        let options: PgConnectOptions = postgres_server().username(&role).database(&database);
        let url = sqlx::ConnectOptions::to_url_lossy(&options).to_string();
        // It is said to whoever starts it.
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_switchyard"));
        command.env_clear().env("DATABASE_URL", &url).arg("migrate").current_dir(std::env::temp_dir());
        let migrated = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        let said = String::from_utf8(migrated.stderr).unwrap();
        assert!(migrated.status.success() && said.contains("row-level security does not hold"), "{said}");
        let store = store::open(&url).await.unwrap();
        two_companies(&*store).await;
        assert_eq!(store.accounts(&acme()).await.unwrap().len(), 1);
        // Others see what is not theirs, and it is not held to the policies.
        let mut raw = PgConnection::connect_with(&options).await.unwrap();
        assert_eq!(rows(&mut raw, "accounts", "true").await, 2);
        drop(raw);

        // Whoever may not make the role may be given it, and then gives up what is above the policies.
        admin.execute(AssertSqlSafe(format!("GRANT switchyard_app TO {role}"))).await.unwrap();
        let held = store::open(&url).await.unwrap();
        held.add_contact(&contact(&acme(), "a", "+40722111222", "Ana")).await.unwrap();
        admin.execute("REVOKE INSERT ON contacts FROM switchyard_app").await.unwrap();
        assert!(held.add_contact(&contact(&acme(), "i", "+40722111223", "Ion")).await.is_err());
        store.add_contact(&contact(&acme(), "i", "+40722111223", "Ion")).await.unwrap();
        drop((store, held));
        let gone = format!("DROP SCHEMA public CASCADE; DROP OWNED BY {role}; DROP ROLE {role};");
        admin.execute(AssertSqlSafe(gone)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn whoever_owns_the_tables_is_held_to_the_policies_too() {
    on_postgres(|place| async move {
        let role = format!("switchyard_owner_{:016x}", rand::random::<u64>());
        let mut admin = PgConnection::connect(&place.url).await.unwrap();
        let database: String = sqlx::query_scalar("SELECT current_database()").fetch_one(&mut admin).await.unwrap();
        let schema =
            format!("CREATE ROLE {role} LOGIN; DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION {role};");
        admin.execute(AssertSqlSafe(schema)).await.unwrap();
        let options: PgConnectOptions = postgres_server().username(&role).database(&database);
        let url = sqlx::ConnectOptions::to_url_lossy(&options).to_string();
        let owned = store::open(&url).await.unwrap();
        two_companies(&*owned).await;
        assert_eq!(owned.accounts(&acme()).await.unwrap().len(), 1);
        assert_eq!(owned.workspaces().await.unwrap().len(), 2);
        let kept = store::backup::backup(&url, Timestamp(1), &mut Vec::new(), &mut |_| {}).await.unwrap();
        assert_eq!(kept.rows, 6, "a backup is of everything: two workspaces, two identities, two accounts");
        drop(owned);
        // Once more, as by a second start: what is there is not changed.
        let owned = store::open(&url).await.unwrap();
        assert_eq!(owned.accounts(&globex()).await.unwrap().len(), 1);

        let mut raw = PgConnection::connect_with(&options).await.unwrap();
        assert_eq!(rows(&mut raw, "accounts", "true").await, 0);
        drop((raw, owned));
        let gone = format!("DROP SCHEMA public CASCADE; DROP OWNED BY {role}; DROP ROLE {role};");
        // Its pool is still open: the role goes when nothing is owned any more.
        admin.execute(AssertSqlSafe(gone)).await.unwrap();
    })
    .await;
}

async fn emails(connection: &mut PgConnection) -> Vec<String> {
    sqlx::query_scalar("SELECT email FROM identities ORDER BY email").fetch_all(connection).await.unwrap()
}

async fn rows(connection: &mut PgConnection, table: &str, condition: &str) -> i64 {
    let sql = format!("SELECT count(*) FROM {table} WHERE {condition}");
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(connection).await.unwrap()
}

/// Something of both companies in every table, and of nobody in particular.
async fn fill(store: &dyn Store) {
    two_companies(store).await;
    store.put_set_up_code("code").await.unwrap();
    store.note_failure("dan@example.com", Timestamp(1), Timestamp(0)).await.unwrap();
    for (workspace, dan) in [(acme(), "dan"), (globex(), "daniel")] {
        let id = workspace.as_str().to_owned();
        store.append(&workspace, 0, &ending(1, vec![abandoned("a", 3000)])).await.unwrap();
        store.append(&workspace, 1, &asking(2, &[("b", 1)])).await.unwrap();
        let floor = Floor { version: 1, ..Floor::default() };
        store.save_snapshot(&workspace, &floor, Timestamp(1)).await.unwrap();
        store.add_contact(&contact(&workspace, "c", "+40722111222", "Ana")).await.unwrap();
        let call = CarrierCall { account: format!("AC{id}"), call: "CA1".into() };
        store.erase_number(&workspace, "+40722999888", &[call], Timestamp(1)).await.unwrap();
        let answered_by = Some([dan.into()].into());
        store.put_number(&workspace, &Number { answered_by, ..Number::named("+40312345678", "Sales") }).await.unwrap();
        store.open_session(&format!("session of {id}"), &workspace, &dan.into(), Timestamp(9000)).await.unwrap();
        store.put_link(&format!("link of {id}"), &workspace, &dan.into(), Timestamp(9000)).await.unwrap();
        store.put_connection(&connection(&workspace, &format!("AC{id} before")), None).await.unwrap();
        store.put_connection(&connection(&workspace, &format!("AC{id}")), Some(Timestamp(7))).await.unwrap();
        let number = ConnectedNumber { number: "+40312345678".into(), before: "{}".into() };
        store.note_number(&workspace, &number).await.unwrap();
        let entry = Entry {
            at: Timestamp(1),
            by: Actor::Command,
            deed: Deed::WorkspaceFounded,
            subject: company(&workspace).name,
            whom: None,
            changes: Vec::new(),
        };
        store.note(&workspace, &entry).await.unwrap();
        let token = ApiToken {
            id: "one".into(),
            name: "Reporting".into(),
            scopes: Vec::new(),
            by: dan.into(),
            created: Timestamp(1),
            used: None,
            revoked: None,
        };
        store.put_token(&format!("token of {id}"), &workspace, &token).await.unwrap();
        store.note_message(&workspace, &message("RE1", dan, 1)).await.unwrap();
        store.add_endpoint(&workspace, &endpoint("crm", &EventType::ALL)).await.unwrap();
        store.append(&workspace, 2, &telling(3, "+40722111222")).await.unwrap();
        // Somebody else of the same name is somebody else.
        store.put_account(&person(&workspace, &format!("eve{id}"), "11")).await.unwrap();
    }
}

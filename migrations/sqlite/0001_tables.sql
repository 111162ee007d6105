-- Ids are TEXT, moments are milliseconds since 1970, JSON is TEXT: the same in both engines.

-- What happened on each floor. The key is the concurrency control: of two writers at one version, one fails.
CREATE TABLE events (
    workspace TEXT   NOT NULL,
    version   BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    body      TEXT   NOT NULL,
    PRIMARY KEY (workspace, version)
) WITHOUT ROWID;

-- The newest snapshot of each floor. Events up to its version may be forgotten.
CREATE TABLE snapshots (
    workspace TEXT   NOT NULL PRIMARY KEY,
    version   BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    body      TEXT   NOT NULL
);

-- What the carrier must do. AUTOINCREMENT, because a number must never come again: it is the order.
CREATE TABLE outbox (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace     TEXT    NOT NULL,
    call          TEXT    NOT NULL,
    body          TEXT    NOT NULL,
    attempts      BIGINT  NOT NULL DEFAULT 0,
    created       BIGINT  NOT NULL,
    due           BIGINT  NOT NULL,
    claimed_until BIGINT  NOT NULL DEFAULT 0,
    finished      BIGINT,
    error         TEXT
);
-- Workers look at what is not finished, retention at what is.
CREATE INDEX outbox_unfinished ON outbox (workspace, call, id) WHERE finished IS NULL;
CREATE INDEX outbox_finished ON outbox (finished) WHERE finished IS NOT NULL;

-- The history.
CREATE TABLE calls (
    workspace   TEXT   NOT NULL,
    call        TEXT   NOT NULL,
    direction   TEXT   NOT NULL,
    from_number TEXT   NOT NULL,
    from_name   TEXT,
    to_number   TEXT   NOT NULL,
    to_label    TEXT   NOT NULL,
    agent       TEXT,
    arrived     BIGINT NOT NULL,
    answered    BIGINT,
    ended       BIGINT NOT NULL,
    outcome     TEXT   NOT NULL,
    hung_up_by  TEXT   NOT NULL, -- 'caller' or 'agent:<id>'
    PRIMARY KEY (workspace, call)
) WITHOUT ROWID;
CREATE INDEX calls_ended ON calls (workspace, ended);

CREATE TABLE workspaces (
    workspace TEXT NOT NULL PRIMARY KEY,
    name      TEXT NOT NULL,
    account   TEXT NOT NULL UNIQUE -- the carrier's name of its account: webhooks are matched by it
) WITHOUT ROWID;

CREATE TABLE accounts (
    workspace TEXT NOT NULL REFERENCES workspaces,
    agent     TEXT NOT NULL,
    name      TEXT NOT NULL,
    extension TEXT NOT NULL,
    role      TEXT NOT NULL,
    email     TEXT NOT NULL UNIQUE, -- lower case; on the whole installation, because people sign in with nothing else
    password  TEXT NOT NULL,
    PRIMARY KEY (workspace, agent),
    UNIQUE (workspace, extension)
) WITHOUT ROWID;

CREATE TABLE numbers (
    workspace TEXT NOT NULL REFERENCES workspaces,
    number    TEXT NOT NULL,
    label     TEXT NOT NULL,
    PRIMARY KEY (workspace, number)
) WITHOUT ROWID;

CREATE TABLE contacts (
    workspace TEXT NOT NULL REFERENCES workspaces,
    number    TEXT NOT NULL,
    name      TEXT NOT NULL,
    PRIMARY KEY (workspace, number)
) WITHOUT ROWID;

-- A browser knows its token and nothing else, so the token is the key.
CREATE TABLE sessions (
    token_hash TEXT   NOT NULL PRIMARY KEY,
    workspace  TEXT   NOT NULL,
    agent      TEXT   NOT NULL,
    expires    BIGINT NOT NULL,
    FOREIGN KEY (workspace, agent) REFERENCES accounts
) WITHOUT ROWID;

-- Failed sign-ins. The one table without a workspace: before somebody is signed in there is none.
CREATE TABLE sign_in_failures (
    key   TEXT   NOT NULL,
    at    BIGINT NOT NULL,
    times BIGINT NOT NULL, -- within the same millisecond
    PRIMARY KEY (key, at)
) WITHOUT ROWID;

-- People sign in with an address and a password, and have an account in each workspace that they belong to.

CREATE TABLE identities (
    email    TEXT NOT NULL PRIMARY KEY, -- lower case
    password TEXT                       -- none until they have accepted an invitation
) WITHOUT ROWID;
INSERT INTO identities (email, password) SELECT email, password FROM accounts;

-- SQLite cannot loosen a column: these tables are made anew, and what refers to them with them.
ALTER TABLE workspaces RENAME TO old_workspaces;
ALTER TABLE accounts RENAME TO old_accounts;
ALTER TABLE numbers RENAME TO old_numbers;
ALTER TABLE contacts RENAME TO old_contacts;
ALTER TABLE sessions RENAME TO old_sessions;

CREATE TABLE workspaces (
    workspace TEXT NOT NULL PRIMARY KEY,
    name      TEXT NOT NULL,
    country   TEXT NOT NULL, -- ISO 3166-1
    language  TEXT NOT NULL, -- ISO 639-1
    account   TEXT UNIQUE    -- the carrier's name of its account: webhooks are matched by it
) WITHOUT ROWID;

CREATE TABLE accounts (
    workspace   TEXT NOT NULL REFERENCES workspaces,
    agent       TEXT NOT NULL,
    email       TEXT NOT NULL REFERENCES identities ON UPDATE CASCADE,
    name        TEXT NOT NULL,
    extension   TEXT NOT NULL,
    role        TEXT NOT NULL,
    language    TEXT,
    fallback    TEXT,   -- 'voicemail' or a number
    joined      BIGINT, -- none: invited
    deactivated BIGINT,
    PRIMARY KEY (workspace, agent),
    UNIQUE (workspace, extension),
    UNIQUE (workspace, email)
) WITHOUT ROWID;
CREATE INDEX accounts_email ON accounts (email);

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
CREATE INDEX sessions_agent ON sessions (workspace, agent);

-- Until now there was only the demo's salon, which is in Romania, and everybody belonged to it from the start.
INSERT INTO workspaces (workspace, name, country, language, account)
    SELECT workspace, name, 'RO', 'ro', account FROM old_workspaces;
INSERT INTO accounts (workspace, agent, email, name, extension, role, joined)
    SELECT workspace, agent, email, name, extension, role, 0 FROM old_accounts;
INSERT INTO numbers (workspace, number, label) SELECT workspace, number, label FROM old_numbers;
INSERT INTO contacts (workspace, number, name) SELECT workspace, number, name FROM old_contacts;
INSERT INTO sessions (token_hash, workspace, agent, expires) SELECT token_hash, workspace, agent, expires FROM old_sessions;

DROP TABLE old_sessions;
DROP TABLE old_contacts;
DROP TABLE old_numbers;
DROP TABLE old_accounts;
DROP TABLE old_workspaces;

-- Ways in that were handed over: invitations, and new passwords. Each person has one at most.
CREATE TABLE links (
    token_hash TEXT   NOT NULL PRIMARY KEY,
    workspace  TEXT   NOT NULL,
    agent      TEXT   NOT NULL,
    expires    BIGINT NOT NULL,
    UNIQUE (workspace, agent),
    FOREIGN KEY (workspace, agent) REFERENCES accounts
) WITHOUT ROWID;

-- The code with which the first workspace is made, until it is.
CREATE TABLE set_up_codes (
    code_hash TEXT NOT NULL PRIMARY KEY
) WITHOUT ROWID;

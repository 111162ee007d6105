-- People sign in with an address and a password, and have an account in each workspace that they belong to.

CREATE TABLE identities (
    email    TEXT NOT NULL PRIMARY KEY, -- lower case
    password TEXT                       -- none until they have accepted an invitation
);
INSERT INTO identities (email, password) SELECT email, password FROM accounts;

-- Until now there was only the demo's salon, which is in Romania, and everybody belonged to it from the start.
ALTER TABLE workspaces
    ALTER COLUMN account DROP NOT NULL,
    ADD COLUMN country TEXT NOT NULL DEFAULT 'RO', -- ISO 3166-1
    ADD COLUMN language TEXT NOT NULL DEFAULT 'ro'; -- ISO 639-1
ALTER TABLE workspaces ALTER COLUMN country DROP DEFAULT, ALTER COLUMN language DROP DEFAULT;

ALTER TABLE accounts
    DROP CONSTRAINT accounts_email_key,
    DROP COLUMN password,
    ADD COLUMN language TEXT,
    ADD COLUMN fallback TEXT, -- 'voicemail' or a number
    ADD COLUMN joined BIGINT DEFAULT 0, -- none: invited
    ADD COLUMN deactivated BIGINT,
    ADD FOREIGN KEY (email) REFERENCES identities ON UPDATE CASCADE,
    ADD UNIQUE (workspace, email);
ALTER TABLE accounts ALTER COLUMN joined DROP DEFAULT;
CREATE INDEX accounts_email ON accounts (email);
CREATE INDEX sessions_agent ON sessions (workspace, agent);

-- Ways in that were handed over: invitations, and new passwords. Each person has one at most.
CREATE TABLE links (
    token_hash TEXT   NOT NULL PRIMARY KEY,
    workspace  TEXT   NOT NULL,
    agent      TEXT   NOT NULL,
    expires    BIGINT NOT NULL,
    UNIQUE (workspace, agent),
    FOREIGN KEY (workspace, agent) REFERENCES accounts
);

-- The code with which the first workspace is made, until it is.
CREATE TABLE set_up_codes (
    code_hash TEXT NOT NULL PRIMARY KEY
);

-- Accounts at the carrier that a workspace was connected with before: the calls of that time are there.
CREATE TABLE former_accounts (
    workspace TEXT   NOT NULL REFERENCES workspaces,
    account   TEXT   NOT NULL,
    until     BIGINT NOT NULL,
    PRIMARY KEY (workspace, until)
);

SELECT isolate('former_accounts');

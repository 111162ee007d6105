-- Who answers a number, when it is open, and which one is shown to those who are called.

ALTER TABLE workspaces ADD COLUMN zone TEXT; -- IANA; none: that of its country
ALTER TABLE accounts ADD COLUMN caller_id TEXT; -- E.164, as they chose it

ALTER TABLE numbers ADD COLUMN everybody BIGINT NOT NULL DEFAULT 1; -- else those in number_agents answer it
ALTER TABLE numbers ADD COLUMN hours TEXT; -- JSON: the week; none: always open
ALTER TABLE numbers ADD COLUMN is_default BIGINT NOT NULL DEFAULT 0;

CREATE TABLE number_agents (
    workspace TEXT NOT NULL,
    number    TEXT NOT NULL,
    agent     TEXT NOT NULL,
    PRIMARY KEY (workspace, number, agent),
    FOREIGN KEY (workspace, number) REFERENCES numbers,
    FOREIGN KEY (workspace, agent) REFERENCES accounts
) WITHOUT ROWID;

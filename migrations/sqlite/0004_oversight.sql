-- Who did what as an administrator. Rows are only ever added; erasing somebody takes them out of them.
CREATE TABLE audit (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace  TEXT   NOT NULL REFERENCES workspaces,
    at         BIGINT NOT NULL,
    actor      TEXT,            -- an agent's id; none: not a person of the workspace
    actor_name TEXT   NOT NULL, -- as they were called then; 'command', 'server'
    deed       TEXT   NOT NULL,
    subject    TEXT   NOT NULL, -- whom or what it was done to, as it was called then
    whom       TEXT,            -- the id of that person, if it was one
    changes    TEXT   NOT NULL  -- JSON; nothing secret
);
CREATE INDEX audit_workspace ON audit (workspace, id);

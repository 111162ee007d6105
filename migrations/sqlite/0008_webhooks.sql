-- Addresses that are told of events.
CREATE TABLE webhook_endpoints (
    workspace   TEXT   NOT NULL REFERENCES workspaces,
    id          TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    url         TEXT   NOT NULL,
    events      TEXT   NOT NULL, -- separated by spaces
    secret      TEXT   NOT NULL, -- sealed
    last_secret TEXT,            -- sealed; messages are signed with it, too, until then
    last_until  BIGINT,
    created     BIGINT NOT NULL,
    off_since   BIGINT,
    off_why     TEXT,
    failing     BIGINT,          -- the first attempt that failed since one succeeded
    PRIMARY KEY (workspace, id)
) WITHOUT ROWID;

-- What is on its way to them, and how it went. No key refers to the endpoint: a floor's events must be written even while
-- somebody removes one.
CREATE TABLE webhook_deliveries (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace     TEXT   NOT NULL,
    endpoint      TEXT   NOT NULL,
    message       TEXT   NOT NULL,
    event         TEXT   NOT NULL,
    body          TEXT   NOT NULL,
    created       BIGINT NOT NULL,
    state         TEXT   NOT NULL DEFAULT 'waiting',
    due           BIGINT NOT NULL,
    claimed_until BIGINT NOT NULL DEFAULT 0,
    tries         BIGINT NOT NULL DEFAULT 0, -- since it was last asked for
    attempts      TEXT   NOT NULL DEFAULT '[]' -- JSON, the oldest first
);
-- Workers look at what waits, pages at what there is of an endpoint, retention at what is old.
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (due) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_endpoint ON webhook_deliveries (workspace, endpoint, id);
CREATE INDEX webhook_deliveries_created ON webhook_deliveries (created);

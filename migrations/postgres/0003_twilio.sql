-- How each workspace is connected with Twilio. What is secret is sealed, each value for its workspace and column.

CREATE TABLE twilio_accounts (
    workspace   TEXT   NOT NULL PRIMARY KEY REFERENCES workspaces,
    account     TEXT   NOT NULL UNIQUE, -- AC…
    auth_token  TEXT   NOT NULL,        -- sealed
    other_token TEXT,                   -- sealed; while the token is changed
    api_key     TEXT,                   -- SK…
    key_secret  TEXT,                   -- sealed
    application TEXT,                   -- AP…
    base_url    TEXT   NOT NULL,        -- where Twilio was told to reach us
    countries   TEXT   NOT NULL,        -- whom it calls, by ISO 3166-1, its own first
    changed     BIGINT NOT NULL,
    findings    TEXT                    -- JSON: what the last comparison with Twilio found
);

-- Numbers that were pointed at us, and how they were set up before.
CREATE TABLE twilio_numbers (
    workspace TEXT NOT NULL REFERENCES twilio_accounts,
    number    TEXT NOT NULL,
    before    TEXT NOT NULL, -- JSON
    PRIMARY KEY (workspace, number)
);

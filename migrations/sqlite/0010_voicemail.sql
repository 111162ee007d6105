-- Messages that callers left. The sound is at the carrier.
CREATE TABLE voicemail (
    workspace TEXT    NOT NULL REFERENCES workspaces,
    recording TEXT    NOT NULL, -- the carrier's name for it
    account   TEXT    NOT NULL, -- the carrier's account that it is in
    call      TEXT    NOT NULL,
    agent     TEXT    NOT NULL, -- for whom
    number    TEXT    NOT NULL, -- who
    seconds   INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    heard     INTEGER,          -- since when
    PRIMARY KEY (workspace, recording)
) WITHOUT ROWID;
-- Pages look at those of one person or of all, erasing at those of a number.
CREATE INDEX voicemail_agent ON voicemail (workspace, agent, at);
CREATE INDEX voicemail_at ON voicemail (workspace, at);
CREATE INDEX voicemail_number ON voicemail (workspace, number);

-- Calls that ended in a voicemail: whose, and since when.
ALTER TABLE calls ADD COLUMN voicemail TEXT;
ALTER TABLE calls ADD COLUMN voicemail_since BIGINT;
-- From a call in the history to what was left in it.
CREATE INDEX voicemail_call ON voicemail (workspace, call);

-- Since when it is deleted at the carrier: late news of it must not bring it back.
ALTER TABLE erasures ADD COLUMN done BIGINT;

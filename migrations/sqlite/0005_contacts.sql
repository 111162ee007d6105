-- Contacts get a name for addresses, which says nothing of them, and a note. Until now there were only the demo's.

ALTER TABLE contacts ADD COLUMN contact TEXT NOT NULL DEFAULT '';
ALTER TABLE contacts ADD COLUMN folded TEXT NOT NULL DEFAULT ''; -- the name as it is sorted and searched
ALTER TABLE contacts ADD COLUMN note TEXT NOT NULL DEFAULT '';
UPDATE contacts SET contact = lower(hex(randomblob(6))), folded = lower(name);
CREATE UNIQUE INDEX contacts_contact ON contacts (workspace, contact);
CREATE INDEX contacts_folded ON contacts (workspace, folded, contact);

-- The calls with one number.
CREATE INDEX calls_from ON calls (workspace, from_number, ended);

-- Calls of people who were erased that are still to be deleted at the carrier, by its names for them.
CREATE TABLE erasures (
    workspace TEXT   NOT NULL REFERENCES workspaces,
    call      TEXT   NOT NULL,
    asked     BIGINT NOT NULL,
    PRIMARY KEY (workspace, call)
) WITHOUT ROWID;

-- How many days each workspace keeps its history; none is for ever.
ALTER TABLE workspaces ADD COLUMN keep_calls BIGINT;

-- How many days each workspace keeps its audit log; none is for ever.
ALTER TABLE workspaces ADD COLUMN keep_audit BIGINT;
CREATE INDEX audit_at ON audit (workspace, at);

-- The carrier's account that a call is to be deleted in: in another one it is not found, and is there all the same.
-- What waits already belongs to the account that is connected.
ALTER TABLE erasures ADD COLUMN account TEXT NOT NULL DEFAULT '';
UPDATE erasures SET account =
    coalesce((SELECT account FROM twilio_accounts WHERE twilio_accounts.workspace = erasures.workspace), '');

-- The colleague who was called, in a call between two of us. None in older rows: they are known by name and extension.
ALTER TABLE calls ADD COLUMN colleague TEXT;
CREATE INDEX calls_colleague ON calls (workspace, colleague) WHERE colleague IS NOT NULL;

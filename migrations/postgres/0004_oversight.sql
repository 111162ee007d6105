-- Who did what as an administrator. Rows are only ever added; erasing somebody takes them out of them.
CREATE TABLE audit (
    id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
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

-- What belongs to a workspace is seen only by whoever says that they work for it, even where a statement forgets to ask.
-- The server says so with the setting `switchyard.workspace`; '*' is the whole installation, and without the setting
-- there is nothing to see. Superusers and roles with BYPASSRLS are above this: the server gives up such rights.
--
-- Tables with a workspace that come later call this too.
CREATE FUNCTION isolate(isolated regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', isolated);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', isolated);
    EXECUTE format('CREATE POLICY workspace ON %s USING (
        current_setting(''switchyard.workspace'', true) IN (workspace, ''*'')
    )', isolated);
END
$$;

SELECT isolate(name::regclass) FROM unnest(ARRAY[
    'events', 'snapshots', 'outbox', 'calls', 'workspaces', 'accounts', 'numbers', 'contacts', 'sessions', 'links',
    'twilio_accounts', 'twilio_numbers', 'audit'
]) AS name;

-- How many days each workspace keeps messages that callers left; none is as long as the history. Never longer than that.
ALTER TABLE workspaces ADD COLUMN keep_messages BIGINT;
-- And deliveries of webhooks.
ALTER TABLE workspaces ADD COLUMN keep_deliveries BIGINT NOT NULL DEFAULT 30;

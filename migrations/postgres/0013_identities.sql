-- Who signs in is apart from who somebody is in a workspace, and belongs to every workspace in which somebody has an
-- account with that address: only there an address, and what its password was hashed to, is seen and changed.
ALTER TABLE identities ENABLE ROW LEVEL SECURITY;
ALTER TABLE identities FORCE ROW LEVEL SECURITY;
CREATE POLICY workspace ON identities USING (
    current_setting('switchyard.workspace', true) = '*'
    OR EXISTS (
        SELECT 1 FROM accounts WHERE accounts.email = identities.email
        AND accounts.workspace = current_setting('switchyard.workspace', true)
    )
);
-- An address is known before there is an account with it, and has no password yet.
CREATE POLICY known ON identities FOR INSERT WITH CHECK (
    current_setting('switchyard.workspace', true) <> '' AND password IS NULL
);

-- What belongs to no workspace is for whoever works for the whole installation.
ALTER TABLE set_up_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE set_up_codes FORCE ROW LEVEL SECURITY;
CREATE POLICY installation ON set_up_codes USING (current_setting('switchyard.workspace', true) = '*');
ALTER TABLE sign_in_failures ENABLE ROW LEVEL SECURITY;
ALTER TABLE sign_in_failures FORCE ROW LEVEL SECURITY;
CREATE POLICY installation ON sign_in_failures USING (current_setting('switchyard.workspace', true) = '*');

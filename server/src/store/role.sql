BEGIN;
SELECT pg_advisory_xact_lock(hashtext('switchyard_app'));
DO $$
BEGIN
    -- Whoever may not make it may have been given it.
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'switchyard_app') THEN
        CREATE ROLE switchyard_app NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL; -- by another database of this server
END
$$;
DO $$
BEGIN
    -- Superusers may take on any role.
    IF NOT pg_has_role(current_user, 'switchyard_app', 'MEMBER') THEN
        GRANT switchyard_app TO CURRENT_USER;
    END IF;
END
$$;
DO $$
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO switchyard_app', current_schema());
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO switchyard_app', current_schema());
END
$$;
COMMIT;

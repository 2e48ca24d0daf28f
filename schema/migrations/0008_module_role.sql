-- What the Synapse module may see and do: read the facts, keep one table of counters. On an
-- external database the operator makes the role first (docs/operations.md); without it nothing is
-- granted and the module has to be given another account.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'kith_module') THEN
        GRANT USAGE ON SCHEMA public TO kith_module;
        GRANT SELECT ON people, staff, follows, blocks, friend_requests, friendships, rooms,
            memberships, bot_contacts TO kith_module;
        GRANT SELECT, INSERT, UPDATE, DELETE ON rate_counters TO kith_module;
    END IF;
END $$;

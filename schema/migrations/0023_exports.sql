-- Archives of everything about a person (G1). The file lies in the folder of exports, named by id.
CREATE TABLE exports (
    id         uuid PRIMARY KEY,
    user_id    text NOT NULL REFERENCES people ON DELETE CASCADE,
    state      text NOT NULL DEFAULT 'waiting'
               CHECK (state IN ('waiting', 'running', 'ready', 'failed', 'deleted')),
    -- why it failed, or what it waits for: a code
    reason     text,
    -- which run of the job writes it; one that was taken for dead finds another mark here
    attempt    uuid,
    step       text,
    done       bigint NOT NULL DEFAULT 0,
    total      bigint,
    size       bigint,
    sha256     bytea,
    -- files that could not be had
    missing    integer NOT NULL DEFAULT 0,
    asked_at   timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    ready_at   timestamptz,
    expires_at timestamptz
);
-- The database's promise, not the code's: one archive at a time is made for a person.
CREATE UNIQUE INDEX exports_running ON exports (user_id) WHERE state IN ('waiting', 'running');
CREATE INDEX exports_of ON exports (user_id, asked_at DESC);
CREATE INDEX exports_expiring ON exports (expires_at) WHERE expires_at IS NOT NULL;

-- Sessions, the one-time admin link, cases and the audit log.

CREATE TABLE sessions (
    -- SHA-256 of the cookie or token: a stolen table opens nothing.
    token_hash   bytea PRIMARY KEY,
    user_id      text NOT NULL REFERENCES people ON DELETE CASCADE,
    csrf_hash    bytea NOT NULL,
    created_at   timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL
);
CREATE INDEX sessions_of ON sessions (user_id);
CREATE INDEX sessions_expiring ON sessions (expires_at);

CREATE TABLE setup_links (
    token_hash bytea PRIMARY KEY,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);

CREATE TABLE cases (
    id         uuid PRIMARY KEY,
    kind       text NOT NULL,
    subject    text NOT NULL,
    target     text,
    room_id    text,
    event_id   text,
    detail     jsonb NOT NULL DEFAULT '{}',
    state      text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'claimed', 'escalated', 'resolved', 'dismissed')),
    created_at timestamptz NOT NULL,
    UNIQUE (kind, event_id)
);

CREATE TABLE audit_log (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at         timestamptz NOT NULL,
    actor      text NOT NULL,
    act        text NOT NULL,
    target     text,
    reason     text,
    source     text NOT NULL CHECK (source IN ('ai', 'community', 'admin', 'system')),
    detail     jsonb NOT NULL DEFAULT '{}'
);
CREATE FUNCTION audit_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_log is append-only';
END $$;
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION audit_log_is_append_only();

-- The Kith bot: its conversation with each person, and the messages that can be answered by a
-- reaction or a reply.
CREATE TABLE bot_rooms (
    user_id text PRIMARY KEY REFERENCES people ON DELETE CASCADE,
    room_id text NOT NULL
);
CREATE TABLE bot_prompts (
    event_id   text PRIMARY KEY,
    recipient  text NOT NULL REFERENCES people ON DELETE CASCADE,
    request_id uuid NOT NULL REFERENCES friend_requests ON DELETE CASCADE,
    room_id    text NOT NULL
);
CREATE INDEX bot_prompts_request ON bot_prompts (request_id);

-- Counters of the Synapse module for the case that Redis is away: worth nothing after a crash,
-- so unlogged; the only table the module's role may write.
CREATE UNLOGGED TABLE rate_counters (
    key        text PRIMARY KEY,
    stamps     bigint[] NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX rate_counters_expiring ON rate_counters (expires_at);

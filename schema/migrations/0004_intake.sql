-- Intake: what Synapse sent, exactly once and in order (O5).

CREATE TABLE inbox_transactions (
    txn_id      text NOT NULL,
    body_hash   bytea NOT NULL,
    received_at timestamptz NOT NULL,
    -- A transaction id that comes again with another body is stored too; event ids decide.
    PRIMARY KEY (txn_id, body_hash)
);
CREATE INDEX inbox_transactions_age ON inbox_transactions (received_at);

-- Raw events waiting to be applied. A row is gone once it is applied: bodies do not stay.
CREATE TABLE inbox (
    position    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id    text NOT NULL UNIQUE,
    body        jsonb NOT NULL,
    received_at timestamptz NOT NULL
);

-- One row for each event ever applied: the key of idempotence and the metadata Kith keeps.
CREATE TABLE events (
    event_id         text PRIMARY KEY,
    room_id          text NOT NULL,
    sender           text NOT NULL,
    type             text NOT NULL,
    thread_root      text,
    -- Null on a foreign Synapse, whose database cannot be read.
    stream_ordering  bigint,
    origin_server_ts bigint NOT NULL,
    applied_at       timestamptz NOT NULL
);
CREATE INDEX events_room ON events (room_id, stream_ordering);
CREATE INDEX events_sender ON events (sender, origin_server_ts DESC);

-- Events whose application failed. They are kept with the error and never stop the others.
CREATE TABLE intake_failures (
    event_id  text PRIMARY KEY,
    body      jsonb NOT NULL,
    error     text NOT NULL,
    failed_at timestamptz NOT NULL,
    attempts  integer NOT NULL DEFAULT 1
);

-- Up to where Synapse's own stream has been compared with ours: a single row a stream.
CREATE TABLE positions (
    stream   text PRIMARY KEY,
    position bigint NOT NULL
);

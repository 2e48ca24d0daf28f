-- Files that wait to be sent. The bytes are in Synapse's media repository; what was sent is found
-- by the event that carries it, so nothing is kept about it here.

CREATE TABLE uploads (
    id         uuid PRIMARY KEY,
    owner      text NOT NULL REFERENCES people ON DELETE CASCADE,
    mxc        text NOT NULL,
    name       text NOT NULL,
    mime_type  text NOT NULL,
    size       bigint NOT NULL,
    width      integer,
    height     integer,
    blurhash   text,
    -- mxc, mime_type, size, width, height of the small copy
    thumbnail  jsonb,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    -- asked for by a message; what never was is taken back from Synapse where that is possible
    used_at    timestamptz
);
CREATE INDEX uploads_of ON uploads (owner, expires_at);
CREATE INDEX uploads_expiring ON uploads (expires_at);

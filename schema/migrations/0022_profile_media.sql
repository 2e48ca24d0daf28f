-- Pictures of profiles on their way from the browser to where they are shown, and what Kith and a
-- person's Matrix profile last agreed on. The files lie in the media folder, one folder a row.

CREATE TABLE profile_media (
    id         uuid PRIMARY KEY,
    user_id    text NOT NULL REFERENCES people ON DELETE CASCADE,
    purpose    text NOT NULL CHECK (purpose IN ('avatar', 'banner', 'listing')),
    status     text NOT NULL DEFAULT 'waiting' CHECK (status IN
               ('waiting', 'received', 'processing', 'review', 'ready', 'rejected', 'failed')),
    -- why it is in review, was rejected or failed: a code; of staff a sentence
    reason     text,
    -- of the original, by its content; pixels the right way up
    mime_type  text,
    bytes      integer NOT NULL,
    width      integer,
    height     integer,
    hash       bytea,
    -- x, y, width, height of the part that is shown
    crop       jsonb,
    blurhash   text,
    -- the labels a scanner gave
    labels     text[] NOT NULL DEFAULT '{}',
    -- where the homeserver has it, while everybody may see it
    mxc        text,
    judged_by  text,
    judged_at  timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX profile_media_of ON profile_media (user_id, created_at DESC);
CREATE INDEX profile_media_waiting ON profile_media (updated_at)
    WHERE status IN ('waiting', 'received', 'failed', 'rejected');
CREATE INDEX profile_media_review ON profile_media (created_at DESC, id) WHERE status = 'review';

-- The base of the three-way merge that lets either side change a profile.
CREATE TABLE matrix_profile (
    user_id    text PRIMARY KEY REFERENCES people ON DELETE CASCADE,
    -- Matrix field → value
    written    jsonb NOT NULL DEFAULT '{}',
    checked_at timestamptz NOT NULL
);
CREATE INDEX matrix_profile_oldest ON matrix_profile (checked_at);

-- People: everybody Kith has met, local or remote, and how they stand to each other one-sidedly.

CREATE TABLE people (
    user_id                text PRIMARY KEY CHECK (user_id ~ '^@.+:.+$'),
    kind                   text NOT NULL DEFAULT 'person' CHECK (kind IN ('person', 'service', 'bot', 'ghost')),
    local                  boolean NOT NULL,
    display_name           text,
    avatar_url             text,
    -- Trust level (D4): 0 new, 1 member, 2 trusted. Levels are computed later; until then all are members.
    trust                  smallint NOT NULL DEFAULT 1 CHECK (trust BETWEEN 0 AND 2),
    dm_policy              text NOT NULL DEFAULT 'connections'
                           CHECK (dm_policy IN ('everyone', 'connections', 'following', 'none')),
    request_policy         text NOT NULL DEFAULT 'everyone'
                           CHECK (request_policy IN ('everyone', 'shared_space', 'nobody')),
    auto_decline_strangers boolean NOT NULL DEFAULT false,
    connections_visibility text NOT NULL DEFAULT 'connections'
                           CHECK (connections_visibility IN ('public', 'connections', 'private')),
    -- Ended by the ban of a never-member in a direct room (D28); a moderator gives it back.
    may_create_rooms       boolean NOT NULL DEFAULT true,
    requests_suspended_until timestamptz,
    -- Accepted messages and active days (D19), counted by the intake.
    messages               integer NOT NULL DEFAULT 0,
    active_days            integer NOT NULL DEFAULT 0,
    last_active_on         date,
    deactivated_at         timestamptz,
    created_at             timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE staff (
    user_id    text PRIMARY KEY REFERENCES people ON DELETE CASCADE,
    role       text NOT NULL CHECK (role IN ('admin', 'moderator')),
    granted_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE follows (
    follower   text NOT NULL REFERENCES people ON DELETE CASCADE,
    followed   text NOT NULL REFERENCES people ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (follower, followed),
    CHECK (follower <> followed)
);
CREATE INDEX follows_page ON follows (follower, created_at DESC, followed);
CREATE INDEX follows_back ON follows (followed, created_at DESC, follower);

CREATE TABLE blocks (
    blocker    text NOT NULL REFERENCES people ON DELETE CASCADE,
    blocked    text NOT NULL REFERENCES people ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (blocker, blocked),
    CHECK (blocker <> blocked)
);
CREATE INDEX blocks_page ON blocks (blocker, created_at DESC, blocked);
CREATE INDEX blocks_back ON blocks (blocked, blocker);

CREATE TABLE mutes (
    muter      text NOT NULL REFERENCES people ON DELETE CASCADE,
    muted      text NOT NULL REFERENCES people ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (muter, muted),
    CHECK (muter <> muted)
);
CREATE INDEX mutes_page ON mutes (muter, created_at DESC, muted);

-- What m.ignored_user_list held when it was last brought in line with blocks: the base of the
-- three-way merge that lets either side add and remove (D17).
CREATE TABLE ignore_mirror (
    user_id text PRIMARY KEY REFERENCES people ON DELETE CASCADE,
    ignored text[] NOT NULL DEFAULT '{}'
);

-- The registry of rooms and their memberships, filled from accepted events (D11, C9).

CREATE TABLE rooms (
    room_id      text PRIMARY KEY,
    -- Kith's own id of the conversation; it passes to the successor when a room is upgraded (D30).
    id           uuid NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('server', 'channel', 'forum', 'circle', 'dm', 'foreign')),
    creator      text,
    local        boolean NOT NULL,
    room_version text NOT NULL DEFAULT '1',
    parent       text,
    predecessor  text,
    successor    text,
    slug         text,
    name         text,
    visibility   text NOT NULL DEFAULT 'private' CHECK (visibility IN ('public', 'private', 'unlisted')),
    -- Everybody joins at sign-up (L1).
    is_default   boolean NOT NULL DEFAULT false,
    read_only    boolean NOT NULL DEFAULT false,
    slow_mode    integer NOT NULL DEFAULT 0 CHECK (slow_mode BETWEEN 0 AND 21600),
    encrypted    boolean NOT NULL DEFAULT false,
    -- Of a DM: everybody who ever joined, programs left out. Two make a 1:1; a third person makes
    -- it a group for good (D16), which is why nobody is ever taken out.
    people       text[] NOT NULL DEFAULT '{}',
    managers     text[] NOT NULL DEFAULT '{}',
    last_event_at timestamptz,
    created_at   timestamptz NOT NULL
);
CREATE UNIQUE INDEX rooms_current ON rooms (id) WHERE successor IS NULL;
CREATE UNIQUE INDEX rooms_slug ON rooms (kind, slug) WHERE slug IS NOT NULL AND successor IS NULL;
-- Daily caps on forums and servers (D4, D11).
CREATE INDEX rooms_created ON rooms (creator, created_at);
CREATE INDEX rooms_people ON rooms USING gin (people) WHERE kind = 'dm';

CREATE TABLE memberships (
    room_id         text NOT NULL REFERENCES rooms ON DELETE CASCADE,
    user_id         text NOT NULL,
    membership      text NOT NULL CHECK (membership IN ('invite', 'join', 'knock', 'leave', 'ban')),
    -- Who sent the event that made the membership what it is; of an invite, the inviter.
    sender          text NOT NULL,
    event_id        text NOT NULL,
    -- Synapse's position of that event; an older one never overwrites a newer one.
    stream_ordering bigint NOT NULL,
    since           timestamptz NOT NULL,
    PRIMARY KEY (room_id, user_id)
);
CREATE INDEX memberships_of ON memberships (user_id, membership, room_id);

-- Who has written to or added a bot or ghost: only with them may it open a conversation (D40).
CREATE TABLE bot_contacts (
    bot     text NOT NULL REFERENCES people ON DELETE CASCADE,
    user_id text NOT NULL REFERENCES people ON DELETE CASCADE,
    PRIMARY KEY (bot, user_id)
);

CREATE TABLE active_days (
    user_id text NOT NULL REFERENCES people ON DELETE CASCADE,
    day     date NOT NULL,
    PRIMARY KEY (user_id, day)
);

-- Profiles: what people say of themselves, who may see it, and what they did lately (P1-P3).
-- Name and avatar stay in `people`, who may see friends in `people.connections_visibility`.

CREATE TABLE profiles (
    user_id         text PRIMARY KEY REFERENCES people ON DELETE CASCADE,
    bio             text,
    gender          text,
    pronouns        text,
    city            text,
    country_code    char(2) CHECK (country_code ~ '^[A-Z]{2}$'),
    place_id        bigint,
    interests       jsonb NOT NULL DEFAULT '[]',
    timezone        text,
    banner_mxc      text,
    -- The pictures as they came in; nothing to refer to until they are made.
    avatar_media    uuid,
    banner_media    uuid,
    hidden          boolean NOT NULL DEFAULT false,
    -- Only what differs from the defaults, so that hiding and coming back changes nothing.
    visibility      jsonb NOT NULL DEFAULT '{}',
    showcase_config jsonb NOT NULL DEFAULT '{}',
    onboarding      jsonb NOT NULL DEFAULT '{}',
    revision        bigint NOT NULL DEFAULT 0,
    updated_at      timestamptz NOT NULL DEFAULT now(),
    CHECK (city IS NULL OR country_code IS NOT NULL)
);

-- What others may be shown, and what is only the log: who changed which level, and when.
CREATE TABLE profile_activity (
    id         bigserial PRIMARY KEY,
    user_id    text NOT NULL REFERENCES people ON DELETE CASCADE,
    kind       text NOT NULL,
    subject    jsonb NOT NULL DEFAULT '{}',
    -- The place it happened in: shown to those who may know of the place.
    room_id    text,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX profile_activity_page ON profile_activity (user_id, created_at DESC, id DESC);
CREATE INDEX profile_activity_place ON profile_activity (user_id, room_id) WHERE room_id IS NOT NULL;

-- Names of local people with what they look like, to find those that could be mistaken.
CREATE TABLE profile_names (
    user_id  text PRIMARY KEY REFERENCES people ON DELETE CASCADE,
    name     text NOT NULL,
    skeleton text NOT NULL
);
CREATE INDEX profile_names_alike ON profile_names (skeleton);

-- Showcases: up to three cards a collection that somebody puts on their profile (S1). What a card
-- points at has no foreign key: a thing that is gone leaves a card only its owner sees.

CREATE TABLE showcase_items (
    user_id     text NOT NULL REFERENCES people ON DELETE CASCADE,
    collection  text NOT NULL,
    -- From 0, without gaps: the order their owner gave them.
    position    smallint NOT NULL CHECK (position BETWEEN 0 AND 2),
    entity_kind text NOT NULL,
    entity_id   text NOT NULL,
    -- What it was called when it was put there, for its owner once it is gone.
    title       text NOT NULL,
    note        text,
    added_at    timestamptz NOT NULL,
    PRIMARY KEY (user_id, collection, position),
    UNIQUE (user_id, collection, entity_id),
    CHECK ((collection, entity_kind) IN (('favorite_searches', 'search'),
           ('featured_listings', 'listing'), ('servers_joined', 'server')))
);

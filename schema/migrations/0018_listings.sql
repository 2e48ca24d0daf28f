-- Listings: what somebody offers (S3), and searches over them that somebody keeps (S4).

-- array_to_string is only STABLE because of types whose text depends on settings; text has none.
CREATE FUNCTION kith_listing_words(title text, tags text[], description text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT setweight(to_tsvector('simple', title), 'A')
        || setweight(to_tsvector('simple', array_to_string(tags, ' ')), 'B')
        || setweight(to_tsvector('simple', description), 'D')
$$;

CREATE TABLE listings (
    id             uuid PRIMARY KEY,
    seller         text NOT NULL REFERENCES people ON DELETE CASCADE,
    -- The sender's mark of a request that is sent again: the same listing, not a second one.
    txn_id         text,
    title          text NOT NULL,
    description    text NOT NULL DEFAULT '',
    -- In the currency's smallest unit; both or neither.
    price_minor    bigint CHECK (price_minor >= 0),
    currency       text CHECK (currency ~ '^[A-Z]{3}$'),
    tags           text[] NOT NULL DEFAULT '{}' CHECK (cardinality(tags) <= 10),
    city           text,
    country_code   text CHECK (country_code ~ '^[A-Z]{2}$'),
    place_id       bigint,
    status         text NOT NULL CHECK (status IN ('draft', 'open', 'reserved', 'sold', 'closed')),
    -- Ids of pictures, the first one is the thumbnail.
    images         jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_array_length(images) <= 10),
    -- The seller takes messages of strangers about it (D35).
    allow_messages boolean NOT NULL DEFAULT false,
    revision       bigint NOT NULL DEFAULT 1,
    -- First published, of a draft: made. What lists run by; opening again does not bring it up.
    listed_at      timestamptz NOT NULL,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    closed_at      timestamptz,
    -- The seller, or staff: what staff has closed, its seller does not open again.
    closed_by      text,
    close_reason   text,
    words          tsvector GENERATED ALWAYS AS (kith_listing_words(title, tags, description)) STORED,
    CHECK ((price_minor IS NULL) = (currency IS NULL))
);
CREATE UNIQUE INDEX listings_sent ON listings (seller, txn_id) WHERE txn_id IS NOT NULL;
CREATE INDEX listings_of ON listings (seller, listed_at DESC, id DESC);
CREATE INDEX listings_page ON listings (status, listed_at DESC, id DESC);
CREATE INDEX listings_price ON listings (status, currency, price_minor, id);
CREATE INDEX listings_country ON listings (status, country_code, listed_at DESC, id DESC);
CREATE INDEX listings_city ON listings (status, lower(city), listed_at DESC, id DESC);
CREATE INDEX listings_tags ON listings USING gin (tags);
CREATE INDEX listings_words ON listings USING gin (words);

-- When somebody posted, for the daily cap: deleting a listing must not give the right back.
CREATE TABLE listing_posts (
    id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    seller text NOT NULL REFERENCES people ON DELETE CASCADE,
    at     timestamptz NOT NULL
);
CREATE INDEX listing_posts_of ON listing_posts (seller, at);
CREATE INDEX listing_posts_old ON listing_posts (at);

CREATE TABLE saved_searches (
    id         uuid PRIMARY KEY,
    owner      text NOT NULL REFERENCES people ON DELETE CASCADE,
    name       text NOT NULL,
    -- The fields of `GET /api/listings`, as they were given.
    query      jsonb NOT NULL,
    alerts     boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX saved_searches_of ON saved_searches (owner, created_at DESC, id DESC);

-- What links lead to, remembered for everybody for a while. Who asked is not noted.

CREATE TABLE link_previews (
    -- SHA-256 of the address: the longest ones do not fit an index.
    url_hash     bytea PRIMARY KEY,
    id           uuid NOT NULL UNIQUE,
    url          text NOT NULL,
    -- false: there is nothing to show
    found        boolean NOT NULL,
    title        text,
    description  text,
    site_name    text,
    image        bytea,
    image_type   text,
    image_width  integer,
    image_height integer,
    expires_at   timestamptz NOT NULL
);
CREATE INDEX link_previews_expiring ON link_previews (expires_at);

-- Rooms as their members see them, and who has read how far: counts are the server's alone (M2).

ALTER TABLE rooms
    ADD COLUMN topic text,
    ADD COLUMN avatar_url text,
    ADD COLUMN history_visibility text NOT NULL DEFAULT 'shared',
    -- The numbers of m.room.power_levels, nothing else; null until that event was met.
    ADD COLUMN powers jsonb,
    -- From room version 12 on: who stands above every level. Empty before.
    ADD COLUMN creators text[] NOT NULL DEFAULT '{}',
    ADD COLUMN emoji text,
    ADD COLUMN description text,
    ADD COLUMN place integer NOT NULL DEFAULT 0,
    ADD COLUMN min_trust smallint NOT NULL DEFAULT 0 CHECK (min_trust BETWEEN 0 AND 2);

-- Where the present membership began; what was said before is nobody's unread message.
ALTER TABLE memberships ADD COLUMN joined_at bigint;
CREATE INDEX memberships_joined ON memberships (room_id, user_id) WHERE membership = 'join';

-- Where an event stands for counting: Synapse's position, or on a foreign Synapse its time; null
-- for what never counts as unread.
ALTER TABLE events
    ADD COLUMN counts_at bigint,
    ADD COLUMN redacted boolean NOT NULL DEFAULT false;
CREATE INDEX events_counted ON events (room_id, counts_at) INCLUDE (sender, thread_root)
    WHERE counts_at IS NOT NULL AND NOT redacted;

-- How far somebody has read: of a room (thread ''), or of one thread beyond that. Marks only move
-- forward. What others may know of it is shown_*: never more than public receipts say (D31).
CREATE TABLE read_marks (
    user_id        text NOT NULL,
    room_id        text NOT NULL,
    thread         text NOT NULL DEFAULT '',
    event_id       text NOT NULL,
    position       bigint NOT NULL,
    shown_event_id text,
    shown_position bigint,
    shown_at       timestamptz,
    PRIMARY KEY (user_id, room_id, thread)
);
CREATE INDEX read_marks_shown ON read_marks (room_id, shown_position DESC)
    WHERE thread = '' AND shown_position IS NOT NULL;

-- Who is named by m.mentions; '@room' is everybody.
CREATE TABLE mentions (
    user_id     text NOT NULL,
    room_id     text NOT NULL,
    position    bigint NOT NULL,
    event_id    text NOT NULL,
    sender      text NOT NULL,
    thread_root text,
    PRIMARY KEY (user_id, room_id, position)
);
CREATE INDEX mentions_event ON mentions (event_id);

CREATE TABLE room_mutes (
    user_id  text NOT NULL REFERENCES people ON DELETE CASCADE,
    room_id  text NOT NULL REFERENCES rooms ON DELETE CASCADE,
    muted_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, room_id)
);

-- Counts that may have changed: ["room", room] for everybody in it, ["pair", person, room] for
-- one. Delivered with the commit; who hears it counts anew.
CREATE FUNCTION kith_unread_rooms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('kith_unread', jsonb_build_array('room', room_id)::text)
    FROM (SELECT DISTINCT room_id FROM made WHERE counts_at IS NOT NULL) AS changed;
    RETURN NULL;
END $$;
CREATE TRIGGER events_unread AFTER INSERT ON events REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION kith_unread_rooms();
CREATE TRIGGER events_unread_again AFTER UPDATE ON events REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION kith_unread_rooms();

CREATE FUNCTION kith_unread_pair() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed jsonb := to_jsonb(COALESCE(NEW, OLD));
BEGIN
    PERFORM pg_notify('kith_unread',
        jsonb_build_array('pair', changed ->> 'user_id', changed ->> 'room_id')::text);
    RETURN NULL;
END $$;
CREATE TRIGGER read_marks_unread AFTER INSERT OR UPDATE OF position ON read_marks
    FOR EACH ROW EXECUTE FUNCTION kith_unread_pair();
CREATE TRIGGER room_mutes_unread AFTER INSERT OR DELETE ON room_mutes
    FOR EACH ROW EXECUTE FUNCTION kith_unread_pair();
CREATE TRIGGER memberships_unread_new AFTER INSERT ON memberships FOR EACH ROW
    WHEN (NEW.membership = 'join') EXECUTE FUNCTION kith_unread_pair();
CREATE TRIGGER memberships_unread AFTER UPDATE ON memberships FOR EACH ROW
    WHEN (OLD.membership IS DISTINCT FROM NEW.membership) EXECUTE FUNCTION kith_unread_pair();

-- Adoption (D41): a 1:1 from before Kith came that stays open although the two are not friends.
-- Their first friendship ends that, and so does a block: from then on the usual rules hold.

ALTER TABLE rooms ADD COLUMN kept boolean NOT NULL DEFAULT false;
CREATE INDEX rooms_kept ON rooms USING gin (people) WHERE kept;

DROP TRIGGER rooms_notify ON rooms;
CREATE TRIGGER rooms_notify AFTER UPDATE ON rooms FOR EACH ROW
    WHEN ((OLD.kind, OLD.people, OLD.read_only, OLD.slow_mode, OLD.managers, OLD.kept)
          IS DISTINCT FROM
          (NEW.kind, NEW.people, NEW.read_only, NEW.slow_mode, NEW.managers, NEW.kept))
    EXECUTE FUNCTION kith_notify_room();

-- TG_ARGV names the two columns that make the pair.
CREATE FUNCTION kith_keep_no_longer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    made jsonb := to_jsonb(NEW);
BEGIN
    UPDATE rooms SET kept = false
    WHERE kept AND people @> ARRAY[made ->> TG_ARGV[0], made ->> TG_ARGV[1]];
    RETURN NULL;
END $$;

CREATE TRIGGER friendships_keep AFTER INSERT ON friendships
    FOR EACH ROW EXECUTE FUNCTION kith_keep_no_longer('user_id', 'friend_id');
CREATE TRIGGER blocks_keep AFTER INSERT ON blocks
    FOR EACH ROW EXECUTE FUNCTION kith_keep_no_longer('blocker', 'blocked');

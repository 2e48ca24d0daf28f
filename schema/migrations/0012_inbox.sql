-- What the inbox adds: who may see somebody's presence (D31), their quick replies (M3), and who
-- administers a group conversation (D16).

ALTER TABLE people ADD COLUMN presence_visibility text NOT NULL DEFAULT 'all'
    CHECK (presence_visibility IN ('all', 'friends', 'nobody'));
CREATE TRIGGER people_notify_presence AFTER UPDATE ON people FOR EACH ROW
    WHEN (OLD.presence_visibility IS DISTINCT FROM NEW.presence_visibility)
    EXECUTE FUNCTION kith_notify_person();

CREATE TABLE quick_replies (
    id      uuid PRIMARY KEY,
    user_id text NOT NULL REFERENCES people ON DELETE CASCADE,
    -- From 0, without gaps: the order their owner gave them.
    place   integer NOT NULL CHECK (place >= 0),
    title   text NOT NULL,
    text    text NOT NULL
);
CREATE UNIQUE INDEX quick_replies_titles ON quick_replies (user_id, title);

-- Of a group conversation made here: who may rename it, add and remove people. NULL while it is
-- none; a 1:1 becomes one with the third person, for good once that person has joined.
ALTER TABLE rooms ADD COLUMN admin text;
UPDATE rooms r SET admin = (
    SELECT m.user_id FROM memberships m JOIN people p ON p.user_id = m.user_id
    WHERE m.room_id = r.room_id AND m.membership = 'join' AND p.kind = 'person'
    ORDER BY m.user_id IS DISTINCT FROM r.creator, m.since, m.user_id LIMIT 1)
WHERE r.kind = 'dm' AND r.local AND (
    SELECT count(*) FROM (
        SELECT unnest(r.people) UNION
        SELECT m.user_id FROM memberships m LEFT JOIN people p ON p.user_id = m.user_id
        WHERE m.room_id = r.room_id AND m.membership IN ('join', 'invite')
          AND coalesce(p.kind, 'person') = 'person') AS everybody) > 2;

-- Beside `rooms_notify`, so that later migrations need not repeat its columns.
CREATE TRIGGER rooms_notify_admin AFTER UPDATE ON rooms FOR EACH ROW
    WHEN (OLD.admin IS DISTINCT FROM NEW.admin)
    EXECUTE FUNCTION kith_notify_room();

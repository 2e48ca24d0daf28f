-- Triggers that tell every Synapse process which cached fact has changed. pg_notify is delivered
-- with the commit, so a fact can never be forgotten before, or kept after, the change is visible.

CREATE FUNCTION kith_fact_changed(key text) RETURNS void LANGUAGE sql AS $$
    SELECT pg_notify('kith_facts', key)
$$;

CREATE FUNCTION kith_pair_changed(one text, other text) RETURNS void LANGUAGE sql AS $$
    SELECT kith_fact_changed('relationship:' || LEAST(one, other) || '|' || GREATEST(one, other))
$$;

-- TG_ARGV names the two columns that make the pair.
CREATE FUNCTION kith_notify_pair() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed jsonb := to_jsonb(COALESCE(NEW, OLD));
BEGIN
    PERFORM kith_pair_changed(changed ->> TG_ARGV[0], changed ->> TG_ARGV[1]);
    RETURN NULL;
END $$;

CREATE TRIGGER friendships_notify AFTER INSERT OR DELETE ON friendships
    FOR EACH ROW EXECUTE FUNCTION kith_notify_pair('user_id', 'friend_id');
CREATE TRIGGER friend_requests_notify AFTER INSERT OR UPDATE OR DELETE ON friend_requests
    FOR EACH ROW EXECUTE FUNCTION kith_notify_pair('requester', 'recipient');
CREATE TRIGGER follows_notify AFTER INSERT OR DELETE ON follows
    FOR EACH ROW EXECUTE FUNCTION kith_notify_pair('follower', 'followed');
CREATE TRIGGER blocks_notify AFTER INSERT OR DELETE ON blocks
    FOR EACH ROW EXECUTE FUNCTION kith_notify_pair('blocker', 'blocked');
CREATE TRIGGER bot_contacts_notify AFTER INSERT OR DELETE ON bot_contacts
    FOR EACH ROW EXECUTE FUNCTION kith_notify_pair('bot', 'user_id');

CREATE FUNCTION kith_notify_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM kith_fact_changed('person:' || COALESCE(NEW.user_id, OLD.user_id));
    RETURN NULL;
END $$;

CREATE TRIGGER staff_notify AFTER INSERT OR UPDATE OR DELETE ON staff
    FOR EACH ROW EXECUTE FUNCTION kith_notify_person();
CREATE TRIGGER people_notify_new AFTER INSERT OR DELETE ON people
    FOR EACH ROW EXECUTE FUNCTION kith_notify_person();
-- Names and counts of messages change often: names decide nothing, and counts decide only who may
-- create a forum, which is asked of the database itself. A message must not forget its sender.
CREATE TRIGGER people_notify AFTER UPDATE ON people FOR EACH ROW
    WHEN ((OLD.kind, OLD.trust, OLD.dm_policy, OLD.request_policy, OLD.auto_decline_strangers,
           OLD.may_create_rooms)
          IS DISTINCT FROM
          (NEW.kind, NEW.trust, NEW.dm_policy, NEW.request_policy, NEW.auto_decline_strangers,
           NEW.may_create_rooms))
    EXECUTE FUNCTION kith_notify_person();

CREATE FUNCTION kith_notify_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM kith_fact_changed('room:' || COALESCE(NEW.room_id, OLD.room_id));
    RETURN NULL;
END $$;
CREATE TRIGGER rooms_notify_new AFTER INSERT OR DELETE ON rooms
    FOR EACH ROW EXECUTE FUNCTION kith_notify_room();
CREATE TRIGGER rooms_notify AFTER UPDATE ON rooms FOR EACH ROW
    WHEN ((OLD.kind, OLD.people, OLD.read_only, OLD.slow_mode, OLD.managers)
          IS DISTINCT FROM (NEW.kind, NEW.people, NEW.read_only, NEW.slow_mode, NEW.managers))
    EXECUTE FUNCTION kith_notify_room();

-- People search (P6): what may be found of each person, and who waits to be put in anew.

-- Made by the worker from what `policy.visibility` lets everybody, and friends, see; what only its
-- owner may see is not in it. No foreign key: the worker writes here while it holds a row of the
-- table below, and must not wait meanwhile for somebody who waits for that row.
CREATE TABLE people_search (
    user_id       text PRIMARY KEY,
    public_terms  tsvector NOT NULL,
    friend_terms  tsvector NOT NULL,
    -- Each a JSON list: kind, value, label.
    public_traits text[] NOT NULL DEFAULT '{}',
    friend_traits text[] NOT NULL DEFAULT '{}'
);
CREATE INDEX people_search_terms ON people_search USING gin (public_terms);

-- Written in the transaction of the change itself. Whoever stands here is found by nobody until
-- the worker has seen to it: a field is out of the search with the commit that hides it.
CREATE TABLE people_search_waiting (
    user_id text PRIMARY KEY REFERENCES people ON DELETE CASCADE
);

-- One job a transaction, however many people it changes; it takes all that wait.
CREATE FUNCTION kith_search_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    own text := pg_current_xact_id()::text;
BEGIN
    INSERT INTO people_search_waiting (user_id)
    SELECT p.user_id FROM people p WHERE p.user_id = COALESCE(NEW.user_id, OLD.user_id)
      AND (p.local OR EXISTS (SELECT FROM people_search s WHERE s.user_id = p.user_id))
    -- An update, so that it waits for a worker that is just seeing to this person.
    ON CONFLICT (user_id) DO UPDATE SET user_id = excluded.user_id;
    IF FOUND AND current_setting('kith.search_job', true) IS DISTINCT FROM own THEN
        PERFORM set_config('kith.search_job', own, true);
        PERFORM procrastinate_defer_jobs_v1(ARRAY[
            ('default', 'people_search.index', 0, NULL, NULL, '{}'::jsonb, NULL)
            ::procrastinate_job_to_defer_v1]);
    END IF;
    RETURN NULL;
END $$;

-- At the commit, after every other lock was taken: so these locks are always the last.
CREATE CONSTRAINT TRIGGER people_search_new AFTER INSERT ON people
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.local)
    EXECUTE FUNCTION kith_search_changed();
CREATE CONSTRAINT TRIGGER people_search_changed AFTER UPDATE ON people
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.display_name, OLD.kind, OLD.deactivated_at IS NULL)
          IS DISTINCT FROM (NEW.display_name, NEW.kind, NEW.deactivated_at IS NULL))
    EXECUTE FUNCTION kith_search_changed();
CREATE CONSTRAINT TRIGGER profiles_search_new AFTER INSERT OR DELETE ON profiles
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kith_search_changed();
CREATE CONSTRAINT TRIGGER profiles_search_changed AFTER UPDATE ON profiles
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.bio, OLD.pronouns, OLD.city, OLD.country_code, OLD.interests, OLD.hidden,
           OLD.visibility) IS DISTINCT FROM
          (NEW.bio, NEW.pronouns, NEW.city, NEW.country_code, NEW.interests, NEW.hidden,
           NEW.visibility))
    EXECUTE FUNCTION kith_search_changed();

CREATE FUNCTION kith_search_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM people_search WHERE user_id = OLD.user_id;
    RETURN NULL;
END $$;
CREATE TRIGGER search_gone AFTER DELETE ON people
    FOR EACH ROW EXECUTE FUNCTION kith_search_gone();

-- Who was here before.
INSERT INTO people_search_waiting (user_id) SELECT user_id FROM people WHERE local;
SELECT procrastinate_defer_jobs_v1(ARRAY[
    ('default', 'people_search.index', 0, NULL, NULL, '{}'::jsonb, NULL)
    ::procrastinate_job_to_defer_v1])
WHERE EXISTS (SELECT FROM people_search_waiting);

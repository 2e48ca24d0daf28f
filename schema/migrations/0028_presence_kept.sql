-- Since when somebody shows their presence to fewer than all: a process that could not be told of it
-- meanwhile asks who they are.

ALTER TABLE people ADD COLUMN presence_kept_since timestamptz;
CREATE INDEX people_presence_kept ON people (presence_kept_since)
    WHERE presence_kept_since IS NOT NULL;

CREATE FUNCTION kith_presence_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.presence_kept_since := CASE WHEN NEW.presence_visibility <> 'all' THEN clock_timestamp() END;
    RETURN NEW;
END $$;
CREATE TRIGGER people_presence_kept BEFORE UPDATE ON people FOR EACH ROW
    WHEN (OLD.presence_visibility IS DISTINCT FROM NEW.presence_visibility)
    EXECUTE FUNCTION kith_presence_kept();

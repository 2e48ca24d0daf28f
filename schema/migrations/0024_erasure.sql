-- Deleting an account (G1): who has asked for it, how far it is, and the proof of what was done.

CREATE TABLE erasures (
    -- Names the proof; what is kept of it names nobody.
    id          uuid PRIMARY KEY,
    -- Whose; NULL once it is done.
    user_id     text UNIQUE REFERENCES people,
    source      text NOT NULL CHECK (source IN ('person', 'operator', 'homeserver')),
    state       text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done')),
    -- SHA-256 of the link to the proof; NULL without one, and when its time is over.
    token_hash  bytea UNIQUE,
    asked_at    timestamptz NOT NULL,
    due_at      timestamptz NOT NULL,
    began_at    timestamptz,
    finished_at timestamptz,
    -- What hiding changed: so that a cancelled erasure leaves everything as it was.
    before      jsonb NOT NULL DEFAULT '{}',
    -- How many steps are done.
    step        smallint NOT NULL DEFAULT 0,
    -- Table or place → what was done → how many, counted in the transaction that did it.
    counts      jsonb NOT NULL DEFAULT '{}',
    -- What the homeserver said, and what a step has to remember.
    answers     jsonb NOT NULL DEFAULT '{}',
    -- The proof as it is given out, byte for byte, and its SHA-256.
    report      text,
    sha256      text,
    CHECK ((state = 'done') = (user_id IS NULL)),
    CHECK ((state = 'done') = (report IS NOT NULL))
);
CREATE INDEX erasures_due ON erasures (due_at) WHERE state <> 'done';
CREATE INDEX erasures_finished ON erasures (finished_at) WHERE state = 'done';

-- The key under which somebody stands in rows that are kept (D32): made when it is first needed,
-- destroyed by the last step of an erasure.
CREATE TABLE pseudonym_keys (
    user_id   text PRIMARY KEY REFERENCES people ON DELETE CASCADE,
    key       bytea NOT NULL CHECK (octet_length(key) >= 32),
    pseudonym text NOT NULL UNIQUE
);

-- The log stays append-only, but for one thing: a person whose account goes becomes their
-- pseudonym, and words of theirs may be taken out of the details. Nothing else ever changes.
CREATE OR REPLACE FUNCTION audit_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
       AND (NEW.id, NEW.at, NEW.act, NEW.source) = (OLD.id, OLD.at, OLD.act, OLD.source)
       AND NEW.reason IS NOT DISTINCT FROM OLD.reason AND OLD.detail @> NEW.detail
       AND EXISTS (SELECT FROM pseudonym_keys k
                   WHERE (NEW.actor = OLD.actor
                          OR (OLD.actor = k.user_id AND NEW.actor = k.pseudonym))
                     AND (NEW.target IS NOT DISTINCT FROM OLD.target
                          OR (OLD.target = k.user_id AND NEW.target = k.pseudonym))
                     AND (NEW.actor, NEW.target) IS DISTINCT FROM (OLD.actor, OLD.target)) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'audit_log is append-only';
END $$;

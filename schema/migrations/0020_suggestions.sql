-- People one may know: found by a job, kept as rows; who may be shown is asked again when read.

CREATE TABLE suggestions (
    user_id text NOT NULL REFERENCES people ON DELETE CASCADE,
    other   text NOT NULL REFERENCES people ON DELETE CASCADE,
    score   integer NOT NULL,
    PRIMARY KEY (user_id, other)
);
CREATE INDEX suggestions_page ON suggestions (user_id, score DESC, other);
CREATE INDEX suggestions_of ON suggestions (other);

CREATE TABLE suggestion_runs (
    user_id text PRIMARY KEY REFERENCES people ON DELETE CASCADE,
    made_at timestamptz NOT NULL
);
CREATE INDEX suggestion_runs_age ON suggestion_runs (made_at);

-- Who does not want to be shown somebody again.
CREATE TABLE suggestion_dismissals (
    user_id      text NOT NULL REFERENCES people ON DELETE CASCADE,
    other        text NOT NULL REFERENCES people ON DELETE CASCADE,
    dismissed_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, other)
);
CREATE INDEX suggestion_dismissals_of ON suggestion_dismissals (other);

-- Read for every person in a list; few hide.
CREATE INDEX profiles_hidden ON profiles (user_id) WHERE hidden;

-- Friendship: requests with their history, and friendships as mirrored rows (F1).

CREATE TABLE friend_requests (
    id           uuid PRIMARY KEY,
    requester    text NOT NULL REFERENCES people,
    recipient    text NOT NULL REFERENCES people,
    status       text NOT NULL DEFAULT 'pending'
                 CHECK (status IN ('pending', 'accepted', 'declined', 'cancelled', 'expired')),
    message      text CHECK (char_length(message) <= 140),
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    responded_at timestamptz,
    reminded_at  timestamptz,
    -- A decline is silent (D39): the requester goes on seeing "pending" until expires_at, or until
    -- they take the request back, which is noted here and leaves the decline standing.
    withdrawn_at timestamptz,
    CHECK (requester <> recipient)
);
-- One open request per unordered pair: of two crossing requests the second becomes the answer.
CREATE UNIQUE INDEX friend_requests_open
    ON friend_requests (LEAST(requester, recipient), GREATEST(requester, recipient))
    WHERE status = 'pending';
CREATE INDEX friend_requests_sent ON friend_requests (requester, created_at DESC, id);
CREATE INDEX friend_requests_received ON friend_requests (recipient, created_at DESC, id);
CREATE INDEX friend_requests_expiring ON friend_requests (expires_at) WHERE status = 'pending';

CREATE TABLE friendships (
    user_id           text NOT NULL REFERENCES people,
    friend_id         text NOT NULL REFERENCES people,
    created_at        timestamptz NOT NULL,
    source_request_id uuid REFERENCES friend_requests,
    PRIMARY KEY (user_id, friend_id),
    CHECK (user_id <> friend_id),
    -- The mirror is the database's promise, not the code's: no commit leaves half a friendship.
    CONSTRAINT friendships_mirrored FOREIGN KEY (friend_id, user_id)
        REFERENCES friendships (user_id, friend_id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX friendships_page ON friendships (user_id, created_at DESC, friend_id);

CREATE TABLE friendship_ends (
    ended_by   text NOT NULL REFERENCES people,
    other      text NOT NULL REFERENCES people,
    ended_at   timestamptz NOT NULL
);
CREATE INDEX friendship_ends_pair ON friendship_ends (ended_by, other, ended_at DESC);

-- Messages: what Kith remembers of an event's relation, and what a client called what it sent.

ALTER TABLE events
    ADD COLUMN rel_type     text,
    ADD COLUMN relates_to   text,
    ADD COLUMN reaction_key text,
    ADD COLUMN txn_id       text;

-- A repeated send finds its event (M4), also after the homeserver has forgotten the transaction.
CREATE INDEX events_txn ON events (sender, txn_id) WHERE txn_id IS NOT NULL;

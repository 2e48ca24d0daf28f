-- The trust a room asks of who joins is one of the facts that Synapse's processes keep.

CREATE TRIGGER rooms_notify_trust AFTER UPDATE ON rooms FOR EACH ROW
    WHEN (OLD.min_trust IS DISTINCT FROM NEW.min_trust)
    EXECUTE FUNCTION kith_notify_room();

-- The end of an account, and its coming back, are told to every process: the gateways close what
-- it has open at once.

-- Beside `people_notify`, so that its columns need not be repeated.
CREATE TRIGGER people_notify_end AFTER UPDATE ON people FOR EACH ROW
    WHEN ((OLD.deactivated_at IS NULL) IS DISTINCT FROM (NEW.deactivated_at IS NULL))
    EXECUTE FUNCTION kith_notify_person();

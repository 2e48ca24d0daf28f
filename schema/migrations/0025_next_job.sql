-- Jobs of one lock run one after the other. That one has ended says that the next may begin; a
-- worker is told only of new jobs, and would find it when it next looks by itself.

CREATE FUNCTION kith_lock_free() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    payload text := json_build_object('type', 'job_inserted', 'job_id', OLD.id)::text;
BEGIN
    -- The words of procrastinate's own trigger for a new job.
    PERFORM pg_notify('procrastinate_queue_v1#' || OLD.queue_name, payload);
    PERFORM pg_notify('procrastinate_any_queue_v1', payload);
    RETURN NULL;
END $$;
CREATE TRIGGER kith_lock_free_gone AFTER DELETE ON procrastinate_jobs FOR EACH ROW
    WHEN (OLD.status = 'doing' AND OLD.lock IS NOT NULL) EXECUTE FUNCTION kith_lock_free();
CREATE TRIGGER kith_lock_free_kept AFTER UPDATE OF status ON procrastinate_jobs FOR EACH ROW
    WHEN (OLD.status = 'doing' AND NEW.status <> 'doing' AND OLD.lock IS NOT NULL)
    EXECUTE FUNCTION kith_lock_free();

-- Pictures that somebody set in a Matrix client come the same way as those of the web.

ALTER TABLE profile_media
    -- the person's own address of it, when it was set in a Matrix client
    ADD COLUMN source_mxc text,
    -- it stood there before Kith looked: Matrix keeps it when it cannot be read
    ADD COLUMN quiet boolean NOT NULL DEFAULT false;

-- What was set last is what counts: one of them is on its way, or was turned back.
CREATE UNIQUE INDEX profile_media_coming ON profile_media (user_id, purpose)
    WHERE source_mxc IS NOT NULL AND status <> 'ready';

-- Avatars are shown to everybody signed in; other files only to who may see the message that
-- carries them. So it is asked of every small picture whether it is somebody's avatar.

CREATE INDEX people_avatar ON people USING hash (avatar_url) WHERE avatar_url IS NOT NULL;
CREATE INDEX rooms_avatar ON rooms USING hash (avatar_url) WHERE avatar_url IS NOT NULL;

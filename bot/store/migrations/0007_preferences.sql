-- Reason: what people wish for in a thread, and moderators in a server, lies over the configuration. No row: no wish.

CREATE TABLE preferences (
    place BIGINT NOT NULL,      -- the thread or DM; for defaults the server
    name  TEXT NOT NULL,        -- ratio, size, model, memory (a thread's own stands in conversations), asks, hears
    value TEXT NOT NULL,
    PRIMARY KEY (place, name)
);

CREATE TABLE invited (
    conversation BIGINT NOT NULL,
    member       BIGINT NOT NULL,   -- may ask where not everybody may
    PRIMARY KEY (conversation, member)
);

ALTER TABLE conversations ADD COLUMN company BOOLEAN NOT NULL DEFAULT FALSE;  -- not only its starter talks there

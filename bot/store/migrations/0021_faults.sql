-- Reason: another model may paint what a turn's own can't; its claim covers the dearer of the two, so that which one it
-- would be is decided with the claim. And what the operator was alarmed of must not be told anew by every restart.

ALTER TABLE turns ADD COLUMN fallback TEXT;

CREATE TABLE alarms (
    name    TEXT PRIMARY KEY,            -- of the trouble: key, billing, disk, 'model gemini-…'
    state   TEXT NOT NULL,               -- which of its sentences was told last
    number  TEXT NOT NULL,               -- the id that the log knows it by
    since   DOUBLE PRECISION NOT NULL,
    told_at DOUBLE PRECISION NOT NULL,
    over    BOOLEAN NOT NULL
);

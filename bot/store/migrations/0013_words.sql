-- Reason: a server's own list of words is looked at with every ask, so its digest tells whether the one that is ready in
-- memory still holds.

CREATE TABLE word_lists (
    server BIGINT PRIMARY KEY,
    digest TEXT NOT NULL,          -- SHA-256 of the words, hex
    words  TEXT NOT NULL           -- one a line
);

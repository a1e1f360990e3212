-- Reason: what a server's moderators decide stands apart from what people wish for, and every change of it is told in
-- the audit channel. Values are JSON, so that a row that this program can't read is one row, and not the end.

CREATE TABLE rules (
    server BIGINT NOT NULL,
    name   TEXT NOT NULL,          -- paused, audit, consent … (bot/rules.py)
    value  TEXT NOT NULL,          -- JSON
    PRIMARY KEY (server, name)
);

CREATE TABLE role_limits (
    server BIGINT NOT NULL,
    role   BIGINT NOT NULL,        -- the server's own id is @everyone
    name   TEXT NOT NULL,          -- a dimension: pictures_per_hour, largest_size …
    value  TEXT NOT NULL,          -- JSON
    PRIMARY KEY (server, role, name)
);

CREATE TABLE stances (
    server  BIGINT NOT NULL,
    kind    TEXT NOT NULL,         -- channel, member, role
    subject BIGINT NOT NULL,       -- its id
    allowed BOOLEAN NOT NULL,
    reason  TEXT NOT NULL,
    until   DOUBLE PRECISION,      -- NULL: for good
    member  BIGINT NOT NULL,       -- who decided it
    at      DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (server, kind, subject)
);

CREATE TABLE audit (
    id      INTEGER PRIMARY KEY,   -- in the order of happening
    server  BIGINT NOT NULL,
    at      DOUBLE PRECISION NOT NULL,
    kind    TEXT NOT NULL,         -- turn, change, report …
    turn    BIGINT,
    member  BIGINT,                -- whose doing it was
    told    TEXT NOT NULL,         -- JSON: what its line says
    message BIGINT                 -- the line in the audit channel; NULL while it waits, 0 where nobody wants it
);
CREATE INDEX audit_waiting ON audit (server, id) WHERE message IS NULL;
CREATE INDEX audit_by_turn ON audit (turn) WHERE turn IS NOT NULL;
CREATE INDEX audit_by_member ON audit (member);

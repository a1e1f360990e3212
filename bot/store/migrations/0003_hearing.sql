-- Reason: with the Message Content intent switched on again, plain talk of the time without it must not be painted.

CREATE TABLE hearing (
    id    BIGINT PRIMARY KEY,   -- 1: there is one row
    since DOUBLE PRECISION      -- plain words are heard since then; NULL: they are not
);

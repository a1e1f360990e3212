-- Reason: a turn may be painted in several takes side by side, so each call and each part of an answer belongs to one.
-- A claim is handed over to the calls one by one; what no call has taken over yet stands in `waiting`.

ALTER TABLE turns ADD COLUMN count BIGINT NOT NULL DEFAULT 1;  -- how many takes were asked for

CREATE TABLE parts_of_takes (
    turn      BIGINT NOT NULL REFERENCES turns (id),
    take      BIGINT NOT NULL DEFAULT 0,     -- counted from 0
    position  BIGINT NOT NULL,
    text      TEXT,                          -- either words …
    digest    TEXT,                          -- … or a picture
    mime      TEXT,
    width     BIGINT,
    height    BIGINT,
    bytes     BIGINT,
    thought   BOOLEAN NOT NULL,
    signature BYTEA,                         -- the model's, verbatim
    PRIMARY KEY (turn, take, position)
);
INSERT INTO parts_of_takes (turn, position, text, digest, mime, width, height, bytes, thought, signature)
    SELECT turn, position, text, digest, mime, width, height, bytes, thought, signature FROM parts;
DROP TABLE parts;
ALTER TABLE parts_of_takes RENAME TO parts;

CREATE TABLE calls_of_takes (
    turn       BIGINT NOT NULL REFERENCES turns (id),
    take       BIGINT NOT NULL DEFAULT 0,
    attempt    BIGINT NOT NULL,
    model      TEXT NOT NULL,
    started_at DOUBLE PRECISION NOT NULL,
    ended_at   DOUBLE PRECISION,
    seconds    DOUBLE PRECISION NOT NULL DEFAULT 0,  -- that a painted answer took
    outcome    TEXT,                         -- NULL: the process died, or it still runs
    micros     BIGINT NOT NULL,              -- an upper estimate until settled
    prompt     BIGINT,
    candidates BIGINT,
    thoughts   BIGINT,
    images     BIGINT,
    PRIMARY KEY (turn, take, attempt)
);
INSERT INTO calls_of_takes
    (turn, attempt, model, started_at, ended_at, outcome, micros, prompt, candidates, thoughts, images)
    SELECT turn, attempt, model, started_at, ended_at, outcome, micros, prompt, candidates, thoughts, images FROM calls;
DROP TABLE calls;
ALTER TABLE calls_of_takes RENAME TO calls;
CREATE INDEX calls_by_time ON calls (started_at, micros);

ALTER TABLE claims ADD COLUMN waiting BIGINT NOT NULL DEFAULT 0;
UPDATE claims SET waiting = micros WHERE state = 'held';
DROP INDEX claims_held;
CREATE INDEX claims_waiting ON claims (waiting) WHERE waiting > 0;

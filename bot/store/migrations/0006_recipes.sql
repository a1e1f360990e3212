-- Reason: a turn made from a recipe is called by that recipe's name, and one that was refused offers other words (a
-- JSON list). Files that came with a command wait here while its form is filled in.

ALTER TABLE turns ADD COLUMN recipe TEXT;
ALTER TABLE turns ADD COLUMN finish TEXT;
ALTER TABLE turns ADD COLUMN wordings TEXT;

CREATE TABLE handed (
    form     BIGINT NOT NULL,            -- the command that opened it
    position BIGINT NOT NULL,
    id       BIGINT NOT NULL,            -- the attachment's
    name     TEXT NOT NULL,
    url      TEXT NOT NULL,
    size     BIGINT NOT NULL,
    at       DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (form, position)
);

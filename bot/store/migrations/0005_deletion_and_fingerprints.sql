-- Reason: a picture can be deleted for good while its number and its place in the tree stay; and one that somebody
-- shows again is found by what it looks like.

ALTER TABLE versions ADD COLUMN deleted_at DOUBLE PRECISION;  -- a tombstone: it has no digest any more
ALTER TABLE versions ADD COLUMN looked_at BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX versions_to_look_at ON versions (turn) WHERE NOT looked_at;
CREATE INDEX versions_by_digest ON versions (digest);
CREATE INDEX turn_references_by_digest ON turn_references (digest);
CREATE INDEX parts_by_digest ON parts (digest);

CREATE TABLE fingerprints (
    place        BIGINT NOT NULL,  -- the server; for a DM its channel
    conversation BIGINT NOT NULL,
    number       BIGINT NOT NULL,
    bits         BYTEA NOT NULL,   -- to be found by
    colours      BYTEA NOT NULL,   -- to be told apart by
    PRIMARY KEY (conversation, number),
    FOREIGN KEY (conversation, number) REFERENCES versions (conversation, number)
);
CREATE INDEX fingerprints_by_place ON fingerprints (place, conversation, number, bits);

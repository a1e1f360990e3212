-- Reason: whoever is told that all of theirs is gone is told so by the database alone, so that a restart changes nothing
-- about it: beside a picture that is to go stands the mark of who lost it, and who else did.

CREATE TABLE leaving (
    digest TEXT NOT NULL,
    member BIGINT NOT NULL DEFAULT 0,   -- a keyed hash stands for them; 0 for nobody
    PRIMARY KEY (digest, member)
);
INSERT INTO leaving (digest) SELECT digest FROM doomed;
DROP TABLE doomed;
ALTER TABLE leaving RENAME TO doomed;
CREATE INDEX doomed_by_member ON doomed (member);

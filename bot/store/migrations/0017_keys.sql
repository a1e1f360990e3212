-- Reason: what people said may be sealed with a key of the operator's; without that key nothing may be opened at all.

CREATE TABLE keys (
    id TEXT PRIMARY KEY            -- of a key that something may be sealed with; '': something may not be sealed
);
INSERT INTO keys (id) SELECT '' WHERE EXISTS (SELECT 1 FROM conversations) OR EXISTS (SELECT 1 FROM audit);

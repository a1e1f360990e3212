-- Reason: what was painted in an age-restricted channel is shown nowhere else, even once the channel has lost its flag.

ALTER TABLE conversations ADD COLUMN restricted BOOLEAN NOT NULL DEFAULT FALSE;  -- it is age-restricted, or once was
CREATE INDEX conversations_restricted ON conversations (server) WHERE restricted;

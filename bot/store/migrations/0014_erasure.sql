-- Reason: what is deleted goes for good, in small steps that a restart goes on with: what is to be erased, pictures whose
-- rows are gone while their bytes are not, and the bot's own messages that are still in Discord.

CREATE TABLE erasures (
    kind    TEXT NOT NULL,              -- message, conversation, server, member
    subject BIGINT NOT NULL,            -- its id
    at      DOUBLE PRECISION NOT NULL,  -- what a member asks after this stays
    due     DOUBLE PRECISION NOT NULL,  -- not before: a server may come back
    PRIMARY KEY (kind, subject)
);

CREATE TABLE doomed (
    digest TEXT PRIMARY KEY
);

CREATE TABLE unposted (
    message BIGINT PRIMARY KEY,
    channel BIGINT NOT NULL,
    certain BOOLEAN NOT NULL            -- it is known to be the bot's
);

ALTER TABLE turns ADD COLUMN erased_at DOUBLE PRECISION;          -- only its place in the tree is left, and what it cost
ALTER TABLE conversations ADD COLUMN gone_at DOUBLE PRECISION;    -- the thread was deleted, or its server left
CREATE INDEX turns_by_member ON turns (member, asked_at) WHERE erased_at IS NULL;
CREATE INDEX turns_by_server ON turns (server, asked_at) WHERE erased_at IS NULL;
CREATE INDEX turns_erased ON turns (asked_at) WHERE erased_at IS NOT NULL AND member <> 0;
CREATE INDEX turns_by_channel ON turns (channel) WHERE title IS NOT NULL;
CREATE INDEX turn_references_by_version ON turn_references (version) WHERE version IS NOT NULL;
CREATE INDEX messages_of_no_turn ON messages (conversation) WHERE turn IS NULL;
CREATE INDEX conversations_by_server ON conversations (server);
CREATE INDEX conversations_gone ON conversations (gone_at) WHERE gone_at IS NOT NULL;

ALTER TABLE handed ADD COLUMN member BIGINT NOT NULL DEFAULT 0;   -- whose files

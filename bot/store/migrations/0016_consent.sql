-- Reason: somebody else's picture is edited only after its owner has said so. A petition goes with its settling, so
-- that the words in it are kept no longer than they wait.

CREATE TABLE consents (
    server BIGINT NOT NULL,
    member BIGINT NOT NULL,
    stance TEXT NOT NULL,          -- ask, always, never; no row: as the server has it
    at     DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (server, member)
);

CREATE TABLE petitions (
    ask          BIGINT NOT NULL,
    author       BIGINT NOT NULL,  -- whose word it waits for
    name         TEXT NOT NULL,
    server       BIGINT,
    channel      BIGINT NOT NULL,
    conversation BIGINT NOT NULL,
    picture      BIGINT,           -- the message that shows it, or the version
    which        BIGINT,
    member       BIGINT NOT NULL,  -- who asks
    message      BIGINT,           -- the bot's question; NULL until it is posted
    mark         TEXT NOT NULL,    -- of the words that were shown
    written      TEXT NOT NULL,    -- the ask, as JSON
    at           DOUBLE PRECISION NOT NULL,
    granted      BOOLEAN NOT NULL,
    PRIMARY KEY (ask, author)
);
CREATE INDEX petitions_by_author ON petitions (server, author);
CREATE INDEX petitions_by_picture ON petitions (picture) WHERE picture IS NOT NULL;

CREATE TABLE agreements (
    ask    BIGINT NOT NULL,
    author BIGINT NOT NULL,        -- has agreed to this ask
    PRIMARY KEY (ask, author)
);

CREATE TABLE brought (
    turn    BIGINT PRIMARY KEY,
    author  BIGINT NOT NULL,       -- whose picture it is that somebody else brought; 0 where nobody knows any more
    outside BOOLEAN NOT NULL       -- it was posted outside the bot's threads
);

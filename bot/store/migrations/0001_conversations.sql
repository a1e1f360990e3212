-- Reason: the first schema. A conversation is a tree of turns; a turn's id is the snowflake of what caused it,
-- so that a duplicate event meets its own row. Money is in millionths of a dollar, times in seconds since the epoch.

CREATE TABLE conversations (
    id          BIGINT PRIMARY KEY,          -- the thread's id; for a DM the channel's
    server      BIGINT,
    ours        BOOLEAN NOT NULL,            -- the bot opened it: plain words there are asks
    head        BIGINT,                      -- the turn an ask without a reply edits
    head_number BIGINT,                      -- the version of it, where not its last
    numbers     BIGINT NOT NULL DEFAULT 0,   -- version numbers given so far; never given twice
    memory      TEXT NOT NULL,
    created_at  DOUBLE PRECISION NOT NULL
);

CREATE TABLE turns (
    id           BIGINT PRIMARY KEY,
    conversation BIGINT NOT NULL REFERENCES conversations (id),
    kind         TEXT NOT NULL,
    parent       BIGINT REFERENCES turns (id),
    base         BIGINT,                     -- the version's number, once known
    before       BIGINT,                     -- the head that this turn took over from: given back if it comes to nothing
    before_number BIGINT,
    member       BIGINT NOT NULL,
    member_name  TEXT NOT NULL,
    server       BIGINT,
    channel      BIGINT,                     -- where the ask was written
    title        TEXT,                       -- the name of the thread still to be opened
    message      BIGINT,                     -- the message that the answer replies to
    words        TEXT NOT NULL,
    notes        TEXT NOT NULL,              -- JSON: sentences the receipt adds
    ratio        TEXT,
    size         TEXT,
    model        TEXT NOT NULL,
    memory       TEXT NOT NULL,
    offer        BOOLEAN NOT NULL,
    state        TEXT NOT NULL,
    attempts     BIGINT NOT NULL DEFAULT 0,
    failure      TEXT,
    reason       TEXT,
    seconds      DOUBLE PRECISION NOT NULL DEFAULT 0,
    micros       BIGINT NOT NULL DEFAULT 0,
    asked_at     DOUBLE PRECISION NOT NULL,
    ended_at     DOUBLE PRECISION
);
CREATE INDEX turns_by_conversation ON turns (conversation, id);
CREATE INDEX turns_by_parent ON turns (parent);
CREATE INDEX turns_by_message ON turns (message);
CREATE INDEX turns_unfinished ON turns (id) WHERE state IN ('asked', 'painting', 'painted', 'failed');
CREATE INDEX turns_by_model ON turns (model, size, ended_at) WHERE state = 'posted';

CREATE TABLE turn_references (
    turn     BIGINT NOT NULL REFERENCES turns (id),
    position BIGINT NOT NULL,
    digest   TEXT NOT NULL,
    mime     TEXT NOT NULL,
    width    BIGINT NOT NULL,
    height   BIGINT NOT NULL,
    bytes    BIGINT NOT NULL,
    name     TEXT NOT NULL,
    version  BIGINT,
    PRIMARY KEY (turn, position)
);

CREATE TABLE versions (
    conversation BIGINT NOT NULL REFERENCES conversations (id),
    number       BIGINT NOT NULL,
    turn         BIGINT NOT NULL REFERENCES turns (id),
    position     BIGINT NOT NULL,
    digest       TEXT NOT NULL,
    mime         TEXT NOT NULL,
    width        BIGINT NOT NULL,
    height       BIGINT NOT NULL,
    bytes        BIGINT NOT NULL,
    message      BIGINT,                     -- where it can be seen
    PRIMARY KEY (conversation, number)
);
CREATE UNIQUE INDEX versions_by_turn ON versions (turn, position);
CREATE INDEX versions_by_message ON versions (message);

CREATE TABLE parts (
    turn      BIGINT NOT NULL REFERENCES turns (id),
    position  BIGINT NOT NULL,
    text      TEXT,                          -- either words …
    digest    TEXT,                          -- … or a picture
    mime      TEXT,
    width     BIGINT,
    height    BIGINT,
    bytes     BIGINT,
    thought   BOOLEAN NOT NULL,
    signature BYTEA,                         -- the model's, verbatim
    PRIMARY KEY (turn, position)
);

CREATE TABLE calls (
    turn       BIGINT NOT NULL REFERENCES turns (id),
    attempt    BIGINT NOT NULL,
    model      TEXT NOT NULL,
    started_at DOUBLE PRECISION NOT NULL,
    ended_at   DOUBLE PRECISION,
    outcome    TEXT,                         -- NULL: the process died, or it still runs
    micros     BIGINT NOT NULL,              -- an upper estimate until settled
    prompt     BIGINT,
    candidates BIGINT,
    thoughts   BIGINT,
    images     BIGINT,
    PRIMARY KEY (turn, attempt)
);

CREATE TABLE messages (
    id           BIGINT PRIMARY KEY,         -- the bot's own messages; negative while one is only expected
    conversation BIGINT NOT NULL,
    turn         BIGINT REFERENCES turns (id),
    kind         TEXT NOT NULL,
    position     BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX messages_by_turn ON messages (turn, kind, position);

CREATE TABLE heard (
    ask          BIGINT PRIMARY KEY,         -- asks that became no turn: refused, or answered with a picker
    conversation BIGINT NOT NULL,
    member       BIGINT NOT NULL,
    outcome      TEXT NOT NULL,
    at           DOUBLE PRECISION NOT NULL
);
CREATE INDEX heard_by_member ON heard (member, at);

-- Reason: what a thread did not take because it was locked goes there once it is open again, after restarts, too.

CREATE TABLE backlog (
    turn         BIGINT PRIMARY KEY,
    conversation BIGINT NOT NULL
);
CREATE INDEX backlog_by_conversation ON backlog (conversation, turn);

-- Reason: Discord tells of presses and commands only once; one that was acknowledged and then lost owes a word.

CREATE TABLE promises (
    ask     BIGINT PRIMARY KEY,
    member  BIGINT NOT NULL,
    channel BIGINT NOT NULL
);

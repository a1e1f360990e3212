-- Reason: limits per role and budgets of servers look back 30 days. What each hour came to is kept beside the claims and
-- calls, so that a look costs the same however many of those there are; a member's own are few, and read one by one.
-- And what held at admission holds until the end: a turn keeps its rank, and a claim the roles of its member.

CREATE TABLE hours (
    server   BIGINT NOT NULL,             -- its claims; 0: the calls of everybody
    hour     BIGINT NOT NULL,             -- hours since the epoch
    pictures BIGINT NOT NULL,
    micros   BIGINT NOT NULL,
    PRIMARY KEY (server, hour)
);
INSERT INTO hours (server, hour, pictures, micros)
    SELECT server, CAST(at / 3600 AS BIGINT), sum(pictures), sum(micros) FROM claims WHERE server IS NOT NULL GROUP BY 1, 2;
INSERT INTO hours (server, hour, pictures, micros)
    SELECT 0, CAST(started_at / 3600 AS BIGINT), 0, sum(micros) FROM calls GROUP BY 2;

DROP INDEX claims_by_member;
DROP INDEX claims_by_server;
CREATE INDEX claims_by_member ON claims (member, at, server, pictures, micros);
CREATE INDEX claims_by_server ON claims (server, at, pictures, micros);

ALTER TABLE claims ADD COLUMN roles TEXT NOT NULL DEFAULT '[]';  -- JSON: their ids
ALTER TABLE turns ADD COLUMN priority BIGINT NOT NULL DEFAULT 0;
ALTER TABLE turns ADD COLUMN at_once BIGINT;                     -- NULL: no limit

-- Reason: whatever is looked for at a start, in a sweep, or for an edit is found without reading a whole table. The
-- partial ones hold what is under way, which is little, however long the past.

CREATE INDEX calls_open ON calls (turn) WHERE outcome IS NULL;
CREATE INDEX claims_open ON claims (turn) WHERE state IN ('held', 'called');
CREATE INDEX messages_statuses ON messages (turn) WHERE kind = 'status';

CREATE INDEX claims_by_time ON claims (at);
CREATE INDEX hours_by_time ON hours (hour);
CREATE INDEX heard_by_time ON heard (at);
CREATE INDEX audit_told ON audit (at) WHERE message IS NOT NULL;
CREATE INDEX audit_by_server ON audit (server, at);

DROP INDEX conversations_by_server;
CREATE INDEX conversations_by_server ON conversations (server, id) WHERE gone_at IS NULL;

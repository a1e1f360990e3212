-- Reason: what is about to be told in the audit channel is marked before it is sent, so that a crash in between makes
-- nobody hear it twice: its message is the first entry in it, negated, until Discord has given it an id.

CREATE INDEX audit_expected ON audit (server, message) WHERE message < 0;

-- Reason: what an ask may cost is reserved before a byte goes out. A claim knows its turn by number alone, so that
-- it outlives what was painted. States: held (waits), called (what Google may charge stands in calls from now on),
-- settled, returned, refused (returned, and counted as a refusal).

CREATE TABLE claims (
    turn     BIGINT PRIMARY KEY,
    member   BIGINT NOT NULL,
    server   BIGINT,
    at       DOUBLE PRECISION NOT NULL,  -- when it was admitted: every window goes by that
    pictures BIGINT NOT NULL,
    micros   BIGINT NOT NULL,            -- an upper estimate until settled
    state    TEXT NOT NULL
);
CREATE INDEX claims_by_member ON claims (member, at, pictures) WHERE pictures > 0;
CREATE INDEX claims_by_server ON claims (server, at, pictures) WHERE pictures > 0;
CREATE INDEX claims_refused ON claims (member, at) WHERE state = 'refused';
CREATE INDEX claims_held ON claims (micros) WHERE state = 'held';
CREATE INDEX calls_by_time ON calls (started_at, micros);

ALTER TABLE heard ADD COLUMN refused BOOLEAN NOT NULL DEFAULT FALSE;

ALTER TABLE conversations DROP COLUMN ours;  -- Discord tells whose thread it is

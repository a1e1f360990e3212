-- Reason: pictures that only become versions are free, but not without end: they are counted like asks.

CREATE INDEX claims_free ON claims (member, at) WHERE state = 'free';

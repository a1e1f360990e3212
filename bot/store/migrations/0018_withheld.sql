-- Reason: an edit that waits for the one before it may have nothing to fall back onto but a picture without consent.

CREATE TABLE withheld (
    ask BIGINT PRIMARY KEY
);

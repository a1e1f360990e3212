-- Reason: everybody is answered in their language: by the locale of their last interaction, and of each turn in the
-- language that it was asked in, so that its receipt speaks it after a restart, too.

CREATE TABLE locales (
    member BIGINT PRIMARY KEY,
    locale TEXT NOT NULL           -- as Discord names it
);

ALTER TABLE turns ADD COLUMN language TEXT NOT NULL DEFAULT 'en';

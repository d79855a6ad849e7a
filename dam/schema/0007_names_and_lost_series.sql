-- A verdict in which a rule is about the file's name holds for that name: places with other names have judgements of their own.
ALTER TABLE judgement ADD COLUMN name BLOB NOT NULL DEFAULT x'';            -- bytes of the file's name; empty: no rule is about it
DROP INDEX judgement_latest;
CREATE UNIQUE INDEX judgement_latest ON judgement(asset, spec, name) WHERE latest = 1;

-- When measuring the file again did not bring the rows back: it is not decoded for them once more.
ALTER TABLE series ADD COLUMN lost_at TEXT;

DROP VIEW judgements;
CREATE VIEW judgements AS
  SELECT id AS judgement, asset AS number, spec, spec_title, edition, revision, profile_digest, verdict, passed, failed, warned,
         not_applicable, inconclusive, manual, waived, program, time, confirmed, latest, noted, not_looked_at,
         CASE WHEN name = x'' THEN NULL ELSE CAST(name AS TEXT) END AS name
  FROM judgement;

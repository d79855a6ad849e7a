-- Searching 200,000 assets without reading their rows, and verdicts that count notes and what was not looked at.

CREATE INDEX asset_by_status ON asset(status) WHERE merged_into IS NULL;
CREATE INDEX asset_merged ON asset(merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX asset_by_kind ON asset(kind) WHERE merged_into IS NULL;
CREATE INDEX asset_by_first_seen ON asset(first_seen);
CREATE INDEX asset_by_measured_at ON asset(measured_at);

DROP INDEX location_by_path;
CREATE INDEX location_by_path ON location(path, asset, state);

ALTER TABLE judgement ADD COLUMN noted INTEGER NOT NULL DEFAULT 0;          -- failures at severity info
ALTER TABLE judgement ADD COLUMN not_looked_at INTEGER NOT NULL DEFAULT 0;  -- of the inconclusive ones: not measured at all
ALTER TABLE finding ADD COLUMN not_looked_at INTEGER NOT NULL DEFAULT 0;    -- inconclusive because it was not measured at all
CREATE INDEX finding_by_requirement ON finding(requirement, outcome, judgement);

-- Where a word has many rows (cues, findings), the rowid of the index also says the asset, in the bits above the lowest 36, so that
-- finding assets reads none of those rows (dam/words.h).
DROP TABLE cue_words;
CREATE VIEW indexed_cue AS SELECT (asset << 36) | id AS id, text FROM cue;
CREATE VIRTUAL TABLE cue_words USING fts5(text, content='indexed_cue', content_rowid='id', tokenize="unicode61 remove_diacritics 2");
INSERT INTO cue_words(cue_words) VALUES ('rebuild');

DROP TABLE finding_words;
DROP VIEW current_finding;
CREATE VIEW current_finding AS
  SELECT (judgement.asset << 36) | finding.id AS id, finding.message AS message FROM finding JOIN judgement ON judgement.id = finding.judgement
  WHERE judgement.latest = 1;
CREATE VIRTUAL TABLE finding_words USING fts5(message, content='current_finding', content_rowid='id', tokenize="unicode61 remove_diacritics 2");
INSERT INTO finding_words(finding_words) VALUES ('rebuild');

DROP VIEW judgements;
CREATE VIEW judgements AS
  SELECT id AS judgement, asset AS number, spec, spec_title, edition, revision, profile_digest, verdict, passed, failed, warned,
         not_applicable, inconclusive, manual, waived, program, time, confirmed, latest, noted, not_looked_at
  FROM judgement;

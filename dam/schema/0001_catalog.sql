-- The catalog, version 1. docs/catalog.md explains every table. Times are UTC, ISO 8601 with milliseconds and Z;
-- digests are 32 raw bytes; rationals are text "num/den". A published migration is never edited: add the next.

CREATE TABLE catalog_info (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- ---- what there is ------------------------------------------------------------------------------------------

CREATE TABLE asset (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,      -- the catalog number; never given twice
  content_id    BLOB UNIQUE CHECK (content_id IS NULL OR length(content_id) = 32),
  bytes         INTEGER NOT NULL,
  kind          TEXT NOT NULL,                          -- video | audio | captions | other
  status        TEXT NOT NULL,                          -- measured | partial | unreadable | not_media | …
  depth         TEXT NOT NULL,                          -- header | packets | decode
  container     TEXT NOT NULL DEFAULT '',
  error_code    TEXT,
  error_message TEXT,
  content_hint  BLOB,                                   -- size and hash of the first and last MiB
  isolation     TEXT,                                   -- of the worker that measured it
  first_seen    TEXT NOT NULL,
  measured_at   TEXT NOT NULL,
  pruned_at     TEXT,                                   -- details were dropped then: `prune`
  merged_into   INTEGER REFERENCES asset(id)            -- its content was found to be another asset's
) STRICT;
CREATE INDEX asset_by_hint ON asset(content_hint) WHERE content_hint IS NOT NULL;

CREATE TABLE location (
  id         INTEGER PRIMARY KEY,
  asset      INTEGER NOT NULL REFERENCES asset(id),
  volume     TEXT NOT NULL,
  path       BLOB NOT NULL,                             -- the bytes of the absolute path
  path_text  TEXT NOT NULL,                             -- the same for people
  device     INTEGER NOT NULL,
  inode      INTEGER NOT NULL,
  bytes      INTEGER NOT NULL,
  mtime_ns   INTEGER NOT NULL,
  ctime_ns   INTEGER NOT NULL,
  first_seen TEXT NOT NULL,
  last_seen  TEXT NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('present', 'missing', 'replaced'))
) STRICT;
CREATE UNIQUE INDEX location_present ON location(volume, path) WHERE state = 'present';
CREATE INDEX location_by_path ON location(path);
CREATE INDEX location_by_asset ON location(asset);
CREATE INDEX location_by_file ON location(inode, bytes, mtime_ns);

CREATE TABLE facts (
  asset    INTEGER PRIMARY KEY REFERENCES asset(id) ON DELETE CASCADE,
  document BLOB NOT NULL                                -- the facts as JSON, zstd
) STRICT;

CREATE TABLE stream (
  asset        INTEGER NOT NULL REFERENCES asset(id) ON DELETE CASCADE,
  number       INTEGER NOT NULL,                        -- the stream's index in its file
  kind         TEXT NOT NULL,
  native_id    TEXT,
  codec        TEXT NOT NULL,
  profile      TEXT,
  language     TEXT,
  essence      BLOB CHECK (essence IS NULL OR length(essence) = 32),
  essence_hint BLOB CHECK (essence_hint IS NULL OR length(essence_hint) = 32),
  PRIMARY KEY (asset, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX stream_by_essence ON stream(essence) WHERE essence IS NOT NULL;
CREATE INDEX stream_by_hint ON stream(essence_hint) WHERE essence_hint IS NOT NULL;

CREATE TABLE relation (
  asset INTEGER NOT NULL REFERENCES asset(id) ON DELETE CASCADE,
  kind  TEXT NOT NULL,                                  -- sidecar_of | version_of | …
  other INTEGER NOT NULL REFERENCES asset(id) ON DELETE CASCADE,
  time  TEXT NOT NULL,
  PRIMARY KEY (asset, kind, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX relation_by_other ON relation(other);

-- ---- what is searched ---------------------------------------------------------------------------------------

CREATE TABLE field_name (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,                            -- the id of a quantity: "video.frame_rate"
  unit TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('number', 'text', 'flag', 'timecode'))
) STRICT;

-- One value of one asset: of the file, or of one of its streams or soundfields (`part`, else -1). `text` is exact ("24000/1001"),
-- `number` the nearest double, for ranges and sorting. Searched without regard to case.
CREATE TABLE field (
  name   INTEGER NOT NULL REFERENCES field_name(id),
  text   TEXT NOT NULL COLLATE NOCASE,
  asset  INTEGER NOT NULL REFERENCES asset(id) ON DELETE CASCADE,
  part   INTEGER NOT NULL,
  number REAL,
  PRIMARY KEY (name, text, asset, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX field_by_number ON field(name, number, asset) WHERE number IS NOT NULL;
CREATE INDEX field_by_asset ON field(asset);

CREATE TABLE cue (
  id       INTEGER PRIMARY KEY,
  asset    INTEGER NOT NULL REFERENCES asset(id) ON DELETE CASCADE,
  service  TEXT NOT NULL,                               -- "CC1", "S1", a stream or sidecar
  language TEXT,
  start_s  TEXT NOT NULL,
  end_s    TEXT NOT NULL,
  text     TEXT NOT NULL
) STRICT;
CREATE INDEX cue_by_asset ON cue(asset);

-- ---- what was measured --------------------------------------------------------------------------------------

-- Series files by what they are of. `owner`: docs/catalog.md, "Who owns a series".
CREATE TABLE series (
  id            INTEGER PRIMARY KEY,
  owner         BLOB NOT NULL CHECK (length(owner) = 32),
  channel       INTEGER NOT NULL,
  other_owner   BLOB NOT NULL DEFAULT x'',
  other_channel INTEGER NOT NULL DEFAULT -1,
  pair_offset   TEXT NOT NULL DEFAULT '',               -- seconds from the first to the other stream
  row           TEXT NOT NULL,
  version       INTEGER NOT NULL,
  parameters    TEXT NOT NULL DEFAULT '',
  epoch         INTEGER NOT NULL,
  digest        BLOB NOT NULL CHECK (length(digest) = 32),
  rows          INTEGER NOT NULL,
  bytes         INTEGER NOT NULL,
  first_seen    TEXT NOT NULL,
  UNIQUE (owner, channel, other_owner, other_channel, pair_offset, row, version, parameters, epoch)
) STRICT;
CREATE INDEX series_by_digest ON series(digest);

-- Which assets stand on which series, so that `prune` knows what nobody needs.
CREATE TABLE asset_series (
  asset  INTEGER NOT NULL REFERENCES asset(id) ON DELETE CASCADE,
  series INTEGER NOT NULL REFERENCES series(id) ON DELETE CASCADE,
  PRIMARY KEY (asset, series)
) STRICT, WITHOUT ROWID;
CREATE INDEX asset_series_by_series ON asset_series(series);

-- What quantities came to, so that changed limits fold no rows. It holds for the evidence it names.
CREATE TABLE memo (
  asset    INTEGER NOT NULL REFERENCES asset(id) ON DELETE CASCADE,
  quantity TEXT NOT NULL,
  version  INTEGER NOT NULL,
  question TEXT NOT NULL,                               -- canonical parameters and window
  evidence BLOB NOT NULL CHECK (length(evidence) = 32),
  readings TEXT NOT NULL,                               -- JSON
  PRIMARY KEY (asset, quantity, version, question)
) STRICT, WITHOUT ROWID;

-- ---- what was judged ----------------------------------------------------------------------------------------

CREATE TABLE judgement (
  id             INTEGER PRIMARY KEY,
  asset          INTEGER NOT NULL REFERENCES asset(id),
  spec           TEXT NOT NULL,
  spec_title     TEXT NOT NULL,
  edition        TEXT NOT NULL,
  revision       INTEGER NOT NULL,
  profile_digest TEXT NOT NULL,
  order_data     TEXT NOT NULL,                         -- JSON object
  verdict        TEXT NOT NULL CHECK (verdict IN ('pass', 'fail', 'inconclusive')),
  passed INTEGER NOT NULL, failed INTEGER NOT NULL, warned INTEGER NOT NULL, not_applicable INTEGER NOT NULL,
  inconclusive INTEGER NOT NULL, manual INTEGER NOT NULL, waived INTEGER NOT NULL,
  outcome_digest BLOB NOT NULL,                         -- of the verdict and every finding
  evidence       BLOB NOT NULL,                         -- digest of the evidence it stands on
  quiet_findings BLOB NOT NULL,                         -- findings that are pass or not_applicable: JSON, zstd
  program        TEXT NOT NULL,
  time           TEXT NOT NULL,                         -- when it was first found so
  confirmed      TEXT NOT NULL,                         -- when it was last found so
  latest         INTEGER NOT NULL CHECK (latest IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX judgement_latest ON judgement(asset, spec) WHERE latest = 1;
CREATE INDEX judgement_by_asset ON judgement(asset);
CREATE INDEX judgement_by_verdict ON judgement(spec, verdict, asset) WHERE latest = 1;

-- Findings that are neither pass nor not_applicable.
CREATE TABLE finding (
  id          INTEGER PRIMARY KEY,
  judgement   INTEGER NOT NULL REFERENCES judgement(id) ON DELETE CASCADE,
  position    INTEGER NOT NULL,                         -- in the profile's order
  finding_id  TEXT NOT NULL,
  requirement TEXT NOT NULL,
  quantity    TEXT NOT NULL,
  outcome     TEXT NOT NULL,
  severity    TEXT NOT NULL,
  category    TEXT,
  overridable INTEGER,
  stream      INTEGER,
  soundfield  INTEGER,
  spans       TEXT NOT NULL,                            -- JSON, first 100
  spans_total INTEGER NOT NULL,
  measured    TEXT NOT NULL,                            -- JSON
  expected    TEXT NOT NULL,                            -- JSON
  source      TEXT NOT NULL,                            -- JSON
  message     TEXT NOT NULL,
  because     TEXT,
  basis       TEXT NOT NULL                             -- digest of what was measured: waivers are bound to it
) STRICT;
CREATE INDEX finding_by_judgement ON finding(judgement, position);
CREATE INDEX finding_by_name ON finding(finding_id);

CREATE TABLE waiver (
  id          INTEGER PRIMARY KEY,
  scope       TEXT NOT NULL CHECK (scope IN ('finding', 'rule', 'title')),
  finding_id  TEXT NOT NULL,                            -- the finding it was given for
  asset       INTEGER NOT NULL REFERENCES asset(id),
  spec        TEXT NOT NULL,
  requirement TEXT NOT NULL,
  title       TEXT,
  basis       TEXT NOT NULL,                            -- the measurement that was waived
  reason      TEXT NOT NULL CHECK (trim(reason) <> ''),
  by          TEXT NOT NULL CHECK (trim(by) <> ''),
  time        TEXT NOT NULL,
  until       TEXT,                                     -- last day, YYYY-MM-DD, or empty: for good
  revoked_at  TEXT,
  revoked_by  TEXT
) STRICT;
CREATE INDEX waiver_by_finding ON waiver(finding_id);
CREATE INDEX waiver_by_asset ON waiver(asset);

-- ---- what happened (PREMIS 3 events) ------------------------------------------------------------------------

CREATE TABLE event (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  type    TEXT NOT NULL,                                -- PREMIS event type
  time    TEXT NOT NULL,
  outcome TEXT NOT NULL,                                -- success | failure | …
  detail  TEXT NOT NULL,
  agent   TEXT NOT NULL,                                -- program and version, or a person
  asset   INTEGER REFERENCES asset(id),
  object  TEXT NOT NULL                                 -- content id, path, or what else it happened to
) STRICT;
CREATE INDEX event_by_asset ON event(asset);
CREATE TRIGGER event_stays BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER event_remains BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

-- ---- what people add ----------------------------------------------------------------------------------------

CREATE TABLE tag (
  id    INTEGER PRIMARY KEY,
  asset INTEGER NOT NULL REFERENCES asset(id) ON DELETE CASCADE,
  name  TEXT NOT NULL COLLATE NOCASE CHECK (name <> ''),  -- "QC" and "qc" are one tag
  by    TEXT NOT NULL,
  time  TEXT NOT NULL,
  UNIQUE (asset, name)
) STRICT;
CREATE INDEX tag_by_name ON tag(name, asset);

CREATE TABLE note (
  id    INTEGER PRIMARY KEY,
  asset INTEGER NOT NULL REFERENCES asset(id) ON DELETE CASCADE,
  text  TEXT NOT NULL,
  by    TEXT NOT NULL,
  time  TEXT NOT NULL
) STRICT;
CREATE INDEX note_by_asset ON note(asset);

-- ---- words --------------------------------------------------------------------------------------------------
-- External-content FTS5 over the tables above; rowid is the row of that table. dam/words.h keeps them in step (triggers
-- cannot: with trusted_schema off SQLite lets no trigger write FTS5). finding_words holds the findings of latest judgements.

CREATE VIRTUAL TABLE location_words USING fts5(path_text, content='location', content_rowid='id', tokenize="unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE tag_words USING fts5(name, content='tag', content_rowid='id', tokenize="unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE note_words USING fts5(text, content='note', content_rowid='id', tokenize="unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE cue_words USING fts5(text, content='cue', content_rowid='id', tokenize="unicode61 remove_diacritics 2");
CREATE VIEW current_finding AS
  SELECT finding.id AS id, finding.message AS message FROM finding JOIN judgement ON judgement.id = finding.judgement
  WHERE judgement.latest = 1;
CREATE VIRTUAL TABLE finding_words USING fts5(message, content='current_finding', content_rowid='id', tokenize="unicode61 remove_diacritics 2");

-- ---- what is not changed afterwards -----------------------------------------------------------------------------

CREATE TRIGGER finding_stays BEFORE UPDATE ON finding
BEGIN SELECT RAISE(ABORT, 'findings are not changed: judge again'); END;
CREATE TRIGGER finding_remains BEFORE DELETE ON finding
BEGIN SELECT RAISE(ABORT, 'findings are not deleted'); END;
CREATE TRIGGER judgement_remains BEFORE DELETE ON judgement
BEGIN SELECT RAISE(ABORT, 'judgements are not deleted'); END;
CREATE TRIGGER judgement_revived BEFORE UPDATE OF latest ON judgement
WHEN old.latest = 0 AND new.latest = 1
BEGIN SELECT RAISE(ABORT, 'an older judgement does not become the latest again: judge again'); END;

-- ---- views: what `cleangate sql` promises (docs/catalog.md) ---------------------------------------------------

CREATE VIEW assets AS
  SELECT asset.id AS number, CASE WHEN content_id IS NULL THEN NULL ELSE 'sha256:' || lower(hex(content_id)) END AS content_id,
         asset.bytes AS bytes, asset.kind AS kind, asset.status AS status, asset.depth AS depth, asset.container AS container,
         (SELECT path_text FROM location WHERE location.asset = asset.id ORDER BY state = 'present' DESC, location.last_seen DESC, location.id LIMIT 1) AS path,
         asset.error_message AS error, asset.first_seen AS first_seen, asset.measured_at AS measured_at, asset.pruned_at AS pruned_at
  FROM asset WHERE merged_into IS NULL;

CREATE VIEW locations AS
  SELECT asset AS number, path_text AS path, volume, bytes, state, first_seen, last_seen FROM location;

CREATE VIEW streams AS
  SELECT asset AS number, stream.number AS stream, kind, native_id, codec, profile, language,
         CASE WHEN essence IS NULL THEN NULL ELSE 'sha256:' || lower(hex(essence)) END AS essence_digest
  FROM stream;

CREATE VIEW fields AS
  SELECT field.asset AS number, field_name.name AS field, CASE WHEN part < 0 THEN NULL ELSE part END AS part,
         field.text AS text, field.number AS value, field_name.unit AS unit
  FROM field JOIN field_name ON field_name.id = field.name;

CREATE VIEW judgements AS
  SELECT id AS judgement, asset AS number, spec, spec_title, edition, revision, profile_digest, verdict, passed, failed, warned,
         not_applicable, inconclusive, manual, waived, program, time, confirmed, latest
  FROM judgement;

CREATE VIEW findings AS
  SELECT judgement.asset AS number, judgement.spec AS spec, judgement.latest AS latest, finding.finding_id AS finding_id,
         finding.requirement AS requirement, finding.quantity AS quantity, finding.outcome AS outcome, finding.severity AS severity,
         finding.category AS category, finding.stream AS stream, finding.soundfield AS soundfield, finding.spans AS spans,
         finding.spans_total AS spans_total, finding.measured AS measured, finding.expected AS expected, finding.source AS source,
         finding.message AS message, finding.because AS because, finding.judgement AS judgement
  FROM finding JOIN judgement ON judgement.id = finding.judgement;

CREATE VIEW cues AS SELECT asset AS number, service, language, start_s, end_s, text FROM cue;
CREATE VIEW tags AS SELECT asset AS number, name AS tag, by, time FROM tag;
CREATE VIEW notes AS SELECT asset AS number, text, by, time FROM note;
CREATE VIEW events AS SELECT id AS event, type, time, outcome, detail, agent, asset AS number, object FROM event;
CREATE VIEW waivers AS
  SELECT id AS waiver, scope, finding_id, asset AS number, spec, requirement, title, reason, by, time, until, revoked_at FROM waiver;
CREATE VIEW measured_rows AS
  SELECT asset_series.asset AS number, series.row AS row, series.version AS version, series.channel AS channel, series.rows AS rows,
         series.bytes AS bytes, lower(hex(series.digest)) AS file
  FROM asset_series JOIN series ON series.id = asset_series.series;

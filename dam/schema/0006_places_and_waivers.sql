-- Waivers as they were when a judgement was confirmed, revoked ones too.
CREATE INDEX waiver_of_title ON waiver(spec, requirement) WHERE scope = 'title';

-- What was found of a place: the asset was moved away from it (nothing is missing there), or it has other bytes than were
-- measured. Nothing where the state says all.
ALTER TABLE location ADD COLUMN found TEXT CHECK (found IN ('moved', 'mismatched'));

DROP VIEW locations;
CREATE VIEW locations AS
  SELECT asset AS number, path_text AS path, volume, bytes, coalesce(found, state) AS state, first_seen, last_seen FROM location;

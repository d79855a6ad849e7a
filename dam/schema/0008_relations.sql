-- Which assets belong together: `number` is the `kind` of `other` ("sidecar_of": captions, checksums, documents beside a master).
CREATE VIEW relations AS SELECT asset AS number, kind, other FROM relation;

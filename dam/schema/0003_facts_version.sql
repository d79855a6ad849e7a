-- Which version of our own reading the facts are of (probes/facts_version.h).
ALTER TABLE facts ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

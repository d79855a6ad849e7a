-- Waivers that are in force are asked for with every verdict that is shown.
CREATE INDEX waiver_in_force_finding ON waiver(finding_id, asset) WHERE revoked_at IS NULL;
CREATE INDEX waiver_in_force_rule ON waiver(spec, requirement) WHERE revoked_at IS NULL;

-- Land that growers drew or walked, with what the checks said of it then. A track
-- that somebody walked is sensitive: only those who meet growers and the auditor
-- read it. Rows are only ever added; the same claim again is the same row.

CREATE TABLE parus.claim (
  county     text NOT NULL,
  claim_id   text NOT NULL,          -- of what it says: the same claim has the same
  run        int NOT NULL,           -- whose evidence it was held against
  grower_id  text NOT NULL,
  season     text NOT NULL,
  crop       text NOT NULL,          -- '' = none named
  method     text NOT NULL CHECK (method IN ('drawn', 'walked', 'surveyed')),
  source_crs text NOT NULL,          -- what its coordinates came in
  accuracy_m real,                   -- as the phone said
  taken      date NOT NULL,
  area_m2    double precision NOT NULL,
  geom       geometry(MultiPolygon, 4326) NOT NULL,
  says       json NOT NULL,          -- land under it, findings, notes
  key        text,                   -- the asker's own name for it (Idempotency-Key)
  asker      text NOT NULL DEFAULT current_setting('parus.asker'),
  role       text NOT NULL DEFAULT current_setting('parus.role'),
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (county, claim_id),
  UNIQUE (asker, key),
  FOREIGN KEY (run, county) REFERENCES parus.run (id, county)
);
CREATE INDEX claim_grower ON parus.claim (county, grower_id);
CREATE INDEX claim_run ON parus.claim (run);
CREATE INDEX claim_geom ON parus.claim USING gist (geom);

-- What the decision would be with the claim among the records; clerks see no
-- decisions, so it stands apart.
CREATE TABLE parus.claim_decision (
  county   text NOT NULL,
  claim_id text NOT NULL,
  decision json NOT NULL,
  PRIMARY KEY (county, claim_id),
  FOREIGN KEY (county, claim_id) REFERENCES parus.claim
);

ALTER TABLE parus.claim ENABLE ROW LEVEL SECURITY;
CREATE POLICY as_oneself ON parus.claim FOR INSERT TO parus_service
  WITH CHECK (county = ANY ((SELECT parus.counties())::text[]) AND asker = current_setting('parus.asker') AND role = (SELECT parus.role()) AND role IN ('clerk', 'officer', 'approver', 'risk_manager'));
CREATE POLICY own_county ON parus.claim FOR SELECT TO parus_service
  USING (county = ANY ((SELECT parus.counties())::text[]) AND (SELECT parus.role()) IN ('clerk', 'officer', 'approver', 'risk_manager', 'auditor'));
GRANT SELECT ON parus.claim TO parus_service;
GRANT INSERT (county, claim_id, run, grower_id, season, crop, method, source_crs, accuracy_m, taken, area_m2, geom, says, key) ON parus.claim TO parus_service;

ALTER TABLE parus.claim_decision ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_own_claim ON parus.claim_decision FOR INSERT TO parus_service
  WITH CHECK ((SELECT parus.role()) IN ('officer', 'approver', 'risk_manager')
    AND EXISTS (SELECT FROM parus.claim c WHERE c.county = claim_decision.county AND c.claim_id = claim_decision.claim_id AND c.asker = current_setting('parus.asker')));
CREATE POLICY own_county ON parus.claim_decision FOR SELECT TO parus_service
  USING (county = ANY ((SELECT parus.counties())::text[]) AND (SELECT parus.role()) IN ('officer', 'approver', 'risk_manager', 'auditor'));
GRANT SELECT, INSERT ON parus.claim_decision TO parus_service;

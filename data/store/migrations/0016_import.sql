-- Files of records that were brought into a county's store. The rows lie in the
-- store's folder, not here; so do the rejects, under the name that stands here.
-- Rows are only ever added.

CREATE TABLE parus.import (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  county   text NOT NULL REFERENCES parus.county,
  feed     text NOT NULL,
  file     text NOT NULL,            -- its name, without folders
  size     bigint NOT NULL,          -- bytes
  sha256   text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  question text NOT NULL,            -- what else was asked with it: the day and the coordinate system
  report   json NOT NULL,            -- how good it is; names nobody
  rejects  text NOT NULL CHECK (rejects ~ '^[A-Z2-7]*$'), -- '' = none
  key      text,                     -- the asker's own name for it (Idempotency-Key)
  asker    text NOT NULL DEFAULT current_setting('parus.asker'),
  role     text NOT NULL DEFAULT current_setting('parus.role'),
  at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (asker, key)
);
CREATE INDEX import_county ON parus.import (county, id);

ALTER TABLE parus.import ENABLE ROW LEVEL SECURITY;
CREATE POLICY clerk_adds ON parus.import FOR INSERT TO parus_service
  WITH CHECK (county = ANY ((SELECT parus.counties())::text[]) AND asker = current_setting('parus.asker') AND role = (SELECT parus.role()) AND role = 'clerk');
CREATE POLICY own_county ON parus.import FOR SELECT TO parus_service
  USING (county = ANY ((SELECT parus.counties())::text[]) AND (SELECT parus.role()) IN ('clerk', 'officer', 'approver', 'risk_manager', 'auditor'));
GRANT SELECT ON parus.import TO parus_service;
GRANT INSERT (county, feed, file, size, sha256, question, report, rejects, key) ON parus.import TO parus_service;

-- Who growers are: the only table with names, numbers and phones, sealed with a
-- key that the database never sees. Found by exact match through keyed hashes.

CREATE TABLE parus.person (
  grower_id   text NOT NULL,
  county      text NOT NULL REFERENCES parus.county,
  key_id      text NOT NULL,         -- which key sealed it
  cipher      text NOT NULL CHECK (cipher IN ('AES-256-GCM', 'SM4-GCM')),
  sealed      bytea NOT NULL,
  name_hash   bytea,
  number_hash bytea,
  phone_hash  bytea,
  changed     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (county, grower_id)
);
CREATE INDEX person_name ON parus.person (name_hash);
CREATE INDEX person_number ON parus.person (number_hash);
CREATE INDEX person_phone ON parus.person (phone_hash);

-- Every look at an unmasked person: who, whom, why. Rows are only ever added.
CREATE TABLE parus.unmasking (
  at        timestamptz NOT NULL DEFAULT clock_timestamp(),
  asker     text NOT NULL CHECK (asker <> ''),
  role      text NOT NULL,
  county    text NOT NULL,
  grower_id text NOT NULL,
  purpose   text NOT NULL CHECK (length(purpose) >= 4)
);
CREATE INDEX unmasking_grower ON parus.unmasking (grower_id, at);

-- Clerks, officers, approvers and risk managers meet growers; owners of models
-- and partners never do. Auditors read who looked, not whom it showed.
ALTER TABLE parus.person ENABLE ROW LEVEL SECURITY;
CREATE POLICY meets_growers ON parus.person FOR SELECT TO parus_service
  USING (county = ANY ((SELECT parus.counties())::text[]) AND (SELECT parus.role()) IN ('clerk', 'officer', 'approver', 'risk_manager'));
GRANT SELECT ON parus.person TO parus_service;

ALTER TABLE parus.unmasking ENABLE ROW LEVEL SECURITY;
CREATE POLICY as_oneself ON parus.unmasking FOR INSERT TO parus_service
  WITH CHECK (county = ANY ((SELECT parus.counties())::text[]) AND asker = current_setting('parus.asker') AND role = (SELECT parus.role()));
CREATE POLICY auditor ON parus.unmasking FOR SELECT TO parus_service
  USING (county = ANY ((SELECT parus.counties())::text[]) AND (SELECT parus.role()) = 'auditor');
GRANT SELECT, INSERT ON parus.unmasking TO parus_service;

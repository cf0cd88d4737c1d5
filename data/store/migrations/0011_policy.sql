-- Credit policies that somebody proposes and a second person releases. Rows are
-- only ever added.

CREATE TABLE parus.policy_proposal (
  id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  county  text NOT NULL REFERENCES parus.county,
  sha256  text NOT NULL,          -- of the text
  text    text NOT NULL,          -- the TOML file as it was proposed
  why     text NOT NULL CHECK (length(why) >= 4),
  key     text,                   -- the asker's own name for it (Idempotency-Key)
  asker   text NOT NULL DEFAULT current_setting('parus.asker') CHECK (asker <> ''),
  role    text NOT NULL DEFAULT current_setting('parus.role'),
  at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (asker, key),
  UNIQUE (county, sha256),
  UNIQUE (id, county, asker)
);

-- Maker and checker are two persons: the maker stands in the verdict too, tied to
-- the proposal, and the table itself refuses him.
CREATE TABLE parus.policy_verdict (
  proposal bigint PRIMARY KEY,
  county   text NOT NULL,
  maker    text NOT NULL,
  verdict  text NOT NULL CHECK (verdict IN ('released', 'refused')),
  why      text NOT NULL CHECK (length(why) >= 4),
  text     text CHECK ((text IS NULL) = (verdict = 'refused')), -- the file given out: with author, approved_by, approved_on
  sha256   text CHECK ((sha256 IS NULL) = (text IS NULL)),
  asker    text NOT NULL DEFAULT current_setting('parus.asker') CHECK (asker <> ''),
  role     text NOT NULL DEFAULT current_setting('parus.role'),
  at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT two_persons CHECK (lower(asker) <> lower(maker)),
  FOREIGN KEY (proposal, county, maker) REFERENCES parus.policy_proposal (id, county, asker)
);

ALTER TABLE parus.policy_proposal ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_county ON parus.policy_proposal FOR SELECT TO parus_service
  USING (county = ANY ((SELECT parus.counties())::text[]) AND (SELECT parus.role()) IN ('officer', 'approver', 'risk_manager', 'model_owner', 'auditor'));
CREATE POLICY as_oneself ON parus.policy_proposal FOR INSERT TO parus_service
  WITH CHECK (county = ANY ((SELECT parus.counties())::text[]) AND asker = current_setting('parus.asker') AND role = (SELECT parus.role()) AND role = 'risk_manager');
GRANT SELECT ON parus.policy_proposal TO parus_service;
GRANT INSERT (county, sha256, text, why, key) ON parus.policy_proposal TO parus_service;

ALTER TABLE parus.policy_verdict ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_county ON parus.policy_verdict FOR SELECT TO parus_service
  USING (county = ANY ((SELECT parus.counties())::text[]) AND (SELECT parus.role()) IN ('officer', 'approver', 'risk_manager', 'model_owner', 'auditor'));
CREATE POLICY as_oneself ON parus.policy_verdict FOR INSERT TO parus_service
  WITH CHECK (county = ANY ((SELECT parus.counties())::text[]) AND asker = current_setting('parus.asker') AND role = (SELECT parus.role()) AND role IN ('approver', 'risk_manager'));
GRANT SELECT ON parus.policy_verdict TO parus_service;
GRANT INSERT (proposal, county, maker, verdict, why, text, sha256) ON parus.policy_verdict TO parus_service;

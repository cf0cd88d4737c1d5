-- Decisions that somebody asked for, beside those of the runs: who asked, when,
-- and the answer byte for byte. Rows are only ever added.

ALTER TABLE parus.run ADD UNIQUE (id, county);
CREATE TABLE parus.asked_decision (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run         int NOT NULL,          -- whose evidence it rests on
  county      text NOT NULL,
  grower_id   text NOT NULL,
  decision_id text NOT NULL,
  answer      json NOT NULL,
  key         text,                  -- the asker's own name for the question (Idempotency-Key)
  asker       text NOT NULL DEFAULT current_setting('parus.asker'),
  role        text NOT NULL DEFAULT current_setting('parus.role'),
  at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (run, county) REFERENCES parus.run (id, county) ON DELETE CASCADE,
  UNIQUE (asker, key)
);
CREATE INDEX asked_decision_grower ON parus.asked_decision (grower_id, at);
CREATE INDEX asked_decision_run ON parus.asked_decision (run);

ALTER TABLE parus.asked_decision ENABLE ROW LEVEL SECURITY;
CREATE POLICY as_oneself ON parus.asked_decision FOR INSERT TO parus_service
  WITH CHECK (county = ANY ((SELECT parus.counties())::text[]) AND asker = current_setting('parus.asker') AND role = (SELECT parus.role()) AND role IN ('officer', 'approver', 'risk_manager'));
CREATE POLICY own_county ON parus.asked_decision FOR SELECT TO parus_service
  USING (county = ANY ((SELECT parus.counties())::text[]) AND (SELECT parus.role()) IN ('officer', 'approver', 'risk_manager', 'auditor'));
GRANT SELECT ON parus.asked_decision TO parus_service;
GRANT INSERT (run, county, grower_id, decision_id, answer, key) ON parus.asked_decision TO parus_service;

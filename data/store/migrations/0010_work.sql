-- The credit factory: applications, tasks, limits, money. What may be done, by
-- whom, and after whom stands in parus.step; the triggers of this file and the
-- next hold it. parus_service adds rows and can change none but the taker of a
-- task: who keeps a rule in the program only keeps none here.
--
-- Refusals carry SQLSTATE PW403 (denied), PW404 (none), PW409 (conflict) or
-- PW422 (does not fit); DETAIL is the problem's name.

CREATE FUNCTION parus.asker() RETURNS text LANGUAGE sql STABLE
AS $$ SELECT coalesce(current_setting('parus.asker', true), '') $$;

-- The calendar day of a run's loans: in China; a made-up county lives from the
-- as-of day of its run on.
CREATE FUNCTION parus.day_of(of_run int) RETURNS date LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$ SELECT CASE WHEN sample THEN as_of + ((now() AT TIME ZONE 'Asia/Shanghai')::date - (published AT TIME ZONE 'Asia/Shanghai')::date)
  ELSE (now() AT TIME ZONE 'Asia/Shanghai')::date END FROM parus.run WHERE id = of_run $$;

-- A text that people wrote: no ID number, phone or account stands in it.
CREATE FUNCTION parus.harmless(t text) RETURNS boolean LANGUAGE sql IMMUTABLE
AS $$ SELECT t !~ '[0-9０-９]([ -]?[0-9０-９]){6}' AND length(t) <= 1000 $$;

-- Which act leads from which state of an application to which, by whom; not by
-- who did one of the acts in not_by on it, ever. why = only with a reason.
CREATE TABLE parus.step (
  from_state text NOT NULL,
  act        text NOT NULL,
  to_state   text NOT NULL,
  roles      text[] NOT NULL,
  not_by     text[] NOT NULL,
  why        boolean NOT NULL,
  PRIMARY KEY (from_state, act, to_state)
);
INSERT INTO parus.step VALUES
  ('',         'apply',     'survey',    '{officer}',               '{}',                              false),
  ('survey',   'survey',    'survey',    '{officer}',               '{}',                              false),
  ('survey',   'surveyed',  'review',    '{officer}',               '{}',                              false),
  ('review',   'review',    'approval',  '{officer,approver}',      '{apply,survey}',                  false),
  ('review',   'send_back', 'survey',    '{officer,approver}',      '{}',                              true),
  ('approval', 'approve',   'active',    '{approver,risk_manager}', '{apply,survey,review}',           false),
  ('approval', 'approve',   'second',    '{approver,risk_manager}', '{apply,survey,review}',           false),
  ('approval', 'refuse',    'refused',   '{approver,risk_manager}', '{apply,survey,review}',           true),
  ('approval', 'refuse',    'refusing',  '{approver,risk_manager}', '{apply,survey,review}',           true),
  ('approval', 'send_back', 'survey',    '{approver,risk_manager}', '{}',                              true),
  ('second',   'approve',   'active',    '{approver,risk_manager}', '{apply,survey,review,approve}',   false),
  ('second',   'refuse',    'refused',   '{approver,risk_manager}', '{apply,survey,review}',           true),
  ('second',   'send_back', 'survey',    '{approver,risk_manager}', '{}',                              true),
  ('refusing', 'refuse',    'refused',   '{approver,risk_manager}', '{apply,survey,review,refuse}',    true),
  ('refusing', 'send_back', 'survey',    '{approver,risk_manager}', '{}',                              true),
  ('survey',   'withdraw',  'withdrawn', '{officer}',               '{}',                              true),
  ('review',   'withdraw',  'withdrawn', '{officer}',               '{}',                              true),
  ('approval', 'withdraw',  'withdrawn', '{officer}',               '{}',                              true),
  ('second',   'withdraw',  'withdrawn', '{officer}',               '{}',                              true),
  ('refused',  'reopen',    'review',    '{approver,risk_manager}', '{apply,survey,review,approve,send_back,refuse}', true),
  ('active',   'freeze',    'frozen',    '{officer,approver,risk_manager}', '{}',                      true),
  ('frozen',   'thaw',      'active',    '{approver,risk_manager}', '{freeze}',                        true),
  ('active',   'close',     'closed',    '{officer,approver,risk_manager}', '{}',                      false),
  ('frozen',   'close',     'closed',    '{officer,approver,risk_manager}', '{}',                      false);

-- Kinds of task: who may take one, within how many hours it should be done, and
-- in which states of an application one is open (by the application itself).
CREATE TABLE parus.task_kind (
  kind   text PRIMARY KEY,
  roles  text[] NOT NULL,
  hours  int NOT NULL CHECK (hours > 0),
  states text[] NOT NULL
);
INSERT INTO parus.task_kind VALUES
  ('survey',       '{officer}',               72,  '{survey}'),
  ('review',       '{officer,approver}',      48,  '{review}'),
  ('approval',     '{approver,risk_manager}', 24,  '{approval}'),
  ('second',       '{approver,risk_manager}', 24,  '{second,refusing}'),
  ('human_review', '{approver,risk_manager}', 360, '{}'),
  ('relief',       '{approver,risk_manager}', 120, '{}'),
  ('monitor',      '{officer,risk_manager}',  120, '{}'),
  ('collect',      '{officer,risk_manager}',  48,  '{}');

-- Above from_fen a second person approves; of a county's rules the newest that a
-- second person confirmed holds. Without one every approval takes two.
CREATE TABLE parus.approval_rule (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  county       text NOT NULL REFERENCES parus.county,
  from_fen     bigint NOT NULL CHECK (from_fen >= 0),
  why          text NOT NULL CHECK (length(why) >= 4 AND parus.harmless(why)),
  proposed_by  text NOT NULL DEFAULT parus.asker(),
  proposed_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  confirmed_by text CHECK (confirmed_by <> proposed_by),
  confirmed_at timestamptz
);
CREATE FUNCTION parus.threshold(of_county text) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$ SELECT coalesce((SELECT from_fen FROM parus.approval_rule WHERE county = of_county AND confirmed_by IS NOT NULL ORDER BY confirmed_at DESC, id DESC LIMIT 1), 0) $$;

CREATE TABLE parus.application (
  id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  county            text NOT NULL,
  run               int NOT NULL,
  decision_id       text NOT NULL,
  grower_id         text NOT NULL,
  season            text NOT NULL,
  product           text NOT NULL CHECK (product ~ '^[a-z0-9_]{1,50}$'),
  industry          text NOT NULL CHECK (industry ~ '^[a-z0-9_]{0,50}$'),
  purpose           text NOT NULL CHECK (purpose IN ('inputs', 'labour', 'rent', 'machinery_hire', 'other')),
  asked_fen         bigint NOT NULL CHECK (asked_fen > 0),
  asked_until       date NOT NULL,
  -- what the machine decided, copied from the decision
  machine_outcome   text NOT NULL,
  machine_fen       bigint NOT NULL,
  machine_until     date,
  rate_bp           int NOT NULL,
  alert             int NOT NULL,          -- water level from which the limit is called nearly full, 1/10000; 0 = never
  state             text NOT NULL,
  version           int NOT NULL DEFAULT 1, -- of the row, one more by each act
  proposed_fen      bigint CHECK (proposed_fen BETWEEN 1 AND asked_fen),
  proposed_until    date,
  overrides         text,                  -- reason code, where a person differs from the machine
  at                timestamptz NOT NULL DEFAULT clock_timestamp(),
  applied_by        text NOT NULL DEFAULT parus.asker(),
  FOREIGN KEY (run, county) REFERENCES parus.run (id, county) ON DELETE CASCADE
);
CREATE UNIQUE INDEX application_open ON parus.application (county, grower_id, season, product) WHERE state NOT IN ('refused', 'withdrawn', 'closed');
CREATE INDEX application_grower ON parus.application (county, grower_id);

-- What was done to an application, in order. Adding a row is how it is done.
CREATE TABLE parus.application_event (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  application bigint NOT NULL REFERENCES parus.application ON DELETE CASCADE,
  county      text NOT NULL,
  at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  asker       text NOT NULL,
  role        text NOT NULL,
  act         text NOT NULL,
  from_state  text NOT NULL,
  to_state    text NOT NULL,
  amount_fen  bigint,
  until       date,
  reason_code text CHECK (reason_code IN ('records_late', 'seen_on_site', 'local_knowledge', 'guarantee', 'sales_contract', 'other_income', 'survey_differs', 'purpose_doubtful', 'misstated', 'human_review', 'other')),
  why         text CHECK (parus.harmless(why))
);
CREATE INDEX application_event_of ON parus.application_event (application, id);

CREATE TABLE parus.task (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  county      text NOT NULL REFERENCES parus.county,
  kind        text NOT NULL REFERENCES parus.task_kind,
  application bigint REFERENCES parus.application ON DELETE CASCADE,
  grower_id   text NOT NULL,
  subject     text NOT NULL DEFAULT '',   -- what it is about: a plot, a finding, a review's number
  note        text NOT NULL DEFAULT '' CHECK (parus.harmless(note)),
  made_by     text NOT NULL DEFAULT parus.asker(),
  made_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  due         timestamptz NOT NULL,
  taken_by    text,
  taken_at    timestamptz,
  done_by     text,
  done_at     timestamptz,
  result      text CHECK (parus.harmless(result)),
  CHECK (done_by IS NULL = (done_at IS NULL) AND taken_by IS NULL = (taken_at IS NULL))
);
CREATE INDEX task_open ON parus.task (county, due, id) WHERE done_at IS NULL;
CREATE INDEX task_application ON parus.task (application);

CREATE TABLE parus.credit_limit (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  county          text NOT NULL REFERENCES parus.county,
  application     bigint NOT NULL UNIQUE REFERENCES parus.application ON DELETE CASCADE,
  run             int NOT NULL,
  grower_id       text NOT NULL,
  product         text NOT NULL,
  limit_fen       bigint NOT NULL CHECK (limit_fen > 0),
  outstanding_fen bigint NOT NULL DEFAULT 0 CHECK (outstanding_fen BETWEEN 0 AND limit_fen), -- principal drawn and not repaid
  from_day        date NOT NULL,
  until           date NOT NULL,          -- what is drawn is due
  rate_bp         int NOT NULL,
  alert           int NOT NULL,
  state           text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'frozen', 'closed'))
);
CREATE INDEX credit_limit_county ON parus.credit_limit (county, until);

CREATE TABLE parus.drawing (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  county       text NOT NULL,
  credit_limit bigint NOT NULL REFERENCES parus.credit_limit ON DELETE CASCADE,
  grower_id    text NOT NULL,
  amount_fen   bigint NOT NULL CHECK (amount_fen > 0),
  day          date NOT NULL,
  left_fen     bigint NOT NULL,           -- of the limit, after it
  asker        text NOT NULL,
  at           timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX drawing_of ON parus.drawing (credit_limit, id);
CREATE TABLE parus.repayment (LIKE parus.drawing INCLUDING ALL);
ALTER TABLE parus.repayment ADD FOREIGN KEY (credit_limit) REFERENCES parus.credit_limit ON DELETE CASCADE;

-- What a write with a key (Idempotency-Key) answered, so that the same again
-- answers the same and does nothing.
CREATE TABLE parus.request_key (
  asker    text NOT NULL DEFAULT parus.asker(),
  key      text NOT NULL,
  question bytea NOT NULL,                -- SHA-256 of what was asked
  answer   json NOT NULL,
  at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (asker, key)
);

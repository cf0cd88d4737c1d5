-- The rest of the credit factory: surveys and their photos, relief, human review;
-- then who sees what of all of it.

CREATE TABLE parus.survey (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  county      text NOT NULL,
  task        bigint NOT NULL UNIQUE REFERENCES parus.task ON DELETE CASCADE,
  application bigint NOT NULL REFERENCES parus.application ON DELETE CASCADE,
  seen_at     timestamptz NOT NULL,      -- by the phone's clock
  lat         double precision CHECK (lat BETWEEN -90 AND 90),
  lon         double precision CHECK (lon BETWEEN -180 AND 180),
  accuracy_m  double precision CHECK (accuracy_m >= 0),
  distance_m  double precision,          -- from the nearest of the grower's parcels
  crop        text NOT NULL CHECK (crop ~ '^[a-z0-9_]{1,50}$'),
  farmed      text NOT NULL CHECK (farmed IN ('yes', 'partly', 'no')),
  condition   text NOT NULL CHECK (condition IN ('good', 'fair', 'poor', 'failed')),
  boundary    text NOT NULL CHECK (boundary IN ('as_registered', 'differs', 'unclear')),
  note        text NOT NULL CHECK (parus.harmless(note)),
  photos      bigint[] NOT NULL,
  asker       text NOT NULL,
  at          timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX survey_of ON parus.survey (application);

-- Photos, sealed as parus.person is: one may show a person.
CREATE TABLE parus.photo (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  county    text NOT NULL,
  task      bigint NOT NULL REFERENCES parus.task ON DELETE CASCADE,
  grower_id text NOT NULL,
  sha256    bytea NOT NULL CHECK (octet_length(sha256) = 32),
  key_id    text NOT NULL,
  cipher    text NOT NULL CHECK (cipher IN ('AES-256-GCM', 'SM4-GCM')),
  sealed    bytea NOT NULL CHECK (octet_length(sealed) BETWEEN 100 AND 720000),
  asker     text NOT NULL,
  at        timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (task, sha256)
);
ALTER TABLE parus.photo ALTER COLUMN sealed SET STORAGE EXTERNAL; -- sealed bytes do not compress

-- Survey and photos are of a survey task that nobody else has taken.
CREATE FUNCTION parus.survey_made() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE t parus.task; me text := parus.asker(); app parus.application;
BEGIN
  SELECT * INTO t FROM parus.task WHERE id = NEW.task AND kind = 'survey' AND county = ANY (parus.counties()) FOR UPDATE;
  IF NOT FOUND THEN PERFORM parus.refuse('none', 'PW404', 'there is no such survey that you may see'); END IF;
  IF t.done_at IS NOT NULL THEN PERFORM parus.refuse('task-done', 'PW409', 'the survey is finished'); END IF;
  IF t.taken_by <> me THEN PERFORM parus.refuse('taken', 'PW409', 'somebody else has taken the task'); END IF;
  IF parus.role() <> 'officer' THEN PERFORM parus.refuse('not-your-role', 'PW403', 'officers survey'); END IF;
  NEW.county := t.county; NEW.asker := me; NEW.at := clock_timestamp();
  IF TG_TABLE_NAME = 'photo' THEN
    IF (SELECT count(*) >= 12 FROM parus.photo WHERE task = t.id) THEN PERFORM parus.refuse('photos', 'PW409', 'a survey takes at most 12 photos'); END IF;
    NEW.grower_id := t.grower_id;
    RETURN NEW;
  END IF;
  SELECT * INTO STRICT app FROM parus.application WHERE id = t.application;
  NEW.application := app.id;
  IF EXISTS (SELECT FROM unnest(NEW.photos) x WHERE NOT EXISTS (SELECT FROM parus.photo p WHERE p.id = x AND p.task = t.id)) THEN
    PERFORM parus.refuse('photos', 'PW422', 'a photo of the survey is not there: send it first');
  END IF;
  SELECT min(public.ST_Distance(geom::public.geography, public.ST_SetSRID(public.ST_MakePoint(NEW.lon, NEW.lat), 4326)::public.geography)) INTO NEW.distance_m
    FROM parus.parcel WHERE run = app.run AND grower_id = app.grower_id AND NEW.lat IS NOT NULL AND NEW.lon IS NOT NULL;
  INSERT INTO parus.application_event (application, act) VALUES (app.id, 'survey');
  UPDATE parus.task SET taken_by = me, taken_at = coalesce(taken_at, clock_timestamp()), done_by = me, done_at = clock_timestamp(), result = 'survey' WHERE id = t.id;
  IF NOT EXISTS (SELECT FROM parus.task WHERE application = app.id AND kind = 'survey' AND done_at IS NULL) THEN
    INSERT INTO parus.application_event (application, act) VALUES (app.id, 'surveyed');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER made BEFORE INSERT ON parus.survey FOR EACH ROW EXECUTE FUNCTION parus.survey_made();
CREATE TRIGGER made BEFORE INSERT ON parus.photo FOR EACH ROW EXECUTE FUNCTION parus.survey_made();

-- Putting a limit's last day off. offered_until is what the credit policy's
-- relief gives, null = nothing; more than that only the risk manager grants.
CREATE TABLE parus.relief (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  county        text NOT NULL,
  credit_limit  bigint NOT NULL REFERENCES parus.credit_limit ON DELETE CASCADE,
  grower_id     text NOT NULL,
  why           text NOT NULL CHECK (length(why) >= 4 AND parus.harmless(why)),
  asked_until   date NOT NULL,
  offered_until date,
  offer         json NOT NULL,           -- what the policy says, from the evidence of today
  asked_by      text NOT NULL,
  at            timestamptz NOT NULL,
  state         text NOT NULL CHECK (state IN ('open', 'granted', 'refused')),
  until         date,
  decided_by    text CHECK (decided_by <> asked_by),
  decided_at    timestamptz,
  decided_why   text CHECK (parus.harmless(decided_why))
);
CREATE UNIQUE INDEX relief_open ON parus.relief (credit_limit) WHERE state = 'open';

-- The grower's right to have a person look again (PIPL Art. 24): at a refused
-- application, or at a decision made by the machine alone.
CREATE TABLE parus.human_review (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  county      text NOT NULL REFERENCES parus.county,
  grower_id   text NOT NULL,
  application bigint REFERENCES parus.application ON DELETE CASCADE,
  decision_id text NOT NULL,
  run         int NOT NULL REFERENCES parus.run ON DELETE CASCADE,
  why         text NOT NULL CHECK (length(why) >= 4 AND parus.harmless(why)), -- what the grower says
  asked_by    text NOT NULL,
  at          timestamptz NOT NULL,
  state       text NOT NULL CHECK (state IN ('open', 'upheld', 'overturned')),
  decided_by  text CHECK (decided_by <> asked_by),
  decided_at  timestamptz,
  decided_why text CHECK (parus.harmless(decided_why)) -- the explanation that the grower gets
);
CREATE UNIQUE INDEX human_review_open ON parus.human_review (county, grower_id, decision_id) WHERE state = 'open';

-- asked makes either with its task.
CREATE FUNCTION parus.asked() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE lim parus.credit_limit; app parus.application;
BEGIN
  NEW.asked_by := parus.asker(); NEW.at := clock_timestamp(); NEW.state := 'open';
  IF parus.role() <> 'officer' THEN PERFORM parus.refuse('not-your-role', 'PW403', 'officers bring what a grower asks for'); END IF;
  IF TG_TABLE_NAME = 'relief' THEN
    SELECT * INTO lim FROM parus.credit_limit WHERE id = NEW.credit_limit AND county = ANY (parus.counties());
    IF NOT FOUND THEN PERFORM parus.refuse('none', 'PW404', 'there is no such limit that you may see'); END IF;
    IF NEW.asked_until <= lim.until THEN PERFORM parus.refuse('until', 'PW422', format('the limit ends on %s: ask for a later day', lim.until)); END IF;
    NEW.county := lim.county; NEW.grower_id := lim.grower_id;
  ELSIF NEW.application IS NOT NULL THEN
    SELECT * INTO app FROM parus.application WHERE id = NEW.application AND county = ANY (parus.counties());
    IF NOT FOUND THEN PERFORM parus.refuse('none', 'PW404', 'there is no such application that you may see'); END IF;
    IF app.state <> 'refused' THEN PERFORM parus.refuse('not-refused', 'PW409', 'only a refused application is reviewed'); END IF;
    NEW.county := app.county; NEW.grower_id := app.grower_id; NEW.decision_id := app.decision_id; NEW.run := app.run;
  ELSE
    SELECT county, grower_id INTO NEW.county, NEW.grower_id FROM parus.decision WHERE run = NEW.run AND decision_id = NEW.decision_id AND county = ANY (parus.counties());
    IF NOT FOUND THEN PERFORM parus.refuse('none', 'PW404', 'there is no such decision that you may see'); END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER asked BEFORE INSERT ON parus.relief FOR EACH ROW EXECUTE FUNCTION parus.asked();
CREATE TRIGGER asked BEFORE INSERT ON parus.human_review FOR EACH ROW EXECUTE FUNCTION parus.asked();

CREATE FUNCTION parus.asked_task() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$ BEGIN
  IF TG_TABLE_NAME = 'relief' THEN
    INSERT INTO parus.task (county, kind, application, grower_id, subject) SELECT NEW.county, 'relief', application, NEW.grower_id, NEW.id::text FROM parus.credit_limit WHERE id = NEW.credit_limit;
  ELSE
    INSERT INTO parus.task (county, kind, application, grower_id, subject) VALUES (NEW.county, 'human_review', NEW.application, NEW.grower_id, NEW.id::text);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER task AFTER INSERT ON parus.relief FOR EACH ROW EXECUTE FUNCTION parus.asked_task();
CREATE TRIGGER task AFTER INSERT ON parus.human_review FOR EACH ROW EXECUTE FUNCTION parus.asked_task();

-- Who reviews what a machine decided took no part in any application on that
-- decision; who took part is asked in one place.
CREATE FUNCTION parus.took_part(r parus.human_review, who text) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog
AS $$ SELECT r.asked_by = who OR EXISTS (SELECT FROM parus.application a JOIN parus.application_event e ON e.application = a.id
  WHERE e.asker = who AND (a.id = r.application OR a.county = r.county AND a.grower_id = r.grower_id AND a.decision_id = r.decision_id)) $$;

-- decided: once, by a person who took no part. The tables are named as the kinds of their tasks.
CREATE FUNCTION parus.decided() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE me text := parus.asker();
BEGIN
  IF OLD.state <> 'open' THEN PERFORM parus.refuse('decided', 'PW409', 'this has been decided'); END IF;
  IF NOT parus.role() IN ('approver', 'risk_manager') THEN PERFORM parus.refuse('not-your-role', 'PW403', 'approvers and risk managers decide this'); END IF;
  IF length(coalesce(NEW.decided_why, '')) < 4 THEN PERFORM parus.refuse('no-reason', 'PW422', 'say why, in four characters or more'); END IF;
  NEW.decided_by := me; NEW.decided_at := clock_timestamp();
  IF OLD.asked_by = me THEN PERFORM parus.refuse('own-work', 'PW403', 'you asked for this: another person decides'); END IF;
  IF TG_TABLE_NAME = 'relief' THEN
    IF NEW.state = 'granted' THEN
      IF NEW.until IS NULL OR NEW.until > OLD.asked_until THEN PERFORM parus.refuse('until', 'PW422', 'grant a day not after the one asked for'); END IF;
      IF parus.role() <> 'risk_manager' AND (OLD.offered_until IS NULL OR NEW.until > OLD.offered_until) THEN
        PERFORM parus.refuse('beyond-policy', 'PW403', 'this is more than the credit policy gives: only the risk manager grants it');
      END IF;
      UPDATE parus.credit_limit SET until = NEW.until WHERE id = OLD.credit_limit AND until < NEW.until AND state <> 'closed';
      IF NOT FOUND THEN PERFORM parus.refuse('until', 'PW422', 'the limit is closed or ends later by itself'); END IF;
    END IF;
  ELSIF parus.took_part(OLD, me) THEN
    PERFORM parus.refuse('own-work', 'PW403', 'you took part in this application: another person reviews it');
  END IF;
  IF EXISTS (SELECT FROM parus.task WHERE kind = TG_TABLE_NAME AND subject = OLD.id::text AND county = OLD.county AND done_at IS NULL AND taken_by <> me) THEN
    PERFORM parus.refuse('taken', 'PW409', 'somebody else has taken the task');
  END IF;
  UPDATE parus.task SET done_by = me, done_at = clock_timestamp(), result = NEW.state WHERE kind = TG_TABLE_NAME AND subject = OLD.id::text AND county = OLD.county AND done_at IS NULL;
  RETURN NEW;
END $$;
CREATE TRIGGER decided BEFORE UPDATE ON parus.relief FOR EACH ROW EXECUTE FUNCTION parus.decided();
CREATE TRIGGER decided BEFORE UPDATE ON parus.human_review FOR EACH ROW EXECUTE FUNCTION parus.decided();

CREATE FUNCTION parus.rule_changes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$ BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.proposed_by := parus.asker(); NEW.proposed_at := clock_timestamp(); NEW.confirmed_by := NULL; NEW.confirmed_at := NULL;
  ELSE
    IF OLD.confirmed_by IS NOT NULL THEN PERFORM parus.refuse('decided', 'PW409', 'the rule is confirmed'); END IF;
    IF OLD.proposed_by = parus.asker() THEN PERFORM parus.refuse('own-work', 'PW403', 'you proposed the rule: another person confirms it'); END IF;
    NEW.confirmed_by := parus.asker(); NEW.confirmed_at := clock_timestamp();
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER changes BEFORE INSERT OR UPDATE ON parus.approval_rule FOR EACH ROW EXECUTE FUNCTION parus.rule_changes();

-- Who sees what: lenders' people and auditors, in their counties.
DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['application', 'application_event', 'task', 'credit_limit', 'drawing', 'repayment', 'survey', 'photo', 'relief', 'human_review', 'approval_rule'] LOOP
    EXECUTE format('ALTER TABLE parus.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format($p$CREATE POLICY lenders ON parus.%I FOR SELECT TO parus_service USING (county = ANY ((SELECT parus.counties())::text[]) AND (SELECT parus.role()) IN ('officer', 'approver', 'risk_manager', 'auditor'))$p$, t);
    EXECUTE format('GRANT SELECT ON parus.%I TO parus_service', t);
    EXECUTE format($p$CREATE POLICY adds ON parus.%I FOR INSERT TO parus_service WITH CHECK (county = ANY ((SELECT parus.counties())::text[]) AND (SELECT parus.role()) IN ('officer', 'approver', 'risk_manager'))$p$, t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['task', 'relief', 'human_review', 'approval_rule'] LOOP
    EXECUTE format($p$CREATE POLICY changes ON parus.%I FOR UPDATE TO parus_service USING (county = ANY ((SELECT parus.counties())::text[]) AND (SELECT parus.role()) IN ('officer', 'approver', 'risk_manager'))$p$, t);
  END LOOP;
END $$;
DROP POLICY lenders ON parus.photo; -- auditors read who looked, not whom it showed
CREATE POLICY lenders ON parus.photo FOR SELECT TO parus_service USING (county = ANY ((SELECT parus.counties())::text[]) AND (SELECT parus.role()) IN ('officer', 'approver', 'risk_manager'));
ALTER POLICY adds ON parus.approval_rule WITH CHECK (county = ANY ((SELECT parus.counties())::text[]) AND (SELECT parus.role()) = 'risk_manager');
ALTER POLICY changes ON parus.approval_rule USING (county = ANY ((SELECT parus.counties())::text[]) AND (SELECT parus.role()) IN ('risk_manager', 'approver'));
GRANT INSERT (county, run, decision_id, grower_id, product, industry, purpose, asked_fen, asked_until) ON parus.application TO parus_service;
GRANT INSERT (application, act, amount_fen, until, reason_code, why) ON parus.application_event TO parus_service;
GRANT INSERT (county, kind, application, grower_id, subject, note) ON parus.task TO parus_service;
GRANT UPDATE (taken_by, done_by, result) ON parus.task TO parus_service;
GRANT INSERT (credit_limit, amount_fen) ON parus.drawing, parus.repayment TO parus_service;
GRANT INSERT (task, seen_at, lat, lon, accuracy_m, crop, farmed, condition, boundary, note, photos) ON parus.survey TO parus_service;
GRANT INSERT (task, sha256, key_id, cipher, sealed) ON parus.photo TO parus_service;
GRANT INSERT (credit_limit, why, asked_until, offered_until, offer) ON parus.relief TO parus_service;
GRANT UPDATE (state, until, decided_why) ON parus.relief TO parus_service;
GRANT INSERT (application, decision_id, run, why) ON parus.human_review TO parus_service;
GRANT UPDATE (state, decided_why) ON parus.human_review TO parus_service;
GRANT INSERT (county, from_fen, why) ON parus.approval_rule TO parus_service;
GRANT UPDATE (confirmed_by) ON parus.approval_rule TO parus_service;
GRANT SELECT ON parus.step, parus.task_kind TO parus_service;

ALTER TABLE parus.request_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON parus.request_key TO parus_service USING (asker = parus.asker()) WITH CHECK (asker = parus.asker());
GRANT SELECT, INSERT (key, question, answer) ON parus.request_key TO parus_service;

-- Who reviews what a machine decided took no part in any application on that
-- decision; who took part is asked in one place.
CREATE FUNCTION parus.took_part(r parus.human_review, who text) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog
AS $$ SELECT r.asked_by = who OR EXISTS (SELECT FROM parus.application a JOIN parus.application_event e ON e.application = a.id
  WHERE e.asker = who AND (a.id = r.application OR a.county = r.county AND a.grower_id = r.grower_id AND a.decision_id = r.decision_id)) $$;

CREATE OR REPLACE FUNCTION parus.decided() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
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

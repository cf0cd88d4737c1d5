-- What holds the rules of the credit factory: triggers, and who sees what.

CREATE FUNCTION parus.refuse(kind text, state text, message text) RETURNS void LANGUAGE plpgsql
AS $$ BEGIN RAISE EXCEPTION USING ERRCODE = state, MESSAGE = message, DETAIL = kind; END $$;

-- owns tells whether a trigger was set off by the rules themselves, not by the service.
CREATE FUNCTION parus.owns(of_table oid) RETURNS boolean LANGUAGE sql STABLE
AS $$ SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class WHERE oid = of_table $$;

-- A task is due within the hours of its kind.
CREATE FUNCTION parus.task_made() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog
AS $$
DECLARE k parus.task_kind;
BEGIN
  SELECT * INTO k FROM parus.task_kind WHERE kind = NEW.kind;
  IF NOT FOUND THEN PERFORM parus.refuse('kind', 'PW422', 'there is no such kind of task'); END IF;
  IF NOT parus.owns(TG_RELID) AND k.kind IN ('human_review', 'relief') THEN PERFORM parus.refuse('kind', 'PW422', 'such a task is made by asking for it'); END IF;
  IF NEW.application IS NOT NULL AND NOT EXISTS (SELECT FROM parus.application a WHERE a.id = NEW.application AND a.county = NEW.county AND a.grower_id = NEW.grower_id)
    OR k.states <> '{}' AND NOT EXISTS (SELECT FROM parus.application a WHERE a.id = NEW.application AND a.state = ANY (k.states)) THEN
    PERFORM parus.refuse('application', 'PW422', 'the task does not fit its application');
  END IF;
  NEW.made_by := parus.asker();
  NEW.made_at := clock_timestamp();
  NEW.due := NEW.made_at + make_interval(hours => k.hours);
  RETURN NEW;
END $$;
CREATE TRIGGER made BEFORE INSERT ON parus.task FOR EACH ROW EXECUTE FUNCTION parus.task_made();

-- A task is taken by one person, given back by him, finished by him.
CREATE FUNCTION parus.task_changes() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog
AS $$
DECLARE me text := parus.asker(); k parus.task_kind;
BEGIN
  IF parus.owns(TG_RELID) THEN RETURN NEW; END IF;
  SELECT * INTO STRICT k FROM parus.task_kind WHERE kind = OLD.kind;
  IF OLD.done_at IS NOT NULL THEN PERFORM parus.refuse('task-done', 'PW409', 'the task is finished'); END IF;
  IF NOT parus.role() = ANY (k.roles) THEN PERFORM parus.refuse('not-your-role', 'PW403', 'your role does not do tasks of this kind'); END IF;
  IF OLD.taken_by <> me THEN PERFORM parus.refuse('taken', 'PW409', 'somebody else has taken the task'); END IF;
  IF NEW.taken_by <> me OR NEW.done_by <> me THEN PERFORM parus.refuse('not-yourself', 'PW403', 'a task is taken in one''s own name'); END IF;
  NEW.taken_at := CASE WHEN NEW.taken_by IS NOT NULL THEN coalesce(OLD.taken_at, clock_timestamp()) END;
  IF NEW.done_by IS NOT NULL THEN
    IF k.states <> '{}' OR k.kind IN ('human_review', 'relief') THEN PERFORM parus.refuse('not-so', 'PW409', 'this task is finished by what it asks for, not by itself'); END IF;
    NEW.done_at := clock_timestamp();
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER changes BEFORE UPDATE ON parus.task FOR EACH ROW EXECUTE FUNCTION parus.task_changes();

-- An application copies what the machine decided from its decision.
CREATE FUNCTION parus.application_made() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE d record;
BEGIN
  SELECT outcome, limit_fen, tenor_end, rate_bp, season, trace INTO d FROM (
    SELECT outcome, limit_fen, tenor_end, rate_bp, season, trace FROM parus.decision
      WHERE run = NEW.run AND decision_id = NEW.decision_id AND county = NEW.county AND grower_id = NEW.grower_id
    UNION ALL SELECT answer->>'outcome', (answer->>'limit_fen')::bigint, (answer->>'tenor_end')::date, (answer->>'rate_bp')::int, answer->>'season', answer->'trace' FROM parus.asked_decision
      WHERE run = NEW.run AND decision_id = NEW.decision_id AND county = NEW.county AND grower_id = NEW.grower_id) x LIMIT 1;
  IF NOT FOUND OR NOT NEW.county = ANY (parus.counties()) THEN PERFORM parus.refuse('none', 'PW404', 'there is no such decision that you may see'); END IF;
  NEW.season := d.season;
  NEW.machine_outcome := d.outcome;
  NEW.machine_fen := d.limit_fen;
  NEW.machine_until := d.tenor_end;
  NEW.rate_bp := d.rate_bp;
  NEW.alert := coalesce((SELECT max((l->>'alert')::int) FROM json_array_elements(d.trace->'levels') l WHERE l->>'of' = 'cap'), 0);
  NEW.state := '';
  NEW.version := 0;
  NEW.applied_by := parus.asker();
  NEW.at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER made BEFORE INSERT ON parus.application FOR EACH ROW EXECUTE FUNCTION parus.application_made();
CREATE FUNCTION parus.application_begins() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$ BEGIN
  INSERT INTO parus.application_event (application, act, amount_fen, until) VALUES (NEW.id, 'apply', NEW.asked_fen, NEW.asked_until);
  RETURN NULL;
END $$;
CREATE TRIGGER begins AFTER INSERT ON parus.application FOR EACH ROW EXECUTE FUNCTION parus.application_begins();

-- moves is each act: it finds its step, holds who may not do it, and moves the
-- application, its tasks and its limit on.
CREATE FUNCTION parus.application_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE app parus.application; s parus.step; me text := parus.asker(); differs boolean; today date; lim parus.credit_limit;
BEGIN
  SELECT * INTO app FROM parus.application WHERE id = NEW.application AND county = ANY (parus.counties()) FOR UPDATE;
  IF NOT FOUND OR me = '' THEN PERFORM parus.refuse('none', 'PW404', 'there is no such application that you may see'); END IF;
  today := parus.day_of(app.run);
  NEW.county := app.county; NEW.at := clock_timestamp(); NEW.asker := me; NEW.role := parus.role(); NEW.from_state := app.state;
  NEW.reason_code := nullif(NEW.reason_code, ''); NEW.why := coalesce(trim(NEW.why), '');
  differs := app.machine_outcome NOT IN ('admit', 'refer') OR coalesce(NEW.amount_fen, app.proposed_fen, 0) > app.machine_fen
    OR coalesce(coalesce(NEW.until, app.proposed_until) > app.machine_until, false);

  SELECT * INTO s FROM parus.step WHERE from_state = app.state AND act = NEW.act AND CASE
    WHEN act = 'approve' AND from_state = 'approval' THEN (to_state = 'second') = (differs OR coalesce(NEW.amount_fen, app.proposed_fen) > parus.threshold(app.county))
    WHEN act = 'refuse' AND from_state = 'approval' THEN (to_state = 'refusing') = (app.machine_outcome = 'admit')
    ELSE true END;
  IF NOT FOUND THEN PERFORM parus.refuse('no-such-step', 'PW409', format('an application in state "%s" takes no "%s"', app.state, NEW.act)); END IF;
  IF NOT NEW.role = ANY (s.roles) THEN PERFORM parus.refuse('not-your-role', 'PW403', format('your role does not %s applications', replace(NEW.act, '_', ' '))); END IF;
  IF EXISTS (SELECT FROM parus.application_event e WHERE e.application = app.id AND e.asker = me AND e.act = ANY (s.not_by)) THEN
    PERFORM parus.refuse('own-work', 'PW403', 'you took part in this application: another person does this');
  END IF;
  IF s.why AND length(NEW.why) < 4 THEN PERFORM parus.refuse('no-reason', 'PW422', 'say why, in four characters or more'); END IF;
  NEW.to_state := s.to_state;

  IF NEW.act = 'surveyed' AND EXISTS (SELECT FROM parus.task WHERE application = app.id AND kind = 'survey' AND done_at IS NULL) THEN
    PERFORM parus.refuse('survey-open', 'PW409', 'a survey of the application is still open');
  ELSIF NEW.act = 'review' THEN
    IF NEW.amount_fen IS NULL OR NEW.until IS NULL OR NEW.amount_fen NOT BETWEEN 1 AND app.asked_fen THEN
      PERFORM parus.refuse('amount', 'PW422', 'propose an amount above 0 and not above what was asked for, and its last day');
    END IF;
    IF NEW.until <= today THEN PERFORM parus.refuse('until', 'PW422', format('the last day must lie after today, %s', today)); END IF;
    IF differs AND (NEW.reason_code IS NULL OR length(NEW.why) < 4) THEN
      PERFORM parus.refuse('override', 'PW422', 'this differs from what the machine decided: give a reason code and say why');
    END IF;
    app.proposed_fen := NEW.amount_fen; app.proposed_until := NEW.until;
    app.overrides := CASE WHEN differs THEN NEW.reason_code END;
  ELSIF NEW.act = 'approve' THEN
    NEW.until := app.proposed_until; -- approvers may lower the amount, no more
    NEW.amount_fen := coalesce(NEW.amount_fen, app.proposed_fen);
    IF NEW.amount_fen NOT BETWEEN 1 AND app.proposed_fen THEN PERFORM parus.refuse('amount', 'PW422', 'an approval may lower the proposed amount, not raise it'); END IF;
    IF app.proposed_until <= today THEN PERFORM parus.refuse('until', 'PW409', 'the proposed last day has passed: send it back'); END IF;
    app.proposed_fen := NEW.amount_fen;
    app.overrides := CASE WHEN differs THEN app.overrides END;
  ELSIF NEW.act = 'refuse' AND app.machine_outcome = 'admit' THEN
    IF NEW.reason_code IS NULL THEN PERFORM parus.refuse('override', 'PW422', 'the machine admitted: give a reason code and say why'); END IF;
    app.overrides := NEW.reason_code;
  ELSIF NEW.act = 'send_back' OR NEW.act = 'reopen' THEN
    app.overrides := NULL;
  END IF;
  IF NEW.act = 'reopen' AND NOT EXISTS (SELECT FROM parus.human_review r WHERE r.application = app.id AND r.state = 'overturned' AND r.decided_by = me) THEN
    PERFORM parus.refuse('no-such-step', 'PW409', 'a refused application is taken up again by a human review only');
  END IF;

  -- The limit.
  IF app.state IN ('approval', 'second') AND s.to_state = 'active' THEN
    INSERT INTO parus.credit_limit (county, application, run, grower_id, product, limit_fen, from_day, until, rate_bp, alert)
      VALUES (app.county, app.id, app.run, app.grower_id, app.product, app.proposed_fen, today, app.proposed_until, app.rate_bp, app.alert);
  ELSIF app.state IN ('active', 'frozen') THEN
    SELECT * INTO STRICT lim FROM parus.credit_limit WHERE application = app.id FOR UPDATE;
    IF s.to_state = 'closed' AND lim.outstanding_fen > 0 THEN PERFORM parus.refuse('outstanding', 'PW409', 'something is still outstanding'); END IF;
    UPDATE parus.credit_limit SET state = s.to_state WHERE id = lim.id;
  END IF;

  UPDATE parus.application SET state = s.to_state, version = version + 1, proposed_fen = app.proposed_fen, proposed_until = app.proposed_until, overrides = app.overrides WHERE id = app.id;

  -- Its tasks.
  IF s.to_state <> app.state THEN
    IF NEW.act <> 'withdraw' AND EXISTS (SELECT FROM parus.task t JOIN parus.task_kind k USING (kind) WHERE t.application = app.id AND t.done_at IS NULL AND k.states <> '{}' AND t.taken_by <> me) THEN
      PERFORM parus.refuse('taken', 'PW409', 'somebody else has taken the task of this step');
    END IF;
    UPDATE parus.task t SET done_by = me, done_at = clock_timestamp(), result = NEW.act FROM parus.task_kind k
      WHERE k.kind = t.kind AND t.application = app.id AND t.done_at IS NULL AND k.states <> '{}';
    INSERT INTO parus.task (county, kind, application, grower_id, note)
      SELECT app.county, k.kind, app.id, app.grower_id, CASE WHEN NEW.act IN ('send_back', 'reopen') THEN NEW.why ELSE '' END FROM parus.task_kind k WHERE s.to_state = ANY (k.states);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER moves BEFORE INSERT ON parus.application_event FOR EACH ROW EXECUTE FUNCTION parus.application_moves();

-- Money out and back: never over the limit, never below nothing, one after another.
CREATE FUNCTION parus.money_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE lim parus.credit_limit; today date; sign int := CASE TG_TABLE_NAME WHEN 'drawing' THEN 1 ELSE -1 END;
BEGIN
  SELECT * INTO lim FROM parus.credit_limit WHERE id = NEW.credit_limit AND county = ANY (parus.counties()) FOR UPDATE;
  IF NOT FOUND THEN PERFORM parus.refuse('none', 'PW404', 'there is no such limit that you may see'); END IF;
  IF parus.role() <> 'officer' THEN PERFORM parus.refuse('not-your-role', 'PW403', 'officers book drawings and repayments'); END IF;
  today := parus.day_of(lim.run);
  IF sign = 1 AND lim.state <> 'active' THEN PERFORM parus.refuse('not-active', 'PW409', format('the limit is %s', lim.state)); END IF;
  IF sign = 1 AND today > lim.until THEN PERFORM parus.refuse('over', 'PW409', format('the limit ended on %s', lim.until)); END IF;
  IF sign = 1 AND EXISTS (SELECT FROM parus.application_event e WHERE e.application = lim.application AND e.asker = parus.asker() AND e.act = 'approve') THEN
    PERFORM parus.refuse('own-work', 'PW403', 'you approved this limit: another person books what is drawn');
  END IF;
  IF sign = 1 AND lim.outstanding_fen + NEW.amount_fen > lim.limit_fen THEN
    PERFORM parus.refuse('over-limit', 'PW409', format('%s fen are left of the limit', lim.limit_fen - lim.outstanding_fen));
  ELSIF sign = -1 AND NEW.amount_fen > lim.outstanding_fen THEN
    PERFORM parus.refuse('over-paid', 'PW409', format('%s fen are outstanding', lim.outstanding_fen));
  END IF;
  UPDATE parus.credit_limit SET outstanding_fen = outstanding_fen + sign * NEW.amount_fen WHERE id = lim.id;
  NEW.county := lim.county; NEW.grower_id := lim.grower_id; NEW.day := today; NEW.asker := parus.asker(); NEW.at := clock_timestamp();
  NEW.left_fen := lim.limit_fen - lim.outstanding_fen - sign * NEW.amount_fen;
  RETURN NEW;
END $$;
CREATE TRIGGER moves BEFORE INSERT ON parus.drawing FOR EACH ROW EXECUTE FUNCTION parus.money_moves();
CREATE TRIGGER moves BEFORE INSERT ON parus.repayment FOR EACH ROW EXECUTE FUNCTION parus.money_moves();

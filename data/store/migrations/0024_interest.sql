-- What is owed on a limit: principal, and simple interest by the day at its
-- yearly rate, actual days of 365, as the decision's schedule has it. The day of
-- the drawing counts, the day of the repayment does not. Interest is rounded once,
-- half up to a fen, for the whole loan up to a day; there is no interest on
-- interest, and past the last day the rate stays what it was. What comes back pays
-- interest first, then principal (Civil Code Art. 561).

-- Of a product whose interest falls due every so many days; 0 = with the principal.
ALTER TABLE parus.credit_limit ADD interest_days int NOT NULL DEFAULT 0 CHECK (interest_days >= 0);
-- Of the amount, what paid interest. Repayments from before were of principal.
ALTER TABLE parus.repayment ADD interest_fen bigint NOT NULL DEFAULT 0 CHECK (interest_fen BETWEEN 0 AND amount_fen);

-- Interest of the loan up to a day, paid or not.
CREATE FUNCTION parus.interest_to(of_limit bigint, rate_bp int, on_day date) RETURNS bigint LANGUAGE sql STABLE
AS $$ SELECT div(2 * rate_bp * coalesce(sum(fen * (on_day - day)), 0) + 3650000, 7300000)::bigint FROM (
  SELECT amount_fen AS fen, day FROM parus.drawing WHERE credit_limit = of_limit
  UNION ALL SELECT interest_fen - amount_fen, day FROM parus.repayment WHERE credit_limit = of_limit) m WHERE day < on_day $$;

-- What of a limit is owed on a day: interest beside the principal outstanding;
-- what of both fell due before the day; since when, counted from the first due
-- day that was not met. All falls due on the last day, interest also on each
-- interest day before it.
CREATE FUNCTION parus.owed(l parus.credit_limit, on_day date) RETURNS TABLE (interest_fen bigint, overdue_fen bigint, overdue_days int, due date) LANGUAGE sql STABLE
AS $$
  WITH paid AS (SELECT coalesce(sum(r.interest_fen), 0)::bigint AS fen FROM parus.repayment r WHERE r.credit_limit = l.id),
  now AS (SELECT parus.interest_to(l.id, l.rate_bp, on_day) - fen AS fen FROM paid),
  late AS (SELECT d, f FROM (
    SELECT d, parus.interest_to(l.id, l.rate_bp, d) - paid.fen AS f FROM paid, generate_series(1, CASE WHEN l.interest_days > 0 THEN (least(on_day, l.until) - l.from_day - 1) / l.interest_days ELSE 0 END) k, LATERAL (SELECT l.from_day + k * l.interest_days AS d) x
    UNION ALL SELECT l.until, l.outstanding_fen + now.fen FROM now WHERE l.until < on_day) x WHERE f > 0)
  SELECT now.fen, coalesce((SELECT max(f) FROM late), 0), coalesce(on_day - (SELECT min(d) FROM late), 0), (SELECT min(d) FROM late) FROM now
$$;

-- How often interest falls due stands in the schedule of the decision: its first
-- payment, where there are several.
CREATE FUNCTION parus.limit_made() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$ BEGIN
  SELECT coalesce((x.schedule->0->>'due')::date - x.as_of, 0) INTO NEW.interest_days FROM parus.application a, LATERAL (
    SELECT d.trace->'schedule' AS schedule, d.as_of FROM parus.decision d WHERE d.run = a.run AND d.decision_id = a.decision_id
    UNION ALL SELECT d.answer->'trace'->'schedule', (d.answer->>'as_of')::date FROM parus.asked_decision d WHERE d.run = a.run AND d.decision_id = a.decision_id LIMIT 1) x
    WHERE a.id = NEW.application AND json_array_length(x.schedule) > 1;
  NEW.interest_days := coalesce(NEW.interest_days, 0);
  RETURN NEW;
END $$;
CREATE TRIGGER made BEFORE INSERT ON parus.credit_limit FOR EACH ROW EXECUTE FUNCTION parus.limit_made();

CREATE FUNCTION parus.limit_changes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$ BEGIN
  IF NEW.state = 'closed' AND (SELECT o.interest_fen > 0 FROM parus.owed(NEW, parus.day_of(NEW.run)) o) THEN
    PERFORM parus.refuse('outstanding', 'PW409', 'interest is still owed');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER changes BEFORE UPDATE OF state ON parus.credit_limit FOR EACH ROW EXECUTE FUNCTION parus.limit_changes();

-- As in 0012; a repayment is now of money, not of principal.
CREATE OR REPLACE FUNCTION parus.money_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE lim parus.credit_limit; today date; change bigint := NEW.amount_fen; interest bigint;
BEGIN
  SELECT * INTO lim FROM parus.credit_limit WHERE id = NEW.credit_limit AND county = ANY (parus.counties()) FOR UPDATE;
  IF NOT FOUND THEN PERFORM parus.refuse('none', 'PW404', 'there is no such limit that you may see'); END IF;
  IF parus.role() <> 'officer' THEN PERFORM parus.refuse('not-your-role', 'PW403', 'officers book drawings and repayments'); END IF;
  today := parus.day_of(lim.run);
  IF TG_TABLE_NAME = 'drawing' THEN
    IF lim.state <> 'active' THEN PERFORM parus.refuse('not-active', 'PW409', format('the limit is %s', lim.state)); END IF;
    IF today > lim.until THEN PERFORM parus.refuse('over', 'PW409', format('the limit ended on %s', lim.until)); END IF;
    IF EXISTS (SELECT FROM parus.application_event e WHERE e.application = lim.application AND e.asker = parus.asker() AND e.act = 'approve') THEN
      PERFORM parus.refuse('own-work', 'PW403', 'you approved this limit: another person books what is drawn');
    END IF;
    IF lim.outstanding_fen + NEW.amount_fen > lim.limit_fen THEN
      PERFORM parus.refuse('over-limit', 'PW409', format('%s fen are left of the limit', lim.limit_fen - lim.outstanding_fen));
    END IF;
  ELSE
    SELECT o.interest_fen INTO STRICT interest FROM parus.owed(lim, today) o;
    IF NEW.amount_fen > lim.outstanding_fen + interest THEN
      PERFORM parus.refuse('over-paid', 'PW409', format('%s fen are owed today: %s of principal, %s of interest', lim.outstanding_fen + interest, lim.outstanding_fen, interest));
    END IF;
    NEW.interest_fen := greatest(0, least(NEW.amount_fen, interest));
    change := NEW.interest_fen - NEW.amount_fen;
  END IF;
  UPDATE parus.credit_limit SET outstanding_fen = outstanding_fen + change WHERE id = lim.id;
  NEW.county := lim.county; NEW.grower_id := lim.grower_id; NEW.day := today; NEW.asker := parus.asker(); NEW.at := clock_timestamp();
  NEW.left_fen := lim.limit_fen - lim.outstanding_fen - change;
  RETURN NEW;
END $$;

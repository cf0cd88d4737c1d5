-- What was decided is kept once. The decision that a run holds is not written
-- again when somebody asks for it: the entry of the audit log names it and says
-- who asked. A row of asked_decision stands where there is more to keep: a key,
-- by which the same question is answered again, or an answer that the run does
-- not hold (its decisions were made by another version of the program).

ALTER TABLE parus.asked_decision ALTER COLUMN answer DROP NOT NULL; -- null = the run's own decision
ALTER TABLE parus.asked_decision DROP CONSTRAINT asked_decision_asker_key_key;
CREATE UNIQUE INDEX asked_decision_key ON parus.asked_decision (asker, key) WHERE key IS NOT NULL;
REVOKE INSERT ON parus.asked_decision FROM parus_service;
DROP POLICY as_oneself ON parus.asked_decision;

-- Entries follow each other in time: ranges of pages are enough to find a day.
DROP INDEX parus.audit_day;
CREATE INDEX audit_day ON parus.audit USING brin (at);

-- keep_asked numbers and hashes its entries itself, with one statement less.
-- Others cannot: parus_service may not write seq.
DROP TRIGGER chain ON parus.audit;
CREATE TRIGGER chain BEFORE INSERT ON parus.audit FOR EACH ROW WHEN (NEW.seq IS NULL) EXECUTE FUNCTION parus.chain();

-- What every insert would be checked against once more: chain() refuses an act
-- without a name, and nobody else writes the head.
ALTER TABLE parus.audit DROP CONSTRAINT audit_act_check;
ALTER TABLE parus.audit_head DROP CONSTRAINT audit_head_one_check;
CREATE OR REPLACE FUNCTION parus.chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
  alone text := pg_advisory_xact_lock(x'7061727573'::bigint + 1);
  rest  text;
BEGIN
  IF NEW.act = '' THEN
    RAISE EXCEPTION 'an entry of the audit log says what was done' USING ERRCODE = 'check_violation';
  END IF;
  NEW.at := clock_timestamp();
  NEW.asker := coalesce(current_setting('parus.asker', true), '');
  NEW.role := coalesce(current_setting('parus.role', true), '');
  rest := format(',27:%s,%s:%s,%s:%s,%s:%s,%s:%s,%s:%s,%s:%s,', to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), octet_length(NEW.asker), NEW.asker,
    octet_length(NEW.role), NEW.role, octet_length(NEW.county), NEW.county, octet_length(NEW.act), NEW.act, octet_length(NEW.subject), NEW.subject, octet_length(NEW.detail), NEW.detail);
  UPDATE parus.audit_head a SET seq = a.seq + 1, hash = sha256(a.hash || convert_to(format('%s:%s%s', octet_length((a.seq + 1)::text), a.seq + 1, rest), 'UTF8'))
    RETURNING a.seq, a.hash INTO STRICT NEW.seq, NEW.hash;
  RETURN NEW;
END $$;

-- keep_asked keeps that decisions were asked for, all or none: an entry of the
-- audit log for each, and a row of asked_decision where there is more to keep.
-- Whoever may not decide growers of the county spoils the whole. Each is ten
-- texts: asker, role, his counties, county, run, grower, decision, answer, key
-- ('' = none) and what the entry says, JSON without the brace it begins with. It
-- says of each whether it was kept: not where the asker had used the key before.
-- The hashes are those of chain().
DROP FUNCTION parus.keep_asked;
CREATE FUNCTION parus.keep_asked(asked text[]) RETURNS boolean[] LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
  kept     boolean[];
  who      text; acts_as text; of_county text; decision text; said text; rest text; lock text;
  row      bigint;
  n        bigint;
  now      timestamptz;
  ends     bytea;
BEGIN
  FOR i IN 0 .. cardinality(asked) / 10 - 1 LOOP
    who := asked[i*10+1]; acts_as := asked[i*10+2]; of_county := asked[i*10+4]; decision := asked[i*10+7]; said := '{';
    IF who = '' OR acts_as NOT IN ('officer', 'approver', 'risk_manager') OR of_county <> ALL (string_to_array(asked[i*10+3], ',')) THEN
      RAISE EXCEPTION 'the role "%" may not decide growers of county %', acts_as, of_county USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF asked[i*10+8] <> '' OR asked[i*10+9] <> '' THEN
      INSERT INTO parus.asked_decision (run, county, grower_id, decision_id, answer, key, asker, role)
        VALUES (asked[i*10+5]::int, of_county, asked[i*10+6], decision, nullif(asked[i*10+8], '')::json, nullif(asked[i*10+9], ''), who, acts_as)
        ON CONFLICT (asker, key) WHERE key IS NOT NULL DO NOTHING RETURNING id INTO row;
      kept[i+1] := row IS NOT NULL;
      CONTINUE WHEN row IS NULL;
      said := '{"asked":' || row || ',';
    END IF;
    kept[i+1] := true;
    said := said || asked[i*10+10];
    -- Who comes second waits here for the transaction of the first, so that the times follow each other too.
    lock := pg_advisory_xact_lock(x'7061727573'::bigint + 1);
    now := clock_timestamp();
    rest := format(',27:%s,%s:%s,%s:%s,%s:%s,6:decide,%s:%s,%s:%s,', to_char(now AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), octet_length(who), who,
      octet_length(acts_as), acts_as, octet_length(of_county), of_county, octet_length(decision), decision, octet_length(said), said);
    UPDATE parus.audit_head a SET seq = a.seq + 1, hash = sha256(a.hash || convert_to(format('%s:%s%s', octet_length((a.seq + 1)::text), a.seq + 1, rest), 'UTF8'))
      RETURNING a.seq, a.hash INTO STRICT n, ends;
    INSERT INTO parus.audit (seq, at, asker, role, county, act, subject, detail, hash) VALUES (n, now, who, acts_as, of_county, 'decide', decision, said, ends);
  END LOOP;
  RETURN kept;
END $$;
REVOKE ALL ON FUNCTION parus.keep_asked FROM public;
GRANT EXECUTE ON FUNCTION parus.keep_asked TO parus_service;

-- Only answers that were kept are looked into: of others the run has the decision.
CREATE OR REPLACE FUNCTION parus.application_made() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE d record;
BEGIN
  SELECT outcome, limit_fen, tenor_end, rate_bp, season, trace INTO d FROM (
    SELECT outcome, limit_fen, tenor_end, rate_bp, season, trace FROM parus.decision
      WHERE run = NEW.run AND decision_id = NEW.decision_id AND county = NEW.county AND grower_id = NEW.grower_id
    UNION ALL SELECT answer->>'outcome', (answer->>'limit_fen')::bigint, (answer->>'tenor_end')::date, (answer->>'rate_bp')::int, answer->>'season', answer->'trace' FROM parus.asked_decision
      WHERE run = NEW.run AND decision_id = NEW.decision_id AND county = NEW.county AND grower_id = NEW.grower_id AND answer IS NOT NULL) x LIMIT 1;
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

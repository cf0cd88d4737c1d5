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

-- keep_asked keeps that decisions were asked for, all or none: an entry of the
-- audit log for each, and a row of asked_decision where there is more to keep.
-- Whoever may not decide growers of the county spoils the whole. details are
-- JSON without the brace they begin with. It says of each whether it was kept:
-- not where the asker had used the key before. The hashes are those of chain().
DROP FUNCTION parus.keep_asked;
CREATE FUNCTION parus.keep_asked(askers text[], roles text[], of_counties text[], runs int[], in_county text[], growers text[], decisions text[], answers text[], keys text[], details text[])
  RETURNS boolean[] LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
  kept  boolean[];
  row   bigint;
  lock  text;
  now   timestamptz;
  said  text;
  rest  text;
  n     bigint;
  ends  bytea;
BEGIN
  FOR i IN 1 .. cardinality(askers) LOOP
    IF askers[i] = '' OR in_county[i] <> ALL (string_to_array(of_counties[i], ',')) OR roles[i] NOT IN ('officer', 'approver', 'risk_manager') THEN
      RAISE EXCEPTION 'the role "%" may not decide growers of county %', roles[i], in_county[i] USING ERRCODE = 'insufficient_privilege';
    END IF;
    said := '{';
    IF keys[i] IS NOT NULL OR answers[i] IS NOT NULL THEN
      INSERT INTO parus.asked_decision (run, county, grower_id, decision_id, answer, key, asker, role)
        VALUES (runs[i], in_county[i], growers[i], decisions[i], answers[i]::json, keys[i], askers[i], roles[i])
        ON CONFLICT (asker, key) WHERE key IS NOT NULL DO NOTHING RETURNING id INTO row;
      kept[i] := row IS NOT NULL;
      CONTINUE WHEN row IS NULL;
      said := '{"asked":' || row || ',';
    END IF;
    kept[i] := true;
    said := said || details[i];
    -- Who comes second waits here for the transaction of the first, so that the times follow each other too.
    lock := pg_advisory_xact_lock(x'7061727573'::bigint + 1);
    now := clock_timestamp();
    rest := format(',27:%s,%s:%s,%s:%s,%s:%s,6:decide,%s:%s,%s:%s,', to_char(now AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), octet_length(askers[i]), askers[i],
      octet_length(roles[i]), roles[i], octet_length(in_county[i]), in_county[i], octet_length(decisions[i]), decisions[i], octet_length(said), said);
    UPDATE parus.audit_head a SET seq = a.seq + 1, hash = sha256(a.hash || convert_to(format('%s:%s%s', octet_length((a.seq + 1)::text), a.seq + 1, rest), 'UTF8'))
      RETURNING a.seq, a.hash INTO STRICT n, ends;
    INSERT INTO parus.audit (seq, at, asker, role, county, act, subject, detail, hash) VALUES (n, now, askers[i], roles[i], in_county[i], 'decide', decisions[i], said, ends);
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

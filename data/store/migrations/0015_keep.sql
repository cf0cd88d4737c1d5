-- Decisions that many ask for at once are kept in one journey and one commit,
-- each in its asker's own name.

-- The same hashes as before, with one statement instead of two: a netstring is a
-- length in bytes, colon, text, comma; a time has 27. Who comes second waits here
-- for the transaction of the first, so that the times follow each other too.
CREATE OR REPLACE FUNCTION parus.chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE
  alone text := pg_advisory_xact_lock(x'7061727573'::bigint + 1);
  rest  text;
BEGIN
  NEW.at := clock_timestamp();
  NEW.asker := coalesce(current_setting('parus.asker', true), '');
  NEW.role := coalesce(current_setting('parus.role', true), '');
  rest := ':' || to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || ',' || octet_length(NEW.asker) || ':' || NEW.asker || ','
    || octet_length(NEW.role) || ':' || NEW.role || ',' || octet_length(NEW.county) || ':' || NEW.county || ',' || octet_length(NEW.act) || ':' || NEW.act || ','
    || octet_length(NEW.subject) || ':' || NEW.subject || ',' || octet_length(NEW.detail) || ':' || NEW.detail || ',';
  UPDATE parus.audit_head SET seq = seq + 1, hash = sha256(hash || convert_to(octet_length((seq + 1)::text) || ':' || (seq + 1) || ',27' || rest, 'UTF8'))
    RETURNING seq, hash INTO STRICT NEW.seq, NEW.hash;
  RETURN NEW;
END $$;

-- keep_asked keeps decisions that were asked for, all or none, and adds an entry
-- to the audit log for each. It does so as parus_service and as each asker in
-- turn: row-level security judges every row as if it came alone. Where an asker
-- used the key of a row before, nothing is kept; same says whether the question
-- was the same, was is what he got. The chain stays locked until the end, so all
-- entries come last. What it sets it sets by assignment, which costs a tenth of a statement.
CREATE FUNCTION parus.keep_asked(askers text[], roles text[], of_counties text[], runs int[], in_county text[], growers text[], decisions text[], answers text[], keys text[], details text[])
  RETURNS TABLE (kept boolean, same boolean, was text) LANGUAGE plpgsql
AS $$
DECLARE
  ids bigint[];
  new bigint;
  said text := set_config('role', 'parus_service', true);
BEGIN
  FOR i IN 1 .. cardinality(askers) LOOP
    said := set_config('parus.asker', askers[i], true) || set_config('parus.role', roles[i], true) || set_config('parus.counties', of_counties[i], true);
    INSERT INTO parus.asked_decision (run, county, grower_id, decision_id, answer, key) VALUES (runs[i], in_county[i], growers[i], decisions[i], answers[i]::json, keys[i])
      ON CONFLICT (asker, key) DO NOTHING RETURNING id INTO new;
    ids[i] := new; kept := new IS NOT NULL; same := true; was := NULL;
    IF NOT kept THEN
      SELECT a.county = in_county[i] AND a.grower_id = growers[i], a.answer INTO same, was FROM parus.asked_decision a WHERE a.asker = askers[i] AND a.key = keys[i];
    END IF;
    RETURN NEXT;
  END LOOP;
  FOR i IN 1 .. cardinality(askers) LOOP
    CONTINUE WHEN ids[i] IS NULL;
    said := set_config('parus.asker', askers[i], true) || set_config('parus.role', roles[i], true) || set_config('parus.counties', of_counties[i], true);
    INSERT INTO parus.audit (county, act, subject, detail) VALUES (in_county[i], 'decide', decisions[i], '{"asked":' || ids[i] || ',' || details[i]);
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION parus.keep_asked FROM public;
GRANT EXECUTE ON FUNCTION parus.keep_asked TO parus_service;

-- Answers of a few kilobytes: lz4, where this server has it, packs them in a
-- tenth of the time.
DO $$ BEGIN
  ALTER TABLE parus.asked_decision ALTER COLUMN answer SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN NULL;
END $$;

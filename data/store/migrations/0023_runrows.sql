-- A run's rows come by the hundred thousand: a foreign key that looks at each of
-- them took half of the time of publishing. The same is held for each statement
-- (docs/decisions/0008): rows stand only under a run that is there, a run that is
-- deleted takes its rows with it, and neither happens while the other does.

-- What keeps rows from being added while runs are deleted, and the other way round;
-- any number may add at once.
CREATE FUNCTION parus.run_lock() RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT x'7061727573'::bigint + 2 $$;

-- After a statement that adds rows: each run named in the table is there. The
-- runs are found by leaps along the primary key, which begins with run.
CREATE FUNCTION parus.rows_have_run() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog
AS $$
DECLARE orphan int;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(parus.run_lock());
  EXECUTE format('WITH RECURSIVE named AS ((SELECT run FROM parus.%1$I ORDER BY run LIMIT 1)
      UNION ALL SELECT (SELECT t.run FROM parus.%1$I t WHERE t.run > named.run ORDER BY t.run LIMIT 1) FROM named WHERE named.run IS NOT NULL)
    SELECT run FROM named WHERE run IS NOT NULL AND NOT EXISTS (SELECT FROM parus.run r WHERE r.id = named.run) LIMIT 1', TG_TABLE_NAME) INTO orphan;
  IF orphan IS NOT NULL THEN
    RAISE EXCEPTION 'rows of parus.% name run %, which is not there', TG_TABLE_NAME, orphan USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;

-- Whoever may delete a run deletes its rows, as a foreign key would.
CREATE FUNCTION parus.run_goes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$ BEGIN
  IF TG_WHEN = 'BEFORE' THEN
    PERFORM pg_advisory_xact_lock(parus.run_lock());
    RETURN NULL;
  END IF;
  DELETE FROM parus.parcel WHERE run = OLD.id;
  DELETE FROM parus.cycle WHERE run = OLD.id;
  DELETE FROM parus.series WHERE run = OLD.id;
  DELETE FROM parus.finding WHERE run = OLD.id;
  DELETE FROM parus.decision WHERE run = OLD.id;
  DELETE FROM parus.scene WHERE run = OLD.id;
  DELETE FROM parus.area WHERE run = OLD.id;
  DELETE FROM parus.agreement WHERE run = OLD.id;
  DELETE FROM parus.tenure WHERE run = OLD.id;
  DELETE FROM parus.past WHERE run = OLD.id;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION parus.run_goes FROM public;
CREATE TRIGGER waits BEFORE DELETE ON parus.run FOR EACH STATEMENT EXECUTE FUNCTION parus.run_goes();
CREATE TRIGGER goes AFTER DELETE ON parus.run FOR EACH ROW EXECUTE FUNCTION parus.run_goes();

-- The other ways to take a run from its rows.
CREATE FUNCTION parus.run_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog
AS $$ BEGIN RAISE EXCEPTION 'a run keeps its number and is deleted by DELETE alone, with its rows' USING ERRCODE = 'foreign_key_violation'; END $$;
CREATE TRIGGER keeps_number BEFORE UPDATE OF id ON parus.run FOR EACH STATEMENT EXECUTE FUNCTION parus.run_stays();
CREATE TRIGGER is_not_emptied BEFORE TRUNCATE ON parus.run FOR EACH STATEMENT EXECUTE FUNCTION parus.run_stays();

DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['parcel', 'cycle', 'series', 'finding', 'decision', 'scene', 'area', 'agreement', 'tenure', 'past'] LOOP
    EXECUTE format('ALTER TABLE parus.%1$I DROP CONSTRAINT %2$I', t, t || '_run_fkey');
    EXECUTE format('CREATE TRIGGER have_run AFTER INSERT OR UPDATE OF run ON parus.%I FOR EACH STATEMENT EXECUTE FUNCTION parus.rows_have_run()', t);
  END LOOP;
END $$;

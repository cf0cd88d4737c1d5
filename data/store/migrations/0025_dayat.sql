-- The calendar day of a run's loans at an instant, as parus.day_of has it now.
CREATE FUNCTION parus.day_of(of_run int, at timestamptz) RETURNS date LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$ SELECT CASE WHEN sample THEN as_of + ((at AT TIME ZONE 'Asia/Shanghai')::date - (published AT TIME ZONE 'Asia/Shanghai')::date)
  ELSE (at AT TIME ZONE 'Asia/Shanghai')::date END FROM parus.run WHERE id = of_run $$;
CREATE OR REPLACE FUNCTION parus.day_of(of_run int) RETURNS date LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$ SELECT parus.day_of(of_run, now()) $$;

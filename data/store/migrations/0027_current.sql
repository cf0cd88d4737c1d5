-- What a service makes ready before anybody asks: the newest run of each county,
-- as it is shown where no run is named. Only that it is there is told; its rows
-- are read as everybody's are, in the name of one who may see the county.
CREATE FUNCTION parus.current_runs() RETURNS TABLE (id int, county text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$ SELECT n.id, n.county FROM (SELECT DISTINCT ON (r.county) r.id, r.county, r.published FROM parus.run r ORDER BY r.county, r.as_of DESC, r.id DESC) n ORDER BY n.published DESC, n.id DESC $$;
REVOKE ALL ON FUNCTION parus.current_runs FROM public;
GRANT EXECUTE ON FUNCTION parus.current_runs TO parus_service;

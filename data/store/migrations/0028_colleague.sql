-- What colleagues are called: the members of a county that is the asker's too, by
-- the ID that stands where somebody did something. An ID that two providers give
-- to different people names nobody. Partners and owners of models, who meet no
-- tasks and no land, see none.
CREATE FUNCTION parus.colleagues(of_county text) RETURNS TABLE (id text, name text, role text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$ SELECT m.subject, min(m.name), min(m.role) FROM parus.member m
  WHERE of_county = ANY (m.counties) AND of_county = ANY (parus.counties()) AND parus.role() IN ('clerk', 'officer', 'approver', 'risk_manager', 'auditor')
  GROUP BY m.subject HAVING count(DISTINCT (m.name, m.role)) = 1 ORDER BY m.subject $$;
REVOKE ALL ON FUNCTION parus.colleagues FROM public;
GRANT EXECUTE ON FUNCTION parus.colleagues TO parus_service;

-- Parcels of a run, and claims of a county and season, whose boxes meet a box of
-- degrees, found by the index (see 0014): codes alone, of the asker's counties, to
-- those who meet growers; what stands behind them is read under the policies.
CREATE FUNCTION parus.parcels_in(of_run int, west double precision, south double precision, east double precision, north double precision)
  RETURNS TABLE (parcel_id text) LANGUAGE sql STABLE SECURITY DEFINER ROWS 50 SET search_path = pg_catalog
AS $$ SELECT p.parcel_id FROM parus.parcel p WHERE p.run = of_run AND p.geom OPERATOR(public.&&) public.ST_MakeEnvelope(west, south, east, north, 4326) AND p.county = ANY (parus.counties())
  AND parus.role() IN ('clerk', 'officer', 'approver', 'risk_manager', 'auditor') $$;
CREATE FUNCTION parus.claims_in(of_county text, of_season text, west double precision, south double precision, east double precision, north double precision)
  RETURNS TABLE (claim_id text) LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog
AS $$ SELECT c.claim_id FROM parus.claim c WHERE c.county = of_county AND c.season = of_season AND c.geom OPERATOR(public.&&) public.ST_MakeEnvelope(west, south, east, north, 4326)
  AND c.county = ANY (parus.counties()) AND parus.role() IN ('clerk', 'officer', 'approver', 'risk_manager', 'auditor') $$;
REVOKE ALL ON FUNCTION parus.parcels_in, parus.claims_in FROM public;
GRANT EXECUTE ON FUNCTION parus.parcels_in, parus.claims_in TO parus_service;

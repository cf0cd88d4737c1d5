-- Parcels of a run whose boxes meet those of a plot's parcels in another run (or
-- the same), found by the index: under row-level security the database may not
-- ask PostGIS's operators before it has checked each row. It shows codes alone,
-- of the asker's counties, to readers of land; what stands behind them is read
-- under the policies as ever.
CREATE FUNCTION parus.parcels_near(of_run int, plot_run int, of_plot text, degrees double precision)
  RETURNS TABLE (parcel_id text) LANGUAGE sql STABLE SECURITY DEFINER ROWS 20 SET search_path = pg_catalog
AS $$ SELECT DISTINCT p.parcel_id FROM parus.parcel o JOIN parus.parcel p ON p.run = of_run AND p.geom OPERATOR(public.&&) public.ST_Expand(o.geom, degrees)
  WHERE o.run = plot_run AND o.plot_id = of_plot AND o.county = ANY (parus.counties()) AND p.county = ANY (parus.counties())
  AND parus.role() IN ('clerk', 'officer', 'approver', 'risk_manager', 'auditor') $$;
REVOKE ALL ON FUNCTION parus.parcels_near FROM public;
GRANT EXECUTE ON FUNCTION parus.parcels_near TO parus_service;

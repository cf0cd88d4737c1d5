-- What a county lent, in numbers that name nobody: for statistics that all roles
-- read, also those who see no loan.
CREATE FUNCTION parus.credit_totals(of_county text)
  RETURNS TABLE (applications bigint, limits bigint, limit_fen bigint, growers_drawn bigint, drawn_fen bigint, outstanding_fen bigint, overdue bigint, in_default bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$ SELECT (SELECT count(*) FROM parus.application WHERE county = of_county), count(*), coalesce(sum(l.limit_fen), 0)::bigint,
  (SELECT count(DISTINCT grower_id) FROM parus.drawing WHERE county = of_county), (SELECT coalesce(sum(amount_fen), 0)::bigint FROM parus.drawing WHERE county = of_county), coalesce(sum(l.outstanding_fen), 0)::bigint,
  count(*) FILTER (WHERE l.outstanding_fen > 0 AND parus.day_of(l.run) > l.until), count(*) FILTER (WHERE l.outstanding_fen > 0 AND parus.day_of(l.run) - l.until >= 90)
  FROM parus.credit_limit l WHERE county = of_county AND of_county = ANY (parus.counties()) HAVING of_county = ANY (parus.counties()) $$;

-- What an auditor needs beside the log itself: pages of unmaskings, the log's end
-- for the file outside the database, and a walk along the whole chain that shows
-- nothing of what its entries say.

ALTER TABLE parus.unmasking ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY;
CREATE INDEX audit_day ON parus.audit (at);

-- The end of the log.
CREATE FUNCTION parus.audit_end() RETURNS TABLE (seq bigint, hash text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$ SELECT seq, encode(hash, 'hex') FROM parus.audit_head $$;

-- The hashes of some entries, to hold kept ends of days against.
CREATE FUNCTION parus.audit_hashes(of_seq bigint[]) RETURNS TABLE (seq bigint, hash text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$ SELECT a.seq, encode(a.hash, 'hex') FROM parus.audit a WHERE a.seq = ANY (of_seq) $$;

-- The first entry that does not follow from the one before it, null where all do;
-- the last entry, and the chain's head. For auditors alone: it reads the whole log.
CREATE FUNCTION parus.audit_walk() RETURNS TABLE (first_wrong bigint, last_seq bigint, last_hash text, head_seq bigint, head_hash text) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
  IF parus.role() <> 'auditor' THEN
    RAISE EXCEPTION 'only an auditor walks along the audit log' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN QUERY
    WITH walked AS (
      SELECT a.seq, a.hash, a.seq = row_number() OVER w AND a.hash = sha256(coalesce(lag(a.hash) OVER w, '') || parus.netstring(a.seq::text)
        || parus.netstring(to_char(a.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) || parus.netstring(a.asker) || parus.netstring(a.role)
        || parus.netstring(a.county) || parus.netstring(a.act) || parus.netstring(a.subject) || parus.netstring(a.detail)) AS fits
      FROM parus.audit a WINDOW w AS (ORDER BY a.seq))
    SELECT (SELECT min(w.seq) FROM walked w WHERE NOT w.fits), coalesce(l.seq, 0), coalesce(encode(l.hash, 'hex'), ''), h.seq, encode(h.hash, 'hex')
    FROM parus.audit_head h LEFT JOIN (SELECT w.seq, w.hash FROM walked w ORDER BY w.seq DESC LIMIT 1) l ON true;
END $$;

REVOKE ALL ON FUNCTION parus.audit_end, parus.audit_hashes, parus.audit_walk FROM public;
GRANT EXECUTE ON FUNCTION parus.audit_end, parus.audit_hashes, parus.audit_walk TO parus_service;

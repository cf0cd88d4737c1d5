-- What was done, by whom: each entry's hash covers the one before it, so that no
-- entry can be changed, taken out or put in between unseen. The database itself
-- numbers, dates and hashes; parus_service may only add.

CREATE TABLE parus.audit (
  seq     bigint PRIMARY KEY,
  at      timestamptz NOT NULL,
  asker   text NOT NULL,
  role    text NOT NULL,
  county  text NOT NULL, -- '' = of no county
  act     text NOT NULL CHECK (act <> ''),
  subject text NOT NULL, -- what it was done to
  detail  text NOT NULL, -- JSON, without names, numbers or phones
  hash    bytea NOT NULL -- SHA-256 of the hash before and of netstrings of the columns above
);
CREATE INDEX audit_subject ON parus.audit (subject, seq);

-- The end of the chain.
CREATE TABLE parus.audit_head (
  one  boolean PRIMARY KEY DEFAULT true CHECK (one),
  seq  bigint NOT NULL,
  hash bytea NOT NULL
);
INSERT INTO parus.audit_head (seq, hash) VALUES (0, '\x');

-- A netstring: length in bytes, colon, text, comma.
CREATE FUNCTION parus.netstring(t text) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT
AS $$ SELECT convert_to(octet_length(t) || ':' || t || ',', 'UTF8') $$;

CREATE FUNCTION parus.chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
DECLARE head parus.audit_head;
BEGIN
  SELECT * INTO STRICT head FROM parus.audit_head FOR UPDATE;
  NEW.seq := head.seq + 1;
  NEW.at := clock_timestamp();
  NEW.asker := coalesce(current_setting('parus.asker', true), '');
  NEW.role := coalesce(current_setting('parus.role', true), '');
  NEW.hash := sha256(head.hash || parus.netstring(NEW.seq::text) || parus.netstring(to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
    || parus.netstring(NEW.asker) || parus.netstring(NEW.role) || parus.netstring(NEW.county) || parus.netstring(NEW.act) || parus.netstring(NEW.subject) || parus.netstring(NEW.detail));
  UPDATE parus.audit_head SET seq = NEW.seq, hash = NEW.hash;
  RETURN NEW;
END $$;
CREATE TRIGGER chain BEFORE INSERT ON parus.audit FOR EACH ROW EXECUTE FUNCTION parus.chain();

ALTER TABLE parus.audit ENABLE ROW LEVEL SECURITY;
CREATE POLICY everybody_adds ON parus.audit FOR INSERT TO parus_service WITH CHECK (true);
CREATE POLICY auditor ON parus.audit FOR SELECT TO parus_service
  USING ((SELECT parus.role()) = 'auditor' AND (county = '' OR county = ANY ((SELECT parus.counties())::text[])));
GRANT SELECT ON parus.audit TO parus_service;
GRANT INSERT (county, act, subject, detail) ON parus.audit TO parus_service;

-- What a service keeps in memory of members and runs it may keep only while it
-- hears of their changes: each statement that touches them says so to all who listen.

CREATE FUNCTION parus.tell() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog
AS $$ BEGIN PERFORM pg_notify('parus_changed', TG_TABLE_NAME); RETURN NULL; END $$;
CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON parus.member FOR EACH STATEMENT EXECUTE FUNCTION parus.tell();
CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON parus.run FOR EACH STATEMENT EXECUTE FUNCTION parus.tell();

-- A member who is remembered must be forgotten when his time is over.
DROP FUNCTION parus.member_of, parus.member_with;
CREATE FUNCTION parus.member_of(of_issuer text, of_subject text)
  RETURNS TABLE (subject text, name text, role text, counties text[], until timestamptz) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$ SELECT m.subject, m.name, m.role, m.counties, m.until FROM parus.member m WHERE m.issuer = of_issuer AND m.subject = of_subject AND m.secret IS NULL AND (m.until IS NULL OR m.until > now()) $$;
CREATE FUNCTION parus.member_with(of_secret bytea)
  RETURNS TABLE (subject text, name text, role text, counties text[], until timestamptz) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$ SELECT m.subject, m.name, m.role, m.counties, m.until FROM parus.member m WHERE m.secret = of_secret AND (m.until IS NULL OR m.until > now()) $$;
REVOKE ALL ON FUNCTION parus.member_of, parus.member_with FROM public;
GRANT EXECUTE ON FUNCTION parus.member_of, parus.member_with TO parus_service;

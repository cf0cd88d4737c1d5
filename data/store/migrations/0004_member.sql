-- Who may ask, and as what. The service looks a member up before anybody is
-- named, through functions that show one row and no list.

CREATE TABLE parus.member (
  issuer   text NOT NULL,   -- of the identity provider; 'service' = a token of our own
  subject  text NOT NULL,   -- as the provider knows him; of a token its name
  name     text NOT NULL,
  role     text NOT NULL CHECK (role IN ('clerk', 'officer', 'approver', 'risk_manager', 'model_owner', 'auditor', 'partner')),
  counties text[] NOT NULL,
  secret   bytea,           -- SHA-256 of a token of our own
  until    timestamptz,     -- null = open
  PRIMARY KEY (issuer, subject)
);
CREATE UNIQUE INDEX member_secret ON parus.member (secret);

CREATE FUNCTION parus.member_of(of_issuer text, of_subject text)
  RETURNS TABLE (subject text, name text, role text, counties text[]) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$ SELECT m.subject, m.name, m.role, m.counties FROM parus.member m WHERE m.issuer = of_issuer AND m.subject = of_subject AND m.secret IS NULL AND (m.until IS NULL OR m.until > now()) $$;

CREATE FUNCTION parus.member_with(of_secret bytea)
  RETURNS TABLE (subject text, name text, role text, counties text[]) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$ SELECT m.subject, m.name, m.role, m.counties FROM parus.member m WHERE m.secret = of_secret AND (m.until IS NULL OR m.until > now()) $$;

REVOKE ALL ON FUNCTION parus.member_of, parus.member_with FROM public;
GRANT EXECUTE ON FUNCTION parus.member_of, parus.member_with TO parus_service;

-- What the service does by itself, each day: in the role 'service', which no member
-- can have, county by county, in its own name. It reads what is lent and owed and
-- makes tasks of monitoring and collection; it clears keys of writes that are old.

CREATE POLICY service ON parus.county FOR SELECT TO parus_service USING ((SELECT parus.role()) = 'service');
DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['application', 'task', 'credit_limit', 'drawing', 'repayment'] LOOP
    EXECUTE format($p$CREATE POLICY service ON parus.%I FOR SELECT TO parus_service USING (county = ANY ((SELECT parus.counties())::text[]) AND (SELECT parus.role()) = 'service')$p$, t);
  END LOOP;
END $$;
CREATE POLICY service_adds ON parus.task FOR INSERT TO parus_service WITH CHECK (county = ANY ((SELECT parus.counties())::text[]) AND (SELECT parus.role()) = 'service' AND kind IN ('monitor', 'collect'));

-- A due day makes one task of a kind, however many services look.
CREATE UNIQUE INDEX task_once ON parus.task (application, kind, subject) WHERE made_by = 'parus';

-- Keys are their askers' own for 30 days; then the service clears them, and nobody
-- clears younger ones.
DROP POLICY own ON parus.request_key;
CREATE POLICY own ON parus.request_key FOR SELECT TO parus_service USING (asker = parus.asker());
CREATE POLICY own_adds ON parus.request_key FOR INSERT TO parus_service WITH CHECK (asker = parus.asker());
CREATE POLICY service ON parus.request_key FOR SELECT TO parus_service USING ((SELECT parus.role()) = 'service' AND at < now() - interval '30 days');
CREATE POLICY service_clears ON parus.request_key FOR DELETE TO parus_service USING ((SELECT parus.role()) = 'service' AND at < now() - interval '30 days');
GRANT DELETE ON parus.request_key TO parus_service;
CREATE INDEX request_key_at ON parus.request_key (at);

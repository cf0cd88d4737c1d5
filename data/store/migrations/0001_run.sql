-- Runs of the batch: what `parus publish` brings in. Rows carry their county, by
-- which readers are kept apart.

CREATE EXTENSION IF NOT EXISTS postgis SCHEMA public;

-- The role of the service and of all who only read: it owns nothing, so the
-- policies below bind it.
DO $$ BEGIN
  CREATE ROLE parus_service NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
GRANT USAGE ON SCHEMA parus TO parus_service;

-- The counties that the asker of this transaction may see; none where nobody
-- has said who asks.
CREATE FUNCTION parus.counties() RETURNS text[] LANGUAGE sql STABLE
AS $$ SELECT string_to_array(current_setting('parus.counties', true), ',') $$;

-- The role of the asker of this transaction; '' where nobody has said.
CREATE FUNCTION parus.role() RETURNS text LANGUAGE sql STABLE
AS $$ SELECT coalesce(current_setting('parus.role', true), '') $$;

CREATE TABLE parus.county (
  code text PRIMARY KEY CHECK (code ~ '^[0-9]{6}$'), -- GB/T 2260
  name text NOT NULL
);

CREATE TABLE parus.run (
  id           int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  digest       text NOT NULL UNIQUE, -- SHA-256 over the public files of the run
  county       text NOT NULL REFERENCES parus.county,
  season       text NOT NULL,
  season_start date NOT NULL,
  season_end   date NOT NULL,
  as_of        date NOT NULL,
  sample       boolean NOT NULL,     -- made by `parus sample`
  dates        date[] NOT NULL,      -- the time axis of parus.series: first days of dekads
  info         json NOT NULL,        -- run.json
  evidence     bytea NOT NULL,       -- evidence.json.gz, from which decisions are made again
  published    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX run_newest ON parus.run (county, season, as_of DESC, id DESC);

CREATE TABLE parus.parcel (
  run       int NOT NULL REFERENCES parus.run ON DELETE CASCADE,
  county    text NOT NULL,
  parcel_id text NOT NULL,
  plot_id   text NOT NULL,
  grower_id text,                    -- who farms it on the as-of day, where known
  area_m2   double precision NOT NULL,
  geom      geometry(MultiPolygon, 4326) NOT NULL,
  PRIMARY KEY (run, parcel_id)
);
CREATE INDEX parcel_plot ON parus.parcel (run, plot_id);
CREATE INDEX parcel_grower ON parus.parcel (run, grower_id);
CREATE INDEX parcel_geom ON parus.parcel USING gist (geom);

CREATE TABLE parus.cycle (
  run              int NOT NULL REFERENCES parus.run ON DELETE CASCADE,
  county           text NOT NULL,
  plot_id          text NOT NULL,    -- or a parcel of no plot
  cycle            int NOT NULL,     -- 0 = none was seen
  emergence        date,
  peak             date,
  harvest_p25      date,
  harvest_p50      date,
  harvest_p75      date,
  crop             text,
  crop_probability real,
  crop_declared    text,
  crop_model       text,
  in_service       boolean NOT NULL,
  growth_grade     int,
  fapar_days       real,
  lai_peak         real,
  yield_p10_kg_mu  real,
  yield_p25_kg_mu  real,
  yield_p50_kg_mu  real,
  yield_p90_kg_mu  real,
  yield_crop       text,
  yield_basis      text,
  complete         boolean NOT NULL,
  perennial        boolean NOT NULL,
  current          boolean NOT NULL, -- as-of falls in it
  assessable       boolean NOT NULL,
  reason           text,
  inside_pixels    real NOT NULL,
  clear_dates      int NOT NULL,
  radar_dates      int NOT NULL,
  seen_share       real NOT NULL,
  last_clear       date,
  unread           text,
  bright_cover     boolean NOT NULL,
  PRIMARY KEY (run, plot_id, cycle)
);

-- One row a plot, one array a variable, along run.dates: a sheet reads one row.
CREATE TABLE parus.series (
  run           int NOT NULL REFERENCES parus.run ON DELETE CASCADE,
  county        text NOT NULL,
  plot_id       text NOT NULL,
  inside_pixels real NOT NULL,
  clear_dates   int NOT NULL,
  radar_orbit   text,
  left_out      text[],
  growth_note   text[],
  radar_dates   int[],
  usable real[], usable_vote real[], weight real[], ndvi real[], evi2 real[], lai real[], fapar real[], fcover real[],
  lai_of_mean real[], ndvi_sigma real[], lai_sigma real[], fapar_sigma real[], fcover_sigma real[], out_of_domain real[],
  vv real[], vh real[], b02 real[], b03 real[], b04 real[], b05 real[], b06 real[], b07 real[], b08 real[], b8a real[], b11 real[], b12 real[],
  PRIMARY KEY (run, plot_id)
);
ALTER TABLE parus.series ALTER COLUMN ndvi SET STORAGE EXTERNAL; -- arrays this short gain nothing by compression

CREATE TABLE parus.finding (
  run       int NOT NULL REFERENCES parus.run ON DELETE CASCADE,
  county    text NOT NULL,
  n         int NOT NULL,            -- its place in findings.csv
  grower_id text,
  parcel_id text,
  code      text NOT NULL,
  severity  text NOT NULL,
  detail    text NOT NULL,
  detail_zh text NOT NULL,
  numbers   text NOT NULL,
  witnesses text NOT NULL,
  PRIMARY KEY (run, n)
);
CREATE INDEX finding_grower ON parus.finding (run, grower_id);

CREATE TABLE parus.decision (
  run             int NOT NULL REFERENCES parus.run ON DELETE CASCADE,
  county          text NOT NULL,
  decision_id     text NOT NULL,
  grower_id       text NOT NULL,
  season          text NOT NULL,
  as_of           date NOT NULL,
  outcome         text NOT NULL,
  limit_fen       bigint NOT NULL,
  binding         text NOT NULL,
  tenor_end       date,
  rate_bp         int NOT NULL,
  reasons         text[] NOT NULL,
  rests_on        text NOT NULL,
  area_mu         double precision NOT NULL,
  plots           text[] NOT NULL,
  credit_policy   text NOT NULL,
  models          text[] NOT NULL,
  trace           json NOT NULL,     -- byte for byte as it was made
  evidence_sha256 text NOT NULL,
  PRIMARY KEY (run, decision_id)
);
CREATE INDEX decision_grower ON parus.decision (grower_id, as_of);

-- A reader sees the rows of his counties and no others; nobody named, nothing seen.
DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['run', 'parcel', 'cycle', 'series', 'finding', 'decision'] LOOP
    EXECUTE format('ALTER TABLE parus.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY own_county ON parus.%I FOR SELECT TO parus_service USING (county = ANY ((SELECT parus.counties())::text[]))', t);
    EXECUTE format('GRANT SELECT ON parus.%I TO parus_service', t);
  END LOOP;
END $$;
ALTER TABLE parus.county ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_county ON parus.county FOR SELECT TO parus_service USING (code = ANY ((SELECT parus.counties())::text[]));
GRANT SELECT ON parus.county TO parus_service;

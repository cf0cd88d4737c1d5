-- What a run looked at, and what each witness says of the land: the scenes with
-- where their bands lie, the areas, the agreement who farms what when,
-- and what earlier seasons saw.

CREATE TABLE parus.scene (
  run      int NOT NULL REFERENCES parus.run ON DELETE CASCADE,
  county   text NOT NULL,
  scene_id text NOT NULL,
  day      date NOT NULL,            -- of acquisition, UTC
  clear    real NOT NULL,            -- share of the run's land that it saw clear
  scene    json NOT NULL,            -- hrefs, grids and settled offset (raster.Scene)
  PRIMARY KEY (run, scene_id)
);
CREATE INDEX scene_day ON parus.scene (run, day);

CREATE TABLE parus.area (
  run         int NOT NULL REFERENCES parus.run ON DELETE CASCADE,
  county      text NOT NULL,
  n           int NOT NULL,          -- its place in areas.parquet
  grower_id   text,
  plot_id     text,                  -- null = all land of the grower
  parcels     int NOT NULL,
  contract_mu double precision, leased_mu double precision, surveyed_mu double precision, claimed_mu double precision, drawn_mu double precision,
  polygon_mu  double precision, seen_low_mu double precision, seen_high_mu double precision, counts_mu double precision,
  counted_by  text[] NOT NULL,
  PRIMARY KEY (run, n)
);
CREATE INDEX area_grower ON parus.area (run, grower_id);
CREATE INDEX area_plot ON parus.area (run, plot_id);

CREATE TABLE parus.agreement (
  run        int NOT NULL REFERENCES parus.run ON DELETE CASCADE,
  county     text NOT NULL,
  n          int NOT NULL,           -- its place in agreement.parquet
  grower_id  text,
  plot_id    text NOT NULL,
  subject    text NOT NULL,          -- crop, area
  self       text NOT NULL, government text NOT NULL, partner text NOT NULL, satellite text NOT NULL, -- '' = says nothing
  agree      text[] NOT NULL,        -- pairs, self-government
  differ     text[] NOT NULL,
  PRIMARY KEY (run, n)
);
CREATE INDEX agreement_plot ON parus.agreement (run, plot_id);

CREATE TABLE parus.tenure (
  run       int NOT NULL REFERENCES parus.run ON DELETE CASCADE,
  county    text NOT NULL,
  n         int NOT NULL,            -- its place in tenure.parquet
  parcel_id text NOT NULL,
  first_day date NOT NULL,
  last_day  date NOT NULL,
  grower_id text,                    -- null = nobody is known
  owner_id  text,
  leased    boolean NOT NULL,
  chain     text[] NOT NULL,         -- contract and transfers
  conflict  text,
  PRIMARY KEY (run, n)
);
CREATE INDEX tenure_parcel ON parus.tenure (run, parcel_id);

CREATE TABLE parus.past (
  run     int NOT NULL REFERENCES parus.run ON DELETE CASCADE,
  county  text NOT NULL,
  n       int NOT NULL,              -- its place in past.parquet
  plot_id text NOT NULL,
  season  text NOT NULL,
  crops   text[] NOT NULL,           -- in the order of harvest
  yields  text[] NOT NULL,           -- P50 of each, kg/mu
  share   real NOT NULL,             -- of the plot's area that the season covers
  PRIMARY KEY (run, n)
);
CREATE INDEX past_plot ON parus.past (run, plot_id);

-- Readers of land, in their counties.
DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['scene', 'area', 'agreement', 'tenure', 'past'] LOOP
    EXECUTE format('ALTER TABLE parus.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY own_county ON parus.%I FOR SELECT TO parus_service USING (county = ANY ((SELECT parus.counties())::text[])
      AND (SELECT parus.role()) IN (''clerk'', ''officer'', ''approver'', ''risk_manager'', ''auditor''))', t);
    EXECUTE format('GRANT SELECT ON parus.%I TO parus_service', t);
  END LOOP;
END $$;

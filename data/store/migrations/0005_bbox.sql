-- Where a run's land lies, so that a map opens on it: west, south, east, north in
-- degrees; null = it has no land.
ALTER TABLE parus.run ADD COLUMN bbox double precision[];
UPDATE parus.run SET bbox = (SELECT ARRAY[ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e)] FROM (SELECT ST_Extent(geom) AS e FROM parus.parcel WHERE parcel.run = parus.run.id) x WHERE e IS NOT NULL);

-- A plot's season is one row of some kilobytes that is always read whole: it stays
-- in its page, unpacked, in place of being cut into a dozen pieces elsewhere.
ALTER TABLE parus.series SET (toast_tuple_target = 8160);

"""The readers, on small files written here in the form of the real ones, and the cycles."""
import os
import tempfile
import unittest

import numpy as np
import pandas as pd

import crop_cycles
import crop_data
from crop_data import BANDS, CLASSES


def us_row(code, **dn):
    row = {"id": 0, "lon": -90.77, "lat": 35.36, "cdl_raw": code, "cdl_name": "", "source_crop_label": 0}
    for t in range(1, 37):
        for b in BANDS:
            row[f"{b}_T{t:02d}"] = dn.get(b, 1000)
    return row


class Readers(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.folder.name, "set.csv.gz")

    def tearDown(self):
        self.folder.cleanup()

    def test_us_zero_is_unseen_and_cdl_raw_is_the_label(self):
        row = us_row(5)
        row["B11_T07"] = 0
        row["B02_T09"] = 2500  # cloud: brighter than 0.20 in blue
        pd.DataFrame([row, us_row(999)]).to_csv(self.path, index=False)
        rows = crop_data.read_us(self.path, "US-AR")
        self.assertEqual(list(rows.crop), ["soybean"])  # code 999 is not known and left out
        self.assertTrue(np.isnan(rows.refl[0, 6]).all())
        self.assertTrue(np.isnan(rows.refl[0, 8]).all())
        self.assertAlmostEqual(float(rows.refl[0, 0, 0]), 0.1, places=6)
        self.assertEqual(rows.block[0], "353_-908")

    def long_file(self, stamps, **columns):
        lines = []
        for i, stamp in enumerate(stamps):
            line = {"sample_id": "a", "timestamp": stamp, "lat": 45.0, "lon": -75.0}
            line.update({"S2-L2A-" + b: 1000 + i for b in BANDS if b != "B8A"})
            line.update(columns)
            lines.append(line)
        pd.DataFrame(lines).to_csv(self.path, index=False)

    def test_canada_local_midnight_in_utc_is_the_next_month(self):
        self.long_file(["2016-12-31 23:00:00", "2017-06-30 22:00:00", "2017-12-31 23:00:00"], CROPTYPE_LABEL=1120)
        rows = crop_data.read_long(self.path, "CAN", crop_data.CT, "CROPTYPE_LABEL", 2017, True)
        seen = np.flatnonzero(np.isfinite(rows.refl[0]).all(axis=1))
        self.assertEqual(list(seen), [1, 19])  # middle dekads of January and July; the third is January 2018
        self.assertEqual((rows.crop[0], rows.region[0]), ("spring_wheat", "CAN-centre"))
        self.assertEqual(rows.refl[0, 19, 7], rows.refl[0, 19, 6])  # B08 stands in for B8A

    def test_france_ten_day_steps_and_65535(self):
        self.long_file(["2022-12-21 00:00:00", "2023-01-01 00:00:00", "2023-01-21 00:00:00"], ewoc_code=1106000031)
        table = pd.read_csv(self.path)
        table.loc[2, "S2-L2A-B03"] = 65535
        table.to_csv(self.path, index=False)
        rows = crop_data.read_long(self.path, "FRA", crop_data.EWOC, "ewoc_code", 2023, False)
        self.assertEqual(list(np.flatnonzero(np.isfinite(rows.refl[0]).all(axis=1))), [0])
        self.assertEqual(rows.crop[0], "rapeseed")

    def test_dekads_of_a_month(self):
        self.assertEqual(list(crop_data.dekad_of(np.array([1, 1, 1, 2, 12]), np.array([1, 11, 31, 28, 31]))), [0, 1, 2, 5, 35])

    def test_every_label_is_a_class(self):
        for table in (crop_data.CDL, crop_data.CT, crop_data.EWOC):
            for crop, _ in table.values():
                for part in crop.split(":")[0].split("+"):
                    self.assertIn(part, CLASSES)

    def test_a_block_is_wholly_on_one_side(self):
        one = crop_data.block_names([35.31, 35.39, 35.41], [-90.71, -90.79, -90.71])
        self.assertEqual(one[0], one[1])
        self.assertNotEqual(one[0], one[2])
        self.assertEqual(crop_data.block_share("353_-908"), crop_data.block_share("353_-908"))


def bump(t, middle, width, height):
    return height * np.exp(-((t - middle) / width) ** 2)


class Cycles(unittest.TestCase):
    t = np.arange(36)

    def test_two_crops_are_two_cycles(self):
        curve = 0.15 + bump(self.t, 10, 4, 0.65) + bump(self.t, 24, 4, 0.7)
        found = crop_cycles.find(curve)
        self.assertEqual([c[1] for c in found], [10, 24])
        self.assertLess(found[0][2], found[1][0])

    def test_bare_land_has_none(self):
        self.assertEqual(crop_cycles.find(0.2 + bump(self.t, 15, 3, 0.1)), [])

    def test_double_crop_gives_wheat_then_soybean(self):
        curve = 0.15 + bump(self.t, 10, 4, 0.65) + bump(self.t, 24, 4, 0.7)
        made = crop_cycles.samples_of_row("winter_wheat+soybean", crop_data.DOUBLE, curve, True)
        self.assertEqual([CLASSES[m[0]] for m in made], ["winter_wheat", "soybean"])
        self.assertLess(made[0][2], made[1][1])

    def test_weeds_before_rice_are_other(self):
        curve = 0.15 + bump(self.t, 7, 3, 0.5) + bump(self.t, 21, 4, 0.7)
        made = crop_cycles.samples_of_row("rice", crop_data.SUMMER, curve, True)
        self.assertEqual([CLASSES[m[0]] for m in made], ["rice", "other"])

    def test_window_hides_the_rest_of_the_year(self):
        refl = np.ones((1, 36, 10), np.float32)
        out = crop_cycles.window(refl, np.array([5]), np.array([9]))
        self.assertEqual(list(np.flatnonzero(np.isfinite(out[0, :, 0]))), [5, 6, 7, 8, 9])


if __name__ == "__main__":
    unittest.main()

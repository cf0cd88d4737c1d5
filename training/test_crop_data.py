"""The readers, on small files written here in the form of the real ones, and the cycles."""
import os
import tempfile
import unittest

import numpy as np
import pandas as pd

import crop_codes
import crop_cycles
import crop_data
import crop_readers
from crop_codes import CLASSES
from crop_data import BANDS


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
        rows = crop_readers.read_us(self.path, "US-AR", 35.35)
        self.assertEqual(list(rows.crop), ["soybean"])  # code 999 is not known and left out
        self.assertTrue(np.isnan(rows.refl[0, 6]).all())
        self.assertTrue(np.isnan(rows.refl[0, 8]).all())
        self.assertEqual(rows.region[0], "US-AR-north")
        self.assertAlmostEqual(float(rows.refl[0, 0, 0]), 0.1, places=6)
        self.assertEqual(rows.block[0], "353_-908")

    def long_file(self, stamps, **columns):
        lines = []
        for i, stamp in enumerate(stamps):
            line = {"sample_id": "a", "timestamp": stamp, "lat": 45.0, "lon": -75.0}
            line.update({"S2-L2A-" + b: 1000 + i for b in BANDS if b != "B8A"})
            line.update({"S1-SIGMA0-VV": 4216, "S1-SIGMA0-VH": 65535 if i else 1904})
            line.update(columns)
            lines.append(line)
        pd.DataFrame(lines).to_csv(self.path, index=False)

    def test_canada_local_midnight_in_utc_is_the_next_month(self):
        self.long_file(["2016-12-31 23:00:00", "2017-06-30 22:00:00", "2017-12-31 23:00:00"], CROPTYPE_LABEL=1120)
        rows = crop_readers.read_long(self.path, "CAN", crop_codes.CT, "CROPTYPE_LABEL", 2017, True)
        seen = np.flatnonzero(np.isfinite(rows.refl[0]).all(axis=1))
        self.assertEqual(list(seen), [1, 19])  # middle dekads of January and July; the third is January 2018
        self.assertEqual((rows.crop[0], rows.region[0]), ("spring_wheat", "CAN-centre"))
        self.assertEqual(rows.refl[0, 19, 7], rows.refl[0, 19, 6])  # B08 stands in for B8A
        self.assertAlmostEqual(float(rows.radar[0, 1, 0]), -10.502, places=3)  # 20 log10(4216) - 83
        self.assertAlmostEqual(float(rows.radar[0, 1, 1]), -17.407, places=3)  # 20 log10(1904) - 83
        self.assertTrue(np.isnan(rows.radar[0, 19, 1]))

    def test_france_ten_day_steps_and_65535(self):
        self.long_file(["2022-12-21 00:00:00", "2023-01-01 00:00:00", "2023-01-21 00:00:00"], ewoc_code=1106000031)
        table = pd.read_csv(self.path)
        table.loc[2, "S2-L2A-B03"] = 65535
        table.to_csv(self.path, index=False)
        rows = crop_readers.read_long(self.path, "FRA", crop_codes.EWOC, "ewoc_code", 2023, False)
        self.assertEqual(list(np.flatnonzero(np.isfinite(rows.refl[0]).all(axis=1))), [0])
        self.assertEqual(rows.crop[0], "rapeseed")

    def test_wide_months_go_on_the_calendar_and_south_is_turned(self):
        lines = []
        for lat in (45.0, -20.0):
            line = {"sample_id": "a", "CROPTYPE_LABEL": 1200, "LANDCOVER_LABEL": 11, "start_date": "2018-10-31", "lat": lat, "lon": 5.0, "year": 2019}
            for t in range(12):
                line.update({f"OPTICAL-{b}-ts{t}-{'10m' if b in ('B02', 'B03', 'B04', 'B08') else '20m'}": 65535 if t else 1000 for b in BANDS})
                line.update({f"SAR-{p}-ts{t}-20m": 4216 for p in ("VV", "VH")})
            lines.append(line)
        pd.DataFrame(lines).to_csv(self.path, index=False)
        rows = crop_readers.read_wide(self.path, "GLO", "GLO")
        seen = [list(np.flatnonzero(np.isfinite(r).all(axis=1))) for r in rows.refl]
        self.assertEqual(seen, [[31], [13]])  # local 1 November written in UTC: middle dekad of November; half a year on in the south

    def test_korea_offset_comes_off_and_bright_film_stays(self):
        folder = os.path.join(self.folder.name, "kor")
        os.makedirs(folder)
        days = [f"2021{m:02d}15" for m in range(1, 9)]
        rows = []
        for k, (name, blue) in enumerate((("사과", 1500), ("시설", 4000))):
            row = {"region": "nj", "row": k, "INTPR_NM": "", "AREA": 900.0, "CR_NM": name, "CR_ID": 1}
            row.update({f"{b.lower()}_{d}": blue for b in ["B01"] + BANDS for d in days})
            row.update({f"b02_{days[0]}": 4000, f"b08_{days[1]}": np.nan})
            rows.append(row)
        pd.DataFrame(rows).to_csv(os.path.join(folder, "nj.csv.gz"), index=False)
        got = crop_readers.read_korea(folder)
        self.assertEqual([list(np.flatnonzero(np.isfinite(r).all(axis=1))) for r in got.refl],
                         [[7, 10, 13, 16, 19, 22], [1, 7, 10, 13, 16, 19, 22]])  # cloud goes from the orchard; film is bright on all dates
        self.assertAlmostEqual(float(got.refl[0, 7, 3]), 0.05, places=6)  # (1500 - 1000) / 10000
        self.assertEqual(list(got.crop), ["apple", "greenhouse"])

    def test_dekads_of_a_month(self):
        self.assertEqual(list(crop_data.dekad_of(np.array([1, 1, 1, 2, 12]), np.array([1, 11, 31, 28, 31]))), [0, 1, 2, 5, 35])

    def test_every_label_is_a_class(self):
        for table in (crop_codes.CDL, crop_codes.CT, crop_codes.EWOC, crop_codes.KOREAN):
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
        made = crop_cycles.samples_of_row("winter_wheat+soybean", crop_codes.DOUBLE, curve, True)
        self.assertEqual([CLASSES[m[0]] for m in made], ["winter_wheat", "soybean"])
        self.assertLess(made[0][2], made[1][1])

    def test_weeds_before_rice_are_other(self):
        curve = 0.15 + bump(self.t, 7, 3, 0.5) + bump(self.t, 21, 4, 0.7)
        made = crop_cycles.samples_of_row("rice", crop_codes.SUMMER, curve, True)
        self.assertEqual([CLASSES[m[0]] for m in made], ["rice", "other"])

    def test_window_hides_the_rest_of_the_year(self):
        refl = np.ones((1, 36, 10), np.float32)
        out = crop_cycles.window(refl, np.array([5]), np.array([9]))
        self.assertEqual(list(np.flatnonzero(np.isfinite(out[0, :, 0]))), [5, 6, 7, 8, 9])


if __name__ == "__main__":
    unittest.main()

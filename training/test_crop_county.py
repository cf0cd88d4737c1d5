"""A county's own plots: the tables are read, and training goes on from them."""
import os
import sqlite3
import tempfile
import unittest

import numpy as np
import pandas as pd

import crop_county
import crop_networks
import train_county
from crop_codes import CLASSES
from crop_cycles import samples, shown_whole
from crop_data import BANDS
from crop_features import CHANNELS
from crop_training import Batches, train


def made_table(plots, label_of, seed=1):
    """A long table: 'maize' is green in summer, 'winter_wheat' in spring, 'soybean' in autumn."""
    rng, lines = np.random.default_rng(seed), []
    for k in range(plots):
        label = label_of(k)
        for month in range(1, 13):
            green = 0.5 if month in {"maize": (7, 8), "winter_wheat": (4, 5), "soybean": (9, 10)}[label] else 0.25
            line = {"id": f"p{k}", "date": f"2024-{month:02d}-15", "label": label, "lat": 36 + k * 0.05, "lon": 115.0}
            line.update({b: round(0.08 + rng.normal(0, 0.004), 4) for b in BANDS})
            line.update({"B08": green, "B8A": green, "B07": green})
            lines.append(line)
    return pd.DataFrame(lines)


class Tables(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.folder.name, "plots.csv")

    def tearDown(self):
        self.folder.cleanup()

    def test_medians_powers_and_clouds_of_a_dekad(self):
        table = made_table(1, lambda k: "maize")
        twice = table[table.date == "2024-07-15"].assign(date="2024-07-12", B02=0.5)  # cloud on the 12th
        table = pd.concat([table, twice]).assign(vv=[-10.0] * 12 + [-20.0], vh=-17.0)
        rows = crop_county.rows_of(table, "t")
        self.assertLess(rows.refl[0, 19, 0], 0.1)
        # mean of 10^-1 and 10^-2 is 0.055: -12.596 dB
        self.assertAlmostEqual(float(rows.radar[0, 19, 0]), -12.596, places=3)
        self.assertEqual((rows.crop[0], rows.year[0], rows.block[0]), ("maize", 2024, "360_1150"))

    def test_faults_are_told_with_their_place(self):
        table = made_table(2, lambda k: "maize")
        table.loc[3, "label"] = "wheat"
        table.to_csv(self.path, index=False)
        with self.assertRaisesRegex(SystemExit, "line 5: 'wheat' is no class"):
            crop_county.read_table(self.path)
        table.drop(columns="B11").to_csv(self.path, index=False)
        with self.assertRaisesRegex(SystemExit, "lacks the columns B11"):
            crop_county.read_table(self.path)

    def test_labels_of_a_geopackage_and_statistics_of_observe(self):
        path = os.path.join(self.folder.name, "plots.gpkg")
        base = sqlite3.connect(path)
        base.execute("CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT)")
        base.execute("INSERT INTO gpkg_contents VALUES ('plots', 'features')")
        base.execute("CREATE TABLE plots (fid INTEGER, parcel_id TEXT, crop TEXT)")
        base.executemany("INSERT INTO plots VALUES (?, ?, ?)", [(1, "a", "rice"), (2, "b", None)])
        base.commit()
        base.close()
        labels = crop_county.labels_of(path, "crop", "parcel_id")
        self.assertEqual(labels, {"a": "rice"})
        seen = pd.DataFrame([{"parcel_id": i, "time": "2024-06-01T03:00:00Z", "band": b, "mean": 0.1, "count": n, "total": 10.0}
                             for i, n in (("a", 9.0), ("b", 9.0)) for b in BANDS + ["VV"]]
                            + [{"parcel_id": "a", "time": "2024-06-11T03:00:00Z", "band": "B02", "mean": 0.1, "count": 4.0, "total": 10.0}])
        found = crop_county.long_form(labels, seen)
        self.assertEqual((len(found), found.id[0], found.date[0], found.vv[0], found.label[0]), (1, "a", "2024-06-01", 0.1, "rice"))


class TrainingOn(unittest.TestCase):
    def test_a_network_learns_what_the_county_grows(self):
        crops = lambda k: ("maize", "winter_wheat")[k % 2]
        public = crop_county.rows_of(made_table(300, lambda k: "soybean", seed=5), "t")
        s = samples(public)
        batches = np.zeros((6, len(s), len(CHANNELS), 36), np.float16)
        county = crop_county.rows_of(made_table(60, crops), "t")
        rows, both, pool = train_county.together(public, s, batches + shown_whole(public, s).astype(np.float16), county)
        self.assertEqual((len(rows), pool.shape[1], both.weight[-1]), (360, len(both), 3.0))
        self.assertEqual(rows.source[both.row[-1]], "county")
        batch = Batches(pool, both.label, both.weight, np.arange(len(both)), 1)
        network = train("cnn", batch, 60, 1, network=crop_networks.CropCNN(), rate=3e-3)
        mine = both.take(np.flatnonzero(both.row >= 300))
        said = crop_networks.in_parts(network, shown_whole(rows, mine)).argmax(axis=1)
        self.assertGreater((said == mine.label).mean(), 0.9)
        self.assertEqual(set(mine.label), {CLASSES.index("maize"), CLASSES.index("winter_wheat")})


if __name__ == "__main__":
    unittest.main()

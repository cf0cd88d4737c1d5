"""Results kept by name in a folder, so that a run that was cut goes on; independent ones side by side."""
import os
import pickle
from concurrent.futures import ProcessPoolExecutor


class Steps:
    def __init__(self, folder):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)

    def path(self, name):
        return os.path.join(self.folder, name + ".pickle")

    def has(self, name):
        return os.path.exists(self.path(name))

    def get(self, name, make):
        """The kept result, or make()'s, which is kept."""
        if not self.has(name):
            print(f"{name} ...", flush=True)
            value = make()
            with open(self.path(name) + ".part", "wb") as f:
                pickle.dump(value, f)
            os.replace(self.path(name) + ".part", self.path(name))
        with open(self.path(name), "rb") as f:
            return pickle.load(f)

    def side_by_side(self, names, function, arguments, jobs):
        """function(name, *arguments) for every name not kept yet, in processes; it keeps its own result."""
        left = [n for n in names if not self.has(n)]
        if jobs < 2 or len(left) < 2:
            for n in left:
                function(n, *arguments)
            return
        with ProcessPoolExecutor(jobs) as pool:
            for done in [pool.submit(function, n, *arguments) for n in left]:
                done.result()

#!/usr/bin/env bash
# The Python tests of training/. A module whose packages are not installed is
# skipped by name: PyTorch is needed to train, never to run or test Parus.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../training"
python=/usr/bin/python3
[ -x $python ] || { echo "training: skipped, there is no $python"; exit 0; }
modules=()
for file in test_*.py; do
  module=${file%.py}
  if missing=$($python -B -c "
try:
    import $module
except ModuleNotFoundError as e:
    print(e.name)
"); [ -n "$missing" ]; then
    if [ -e "$missing.py" ]; then echo "training: $module fails to import its own $missing" >&2; exit 1; fi
    echo "training: $module skipped, it needs the Python package $missing (training/requirements.txt)"
  else
    modules+=("$module")
  fi
done
[ ${#modules[@]} -eq 0 ] || OMP_NUM_THREADS=1 $python -B -m unittest -q "${modules[@]}"

"""Reads what the program wrote with NumPy and safetensors, and runs the README's Python on it: read_files.py FOLDER README_BLOCK"""

import hashlib
import json
import sys

import numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file

folder, readme_block = sys.argv[1:]

with np.load(f"{folder}/data.npz", allow_pickle=False) as data:
    positions, velocities = data["positions"], data["velocities"]
    times, masses = data["times"], data["masses"]
    provenance = json.loads(data["provenance"].tobytes().decode("utf-8"))
assert positions.shape == velocities.shape == (3, 20, 3, 3), positions.shape
assert times.shape == (20,) and masses.shape == (3,)
assert all(array.dtype == "<f8" and array.flags.c_contiguous for array in (positions, velocities, times, masses))
assert np.isfinite(positions).all() and (np.diff(times) > 0).all()
assert isinstance(provenance, dict) and provenance, provenance
# Momentum of every record, summed in another language.
momentum = (masses[:, None] * velocities).sum(axis=2)
assert abs(momentum - momentum[:, :1]).max() < 1e-12, momentum

path = f"{folder}/model.safetensors"
with safe_open(path, framework="numpy") as file:
    metadata = file.metadata()
assert metadata["format"] == "mclnn-model", metadata
assert isinstance(json.loads(metadata["config"]), dict)
tensors = load_file(path)
assert all(tensor.dtype == np.float64 and np.isfinite(tensor).all() for tensor in tensors.values())
with open(path, "rb") as file:
    header = int.from_bytes(file.read(8), "little")
    file.seek(8 + header)
    assert hashlib.sha256(file.read()).hexdigest() == metadata["sha256"]

print("read:", {name: array.shape for name, array in {"positions": positions, **tensors}.items()})
exec(open(readme_block).read())

"""Dumps that `convert` and `simulate` wrote to FOLDER, read by MDAnalysis and by LAMMPS' read_dump: the last frame of each against the NPZ beside it."""
import sys
import numpy as np
import MDAnalysis as mda
from lammps_program import lammps_program, run_lammps

folder = sys.argv[1]
DUMPS = ["box", "run"]


def same(name, a, b, digits):
    assert a.shape == b.shape and abs(a - b).max() <= digits, f"{name}: {a.shape}, {b.shape}, off by {abs(a - b).max()}"


def expected(name):
    """Paths without jumps, velocities, and the step of the last frame."""
    with np.load(f"{folder}/{name}.npz") as data:
        x, v = data["positions"][0, -1], data["velocities"][0, -1]
        if "images" in data:
            x = x + data["images"][0, -1] @ data["box"].reshape(-1, 3, 3)[-1]
    with open(f"{folder}/{name}.lammpstrj") as file:
        lines = file.read().splitlines()
    steps = [int(lines[k + 1]) for k, line in enumerate(lines) if line == "ITEM: TIMESTEP"]
    return x, v, steps[-1], len(steps)


def by_mdanalysis(name):
    """Positions as they stand in the file, from the corner of the box: its float32."""
    with np.load(f"{folder}/{name}.npz") as data:
        x, v = data["positions"][0, -1], data["velocities"][0, -1]
    read = mda.Universe(f"{folder}/{name}.lammpstrj", format="LAMMPSDUMP", topology_format="LAMMPSDUMP")
    assert len(read.trajectory) == expected(name)[3], f"{name}: {len(read.trajectory)} frames"
    read.trajectory[-1]
    moved = read.atoms.positions.astype(float)
    same(f"{name} in MDAnalysis", moved - moved[0], x - x[0], 1e-6 * abs(x).max())
    same(f"velocities of {name} in MDAnalysis", read.atoms.velocities.astype(float), v, 1e-6 * abs(v).max())


def by_lammps(program, name):
    """Every bit of velocities, and positions as sums of box and images."""
    x, v, step, _ = expected(name)
    with np.load(f"{folder}/{name}.npz") as data:
        types = data["species"].max() + 1 if "species" in data else 1
    box = "p p p\nregion all prism 0 1 0 1 0 1 0 0 0" if name == "box" else "f f f\nregion all block 0 1 0 1 0 1"
    images = "ix iy iz" if name == "box" else ""
    run_lammps(
        program,
        f"units lj\natom_style atomic\nboundary {box}\ncreate_box {types} all\nmass * 1\n"
        f"read_dump {name}.lammpstrj {step} x y z {images} vx vy vz box yes replace no add yes {'' if images else 'wrapped no'}\n"
        f"write_dump all custom {name}.again id xu yu zu vx vy vz modify sort id format float %.17g\n",
        folder,
    )
    again = np.loadtxt(f"{folder}/{name}.again", skiprows=9)[:, 1:]
    same(f"positions of {name} in LAMMPS", again[:, :3], x, 1e-12 * abs(x).max())
    same(f"velocities of {name} in LAMMPS", again[:, 3:], v, 0)


for name in DUMPS:
    by_mdanalysis(name)
told = ["MDAnalysis"]
program = lammps_program()
if program is not None:
    for name in DUMPS:
        by_lammps(program, name)
    told.append("LAMMPS")
print(f"dumps read by {' and '.join(told)}: positions and velocities of the last frames as written")
if program is None:
    print("skipped (1): no LAMMPS here")

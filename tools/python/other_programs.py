"""Files cross into ASE and MDAnalysis and back. `write FOLDER` makes files for mclnn to read; `check FOLDER` looks at what it made of them, and reads what it wrote."""
import sys
import numpy as np
import ase.io
from ase import Atoms, units

what, folder = sys.argv[1:3]
frames = []
for k in range(4):
    atoms = Atoms("Ar3", positions=[[0.1 * k, 0, 0], [2, 3, 1], [4, 4, 4 + 0.01 * k]], cell=[[9, 0, 0], [1, 8, 0], [0, 0.5, 7]], pbc=[True, True, False])
    atoms.set_masses([39.948, 40, 41])
    atoms.set_velocities(np.array([[1, 0, 0], [0, 0.5, 0], [0, 0, 0.1]]) / (1000 * units.fs))
    atoms.info = {"step": 10 * k, "time_ps": 0.02 * k, "note": 'spaces and "quotes" = here'}
    frames.append(atoms)


def same(name, a, b, digits):
    a, b = np.asarray(a, float), np.asarray(b, float)
    assert a.shape == b.shape, f"{name}: shapes {a.shape} and {b.shape}"
    assert abs(a - b).max() <= digits, f"{name}: off by {abs(a - b).max()}"


if what == "write":
    ase.io.write(f"{folder}/ase.extxyz", frames)
else:
    ours = np.load(f"{folder}/from-ase.npz")
    same("ASE's positions", ours["positions"][0], [a.positions for a in frames], 5.1e-9)
    same("ASE's velocities, angstrom/ps", ours["velocities"][0], [a.get_velocities() * 1000 * units.fs for a in frames], 1e-6)
    same("ASE's cells", ours["box"], frames[0].cell.array, 1e-12)
    same("ASE's masses", ours["masses"], frames[0].get_masses(), 1e-8)
    same("ASE's times", ours["times"], [0.02 * k for k in range(4)], 1e-12)
    assert list(ours["periodic"]) == [1, 1, 0]
    box = np.load(f"{folder}/box.npz")
    for file, form in [("box.extxyz", "extxyz"), ("box.lammpstrj", "lammps-dump-text")]:
        read = ase.io.read(f"{folder}/{file}", index=":", format=form)
        same(f"{file} in ASE", [a.positions for a in read], box["positions"][0], 0 if form == "extxyz" else 1e-12)
        same(f"cells of {file} in ASE", [a.cell.array for a in read], [box["box"]] * len(read), 1e-12)
        assert all(a.pbc.all() for a in read), f"{file}: ASE sees no periodic cell"
    same("velocities in ASE", [a.arrays["vel"] for a in ase.io.read(f"{folder}/box.extxyz", index=":")], box["velocities"][0], 0)
    import MDAnalysis as mda

    recipe = np.load(f"{folder}/data.npz")
    xtc = mda.Universe(f"{folder}/argon.xtc")
    same("the recipe for XTC", recipe["positions"][0], [ts.positions.copy() for ts in xtc.trajectory], 0)
    assert recipe["box"].shape == (len(xtc.trajectory), 3, 3) and list(recipe["periodic"]) == [1, 1, 1]
    print(f"ASE {ase.__version__} and MDAnalysis {mda.__version__}: what they write is read, what is written they read, and the recipe runs")

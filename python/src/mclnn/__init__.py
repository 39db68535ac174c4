"""The force law of interacting particles, learned from their trajectories."""

from ._errors import MclnnError
from ._law import Law, Run, learn
from ._program import version
from ._trajectories import Trajectories, read

__version__ = version()
__all__ = ["Law", "MclnnError", "Run", "Trajectories", "learn", "read"]

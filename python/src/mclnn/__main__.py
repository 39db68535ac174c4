"""`python -m mclnn` is the command line."""

from ._program import main

main()

from __future__ import annotations


class MclnnError(Exception):
    """Something that cannot be used or did not work, as the command line tells it.

    code: what it is, one word for programs ("bad-option", "file-not-found", ...)
    expected, got: what was wanted and what was there instead, or None
    argument: the option or argument that it is about, or None
    mend: how to put it right, or None
    """

    def __init__(
        self,
        message: str,
        *,
        code: str,
        expected: str | None = None,
        got: str | None = None,
        argument: str | None = None,
        mend: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.expected = expected
        self.got = got
        self.argument = argument
        self.mend = mend

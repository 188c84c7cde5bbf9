"""What goes wrong with the embedded services, said to people."""

import errno
from pathlib import Path


class EmbeddedError(Exception):
    """A sentence that says what is wrong and what to do; shown without a traceback."""


def from_os_error(error: OSError, path: Path) -> EmbeddedError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return EmbeddedError(
            f"There is no space left on the disk that holds {path}. "
            "Free some space, or set TOUCHLINE_HOME to a directory on another disk."
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return EmbeddedError(
            f"This user may not write to {error.filename or path}. "
            "Change its owner, or set TOUCHLINE_HOME to a directory of your own."
        )
    return EmbeddedError(f"{error.strerror}: {error.filename or path}.")

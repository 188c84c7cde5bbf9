"""`python -m config.embedded stop|remove HOME`: for homes whose processes were killed."""

import sys
from pathlib import Path

from config.embedded import EmbeddedError, remove, stop


def main(arguments: list[str]) -> int:
    actions = {"stop": stop, "remove": remove}
    if len(arguments) != 2 or arguments[0] not in actions:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        actions[arguments[0]](Path(arguments[1]).resolve())
    except EmbeddedError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    return 0


sys.exit(main(sys.argv[1:]))

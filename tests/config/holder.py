"""A process that uses a home's services until its standard input ends. Run by the tests."""

import json
import sys
from pathlib import Path

from config import embedded
from config.embedded import places, postgres


def main(home: Path) -> int:
    try:
        embedded.ensure_started(home)
    except embedded.EmbeddedError as error:
        print(f"Error: {error}", flush=True)
        return 1
    with postgres.connect(home) as connection:
        row = connection.execute(
            "SELECT pg_read_file('postmaster.pid'), current_setting('data_directory')"
        ).fetchone()
    assert row is not None
    pids = {
        "postgres": int(row[0].split()[0]),
        "valkey": int((home / "valkey" / "valkey.pid").read_text()),
    }
    sockets = str(places.socket_directory(home))
    print(json.dumps({**pids, "data": row[1], "sockets": sockets}), flush=True)
    sys.stdin.read()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

#!/usr/bin/env python
"""Touchline's command line: starts the embedded services a command needs, then runs Django."""

import os
import signal
import sys

from psycopg.errors import UndefinedColumn, UndefinedTable

from config import embedded, lifeline

# Commands that touch neither the database nor the queue.
WITHOUT_SERVICES = {
    "",
    "check",
    "collectstatic",
    "compilemessages",
    "findstatic",
    "help",
    "makemessages",
    "spectacular",
    "startapp",
    "version",
}
# Commands with which a new home may begin, before any server made its tables.
BEGINNINGS = {
    "backup",
    "create_workspace",
    "demo",
    "erase_customer",
    "export_map",
    "import_evidence",
    "import_map",
    "score",
}


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import ProgrammingError

    command = arguments[1] if len(arguments) > 1 else ""
    asks_only = command.startswith("-") or {"-h", "--help", "--version"} & set(arguments[2:])
    parent = os.environ.pop("TOUCHLINE_PARENT", "")
    if parent:
        lifeline.die_with_parent(int(parent))
    # So that the way out also runs when the process is asked to end.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        if command not in WITHOUT_SERVICES and not asks_only:
            from config.services import ensure_services

            ensure_services()
            if command in BEGINNINGS:
                _make_tables()
        execute_from_command_line(arguments)
    except (embedded.EmbeddedError, ImproperlyConfigured) as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    except ProgrammingError as error:
        if not isinstance(error.__cause__, UndefinedTable | UndefinedColumn):
            raise
        print(
            "Error: The database is not as this version of Touchline needs it "
            f"({str(error).splitlines()[0]}). Run: {sys.executable} {arguments[0]} migrate",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _make_tables() -> None:
    import django

    django.setup()
    from config.preparation import migrate_if_new

    migrate_if_new()


if __name__ == "__main__":
    sys.exit(main(sys.argv))

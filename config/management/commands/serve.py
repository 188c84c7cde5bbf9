"""Everything at once: prepares the database and the pages, then runs web, worker and beat."""

from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import connections

from accounts import demo_login
from config.ports import require_free_port
from config.preparation import collect_static_if_due, migrate_if_due
from config.supervisor import Supervisor


class Command(BaseCommand):
    help = "Prepares Touchline and runs web server, worker and scheduler until Ctrl-C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--no-demo", action="store_true", help="leave the demo bank out")

    def handle(self, *, no_demo: bool, **options: Any) -> None:
        require_free_port(settings.HOST, settings.PORT)
        migrate_if_due()
        collect_static_if_due()
        with_demo = not no_demo and "demo" in get_commands()
        if with_demo:
            call_command("demo", verbosity=0)
        connections.close_all()
        supervisor = Supervisor(["web", "worker", "beat"])
        supervisor.run(lambda: self._welcome(with_demo))

    def _welcome(self, with_demo: bool) -> None:
        host = "127.0.0.1" if settings.HOST in ("0.0.0.0", "::") else settings.HOST
        lines = ["", "Touchline is running.", f"  Address   http://{host}:{settings.PORT}/"]
        if with_demo:
            password = demo_login.demo_password(settings.TOUCHLINE_HOME)
            lines.append(f"  Sign in   {demo_login.EMAIL}  password {password}")
        self.stdout.write("\n".join([*lines, "Ctrl-C stops it.", ""]))
        self.stdout.flush()

"""`manage.py create_workspace SLUG --name N --owner EMAIL`: a workspace and its first admin."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.actions import create_workspace


class Command(BaseCommand):
    help = "Makes a workspace and prints the login of its owner."
    requires_system_checks: list[str] = []  # they would load every view first

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="small letters, digits and hyphens: north-bank")
        parser.add_argument("--name", required=True)
        parser.add_argument("--owner", required=True, metavar="EMAIL")
        parser.add_argument("--timezone", default="UTC", help="for example Asia/Shanghai")
        parser.add_argument("--json", action="store_true", help="machine-readable output")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            workspace, user, password = create_workspace(
                slug=options["slug"],
                name=options["name"],
                owner_email=options["owner"],
                timezone=options["timezone"],
            )
        except ValidationError as error:
            raise CommandError(_told(error)) from None
        if options["json"]:
            login = {"workspace": workspace.slug, "owner": user.email, "password": password}
            self.stdout.write(json.dumps(login))
            return
        self.stdout.write(f"The workspace “{workspace.name}” ({workspace.slug}) is ready.")
        if password is None:
            self.stdout.write(f"{user.email} owns it, and signs in with the password of before.")
        else:
            self.stdout.write(f"Sign in as {user.email} with the password {password}")


def _told(error: ValidationError) -> str:
    """Every problem with what it is about: “--name: This field cannot be blank.”"""
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    return " ".join(f"{field}: {' '.join(told)}" for field, told in error.message_dict.items())

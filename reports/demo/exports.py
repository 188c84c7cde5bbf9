"""The demo's reports as files: every template in every format, in each language."""

from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User, Workspace
from reports.blocks.content import Filled, filled
from reports.blocks.starters import STARTERS
from reports.demo.bank import ADMIN
from reports.files.formats import FORMATS, file_name
from reports.report_models import Report

JOURNEY = "opening-an-account"


def write_exports(
    workspace: Workspace, folder: Path, say: Callable[[str], Any] = print
) -> list[Path]:
    """One folder a language; returns the files. Nothing of it is kept in the database."""
    written = []
    admin = User.objects.get(email=ADMIN.email)
    for language, _name in settings.LANGUAGES:
        own = folder / language
        own.mkdir(parents=True, exist_ok=True)
        with override(language), timezone.override(workspace.zone):
            for key in STARTERS:
                if key != "empty":
                    written += _files(_filled(workspace, admin, key), own, say)
    return written


def _filled(workspace: Workspace, user: User, key: str) -> Filled:
    starter = STARTERS[key]
    journey = None
    if starter.has_journey:
        journey = workspace.journeys.select_related("workspace").get(slug=JOURNEY)
    report = Report(
        workspace=workspace,
        name=" · ".join(map(str, filter(None, (starter.name, journey)))),
        journey=journey,
        blocks=[block.to_json() for block in starter.blocks()],
    )
    return filled(report, user, waits=True)


def _files(found: Filled, folder: Path, say: Callable[[str], Any]) -> list[Path]:
    written = []
    for code, form in FORMATS.items():
        began = monotonic()
        path = folder / file_name(found, code)
        path.write_bytes(form.made(found))
        say(f"{path}  {path.stat().st_size:,} bytes, {monotonic() - began:.1f} s")
        written.append(path)
    return written

"""What a report says, block by block: the one place from which pages and all files draw."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import Permission, permissions_of
from accounts.models import User, Workspace
from evidence.scope import Scope
from journeys.models import Journey
from painpoints.models import PainPoint, ScoringRun
from reports.blocks import figures, summary, tables
from reports.blocks.comments import comments_of
from reports.blocks.kinds import COMMENTS, MAP, SUMMARY, TABLE, TEXT, Block, blocks_of
from reports.blocks.runs import Runs
from reports.figures.sheet import Figure, Source
from reports.report_models import Report
from reports.sources import source_of


@dataclass(frozen=True)
class Content:
    """One block filled: paragraphs, or figures (tables are figures without a drawing).

    `why` says why there is nothing; `is_coming` that it is being made.
    """

    block: Block
    title: str
    paragraphs: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    run: ScoringRun | None = None
    journey: Journey | None = None
    why: str = ""
    is_coming: bool = False

    @property
    def name(self) -> str:
        """What its figures are of: a key of FIGURES or TABLES, or the kind."""
        return self.block.name or self.block.kind


@dataclass(frozen=True)
class Filled:
    """A whole report, as one reader may see it, at one moment."""

    report: Report
    scope: Scope
    contents: tuple[Content, ...]
    source: Source
    made_at: datetime
    hides_comments: bool = False

    @property
    def title(self) -> str:
        return self.report.name

    @property
    def subtitle(self) -> str:
        named = [self.report.journey.name] if self.report.journey else []
        return " · ".join([self.source.workspace, *named, self.source.scope])

    @property
    def has_comments(self) -> bool:
        return any(one.block.kind == COMMENTS and one.figures for one in self.contents)

    @property
    def is_coming(self) -> bool:
        return any(one.is_coming for one in self.contents)


Step = Callable[[int, int], None]


def filled(
    report: Report,
    user: User,
    *,
    waits: bool = False,
    only: str = "",
    step: Step | None = None,
) -> Filled:
    """The report as this person may see it.

    waits: for what must be scored first.  only: one block.  step: is told how far it is.
    """
    runs = Runs(user, waits=waits)
    scope = report.asked_scope
    blocks = [block for block in blocks_of(report.blocks) if only in ("", block.id)]
    may_read = Permission.VIEW_ROWS in permissions_of(user, report.workspace)
    made = []
    for place, block in enumerate(blocks):
        if step is not None:
            step(place, len(blocks))
        made.append(_content(report, scope, block, runs, may_read))
    contents = tuple(made)
    return Filled(
        report=report,
        scope=scope,
        contents=contents,
        source=_source(report, scope, contents),
        made_at=timezone.now(),
        hides_comments=not may_read and any(block.kind == COMMENTS for block in blocks),
    )


def _content(report: Report, scope: Scope, block: Block, runs: Runs, may_read: bool) -> Content:
    title = block.title or block.label
    if block.kind == TEXT:
        return Content(block, block.title, paragraphs=tuple(paragraphs_of(block.text)))
    journey = _journey(report, block)
    if block.needs_journey and journey is None:
        why = _("This block speaks of a journey: choose one for the report, or for the block.")
        return Content(block, title, why=why)
    if block.kind == TABLE and not block.needs_journey:
        if block.name == "painpoints" and not scope.is_whole:
            return _painpoints(report.workspace, scope, block, journey, runs)
        own = tables.OF_WORKSPACE[block.name](report.workspace, journey, block.most)
        return _named(Content(block, title, figures=(own,), journey=journey))
    if block.kind == COMMENTS and not may_read:
        why = _("What customers wrote is shown to those who may read the evidence row by row.")
        return Content(block, title, why=why, journey=journey)
    assert journey is not None
    return _of_journey(block, title, journey, scope, runs)


def _painpoints(
    workspace: Workspace, scope: Scope, block: Block, journey: Journey | None, runs: Runs
) -> Content:
    """With the numbers of the report's filters, as everything around it."""
    title = block.title or block.label
    asked = [journey] if journey else list(
        Journey.objects.filter(
            pk__in=PainPoint.objects.shown(workspace).unsolved().values("journey")
        ).select_related("workspace")
    )  # fmt: skip
    readings = {one.pk: runs.of(one, scope) for one in asked}
    if any(one.run is None and not one.failed for one in readings.values()):
        told = _("The journey is being scored for this scope.")
        return Content(block, title, why=told, is_coming=True, journey=journey)
    scored = {pk: one.run for pk, one in readings.items() if one.run}
    figure = tables.painpoints(workspace, journey, block.most, scope, scored)
    return _named(Content(block, title, figures=(figure,), journey=journey))


def _of_journey(block: Block, title: str, journey: Journey, scope: Scope, runs: Runs) -> Content:
    reading = runs.of(journey, figures.scope_for(block, scope))
    run = reading.run
    if run is None and block.kind != MAP:
        if reading.failed:
            return Content(block, title, why=reading.failed.error, journey=journey)
        told = _("The journey is being scored for this scope.")
        return Content(block, title, why=told, is_coming=True, journey=journey)
    if block.kind == SUMMARY and run is not None:
        said = summary.sentences(journey, scope, run, runs)
        return Content(block, title, paragraphs=tuple(said), run=run, journey=journey)
    found: Sequence[Figure]
    if block.kind == COMMENTS and run is not None:
        found, why = comments_of(journey, scope, run, block.most)
    elif block.kind == TABLE and run is not None:
        found, why = tables.OF_JOURNEY[block.name](journey, scope, run), ""
    else:
        found, why = figures.found(block, journey, scope, run, runs)
    is_coming = why == figures.COMING
    if is_coming:
        why = _("This is being worked out; it takes some seconds.")
    return _named(
        Content(
            block,
            title,
            figures=tuple(found),
            run=run,
            journey=journey,
            why=why,
            is_coming=is_coming,
        )
    )


def _named(content: Content) -> Content:
    """The block's own title stands over its figure; figures of several blocks differ by id."""
    found = content.figures
    if content.block.title and len(found) == 1:
        found = (replace(found[0], heading=content.block.title),)
    marked = tuple(replace(one, id=f"{content.block.id}-{one.id}") for one in found)
    return replace(content, figures=marked)


def _journey(report: Report, block: Block) -> Journey | None:
    if not block.journey:
        journey = report.journey
        return None if journey is None or journey.deleted_at else journey
    return report.workspace.journeys.filter(slug=block.journey).select_related("workspace").first()


def paragraphs_of(text: str) -> list[str]:
    """Parted by empty lines; single line breaks stay."""
    return [part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]


def lines_of(text: str) -> dict[str, list[str]]:
    """A paragraph; or, where each line begins with “- ”, the points of a list."""
    lines = [line.strip() for line in text.split("\n")]
    if lines and all(line.startswith("- ") for line in lines):
        return {"points": [line[2:].strip() for line in lines]}
    return {"lines": lines}


def _source(report: Report, scope: Scope, contents: Sequence[Content]) -> Source:
    """Where the report's numbers come from, taken together: of runs the newest."""
    runs = [one.run for one in contents if one.run is not None]
    newest = max(runs, key=lambda run: run.finished_at or run.created_at, default=None)
    journey = report.journey or Journey(workspace=report.workspace, name="")
    return source_of(journey, scope, newest)

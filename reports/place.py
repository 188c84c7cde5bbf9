"""Everything a run knows of one touchpoint's waits, counted at its snapshot."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from accounts.models import Workspace
from evidence.distribution import WaitBins
from evidence.hours import HourCounts
from evidence.patience import NO_SEGMENT, Patience
from evidence.scope import Scope
from evidence.wait_ends import WaitEnds
from journeys.models import Journey
from painpoints.counts import hours_of, patience_of, wait_ends_of
from painpoints.models import ScoringRun
from reports.figures.sheet import Source
from reports.patience import Difference, Group, differences, groups_of
from reports.promised import lines_of
from reports.sources import source_of
from reports.waits import bins_of

Line = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """hours and patience are None where the rows behind the run are gone; bins also where newer
    evidence has come since."""

    run: ScoringRun
    code: str
    line: Line
    lines: list[Line]
    source: Source
    hours: HourCounts | None
    patience: Patience | None
    segment_names: Mapping[str, str]

    @property
    def name(self) -> str:
        return str(self.line["name"])

    @property
    def promise_s(self) -> float | None:
        found: float | None = self.line["waits"]["promise_s"]
        return found

    @property
    def has_promise(self) -> bool:
        return bool(self.line["waits"]["promises"])

    @cached_property
    def bins(self) -> WaitBins | None:
        return (bins_of(self.run) or {}).get(self.code)

    @cached_property
    def ends(self) -> WaitEnds | None:
        return (wait_ends_of(self.run) or {}).get(self.code)

    @cached_property
    def groups(self) -> list[Group]:
        """This touchpoint first, then the journey's others with most waits."""
        assert self.patience is not None
        places = {code: self.patience.of(code) for code in self.patience.places}
        return groups_of(places, {line["code"]: line["name"] for line in self.lines}, self.code)

    @cached_property
    def segments(self) -> list[Group]:
        """Those that the evidence names, with most waits first."""
        assert self.patience is not None
        found = {
            code: lengths
            for code, lengths in self.patience.places.get(self.code, {}).items()
            if code != NO_SEGMENT
        }
        if not found:
            return []
        busiest = max(sorted(found), key=lambda code: found[code].n)
        return groups_of(found, self.segment_names, busiest)

    @cached_property
    def touchpoint_differences(self) -> list[Difference]:
        return differences(self.groups[0], self.groups[1:]) if self.groups else []

    @cached_property
    def segment_differences(self) -> list[Difference]:
        return differences(self.segments[0], self.segments[1:]) if self.segments else []


def place_of(journey: Journey, scope: Scope, run: ScoringRun, code: str) -> Place | None:
    """None where the run counted no waits there."""
    lines = lines_of(run)
    line = next((one for one in lines if one["code"] == code), None)
    if line is None or not line["waits"]:
        return None
    hours = hours_of(run)
    return Place(
        run=run,
        code=code,
        line=line,
        lines=lines,
        source=source_of(journey, scope, run),
        hours=hours.places.get(code) if hours else None,
        patience=patience_of(run),
        segment_names=_segment_names(journey.workspace),
    )


def _segment_names(workspace: Workspace) -> dict[str, str]:
    return dict(workspace.segments.values_list("code", "name"))

"""Exports that many use, known by their columns: which is what, and what is no answer.

A preset proposes a mapping like any guess; a person sees and corrects it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evidence import guessing_stations
from evidence.guessing_columns import Column
from evidence.models import Kind

Names = tuple[str, ...]


@dataclass(frozen=True)
class Preset:
    """`needs`: of each group one column must be there. `fields`: the first that has values counts.

    `own` are the tool's other columns, which hold no answers to a question.
    """

    code: str
    label: str | Promise
    kind: str
    needs: tuple[Names, ...] = ()
    fields: Mapping[str, Names] = field(default_factory=dict)
    maps: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    otherwise: Mapping[str, str] = field(default_factory=dict)
    ignore: tuple[tuple[str, Names], ...] = ()
    own: Names = ()
    # A column a question: what is neither a field nor the tool's own may hold answers.
    asks: bool = False
    # Days such as 03/04/2025 are written with the month first, wherever the workspace is.
    month_first: bool = False

    def fits(self, columns: Sequence[Column]) -> bool:
        there = {column.name.casefold() for column in columns}
        if self.code == TICKETS:
            return bool(guessing_stations.find(columns))
        return all(any(name.casefold() in there for name in group) for group in self.needs)


TICKETS = "tickets"
RATED: dict[str, str | None] = {
    "Good": "5", "good": "5", "GOOD": "5", "GoodWithComment": "5", "Good with comment": "5",
    "Bad": "1", "bad": "1", "BAD": "1", "BadWithComment": "1", "Bad with comment": "1",
    "Offered": None, "offered": None, "Not Offered": None, "Unoffered": None, "unoffered": None,
    "": None,
}  # fmt: skip
ZENDESK_NEEDS: tuple[Names, ...] = (
    ("Id", "Ticket ID"), ("Requester", "Requester id", "Requester name"), ("Via", "Ticket channel"),
)  # fmt: skip

PRESETS: tuple[Preset, ...] = (
    Preset(
        code="qualtrics",
        label="Qualtrics",
        kind=Kind.RESPONSES,
        needs=(("StartDate", "Start Date"), ("EndDate", "End Date"),
               ("RecordedDate", "Recorded Date"), ("ResponseId", "Response ID"),
               ("Progress", "Finished")),
        fields={
            "occurred_at": ("RecordedDate", "Recorded Date", "EndDate", "End Date"),
            "event_id": ("ResponseId", "Response ID"),
            "customer": ("ExternalReference", "External Data Reference", "ExternalDataReference"),
            "channel": ("DistributionChannel", "Distribution Channel"),
        },
        # Answers given while a survey was tried out, and those taken for spam; in words or codes.
        ignore=(("Status", ("Survey Preview", "Survey Test", "Spam", "1", "2", "8", "9")),
                ("Response Type", ("Survey Preview", "Survey Test", "Spam"))),
        own=("Status", "Response Type", "IPAddress", "IP Address", "Progress",
             "Duration (in seconds)", "Finished", "StartDate", "Start Date", "EndDate", "End Date",
             "RecipientLastName", "RecipientFirstName", "RecipientEmail", "Recipient Last Name",
             "Recipient First Name", "Recipient Email", "LocationLatitude", "LocationLongitude",
             "Location Latitude", "Location Longitude", "UserLanguage", "User Language",
             "Q_BallotBoxStuffing", "Q_RecaptchaScore", "Q_RelevantIDDuplicate"),
        asks=True,
    ),
    Preset(
        code="surveymonkey",
        label="SurveyMonkey",
        kind=Kind.RESPONSES,
        needs=(("Respondent ID", "Respondent Id"), ("Collector ID", "Collector Id"),
               ("End Date", "Date Modified")),
        fields={
            "occurred_at": ("End Date", "Date Modified", "Start Date", "Date Created"),
            "event_id": ("Respondent ID", "Respondent Id"),
            "customer": ("Custom Data 1", "Custom Data", "Email Address"),
        },
        month_first=True,
        own=("Collector ID", "Collector Id", "Start Date", "Date Created", "IP Address",
             "Email Address", "First Name", "Last Name", "Custom Data", "Custom Data 1"),
        asks=True,
    ),
    Preset(
        code="limesurvey",
        label="LimeSurvey",
        kind=Kind.RESPONSES,
        needs=(("submitdate", "Date submitted"), ("lastpage", "Last page"),
               ("startlanguage", "Start language")),
        fields={
            "occurred_at": ("submitdate", "Date submitted"),
            "event_id": ("id", "Response ID"),
            "customer": ("token", "Access code"),
        },
        # Not sent off: its answers are not final.
        ignore=(("submitdate", ("", "N")), ("Date submitted", ("", "N"))),
        own=("lastpage", "Last page", "startlanguage", "Start language", "seed", "Seed",
             "startdate", "Date started", "datestamp", "Date last action", "ipaddr", "IP address",
             "refurl", "Referrer URL", "interviewtime", "Total time"),
        asks=True,
    ),
    Preset(
        code="formbricks",
        label="Formbricks",
        kind=Kind.RESPONSES,
        needs=(("Response ID",), ("Timestamp",), ("Finished",), ("Survey ID",)),
        fields={
            "occurred_at": ("Timestamp",),
            "event_id": ("Response ID",),
            "customer": ("User ID", "userId", "Formbricks ID (internal)"),
            "channel": ("source",),
        },
        own=("No.", "Finished", "Quotas", "Survey ID", "Formbricks ID (internal)", "Notes", "Tags",
             "url", "action", "country", "userAgent - browser", "userAgent - os",
             "userAgent - device", "Verified Email"),
        asks=True,
    ),
    Preset(
        code="zendesk",
        label=_("Zendesk: satisfaction"),
        kind=Kind.RESPONSES,
        needs=(*ZENDESK_NEEDS, ("Satisfaction Score", "Ticket satisfaction rating")),
        fields={
            "occurred_at": ("Solved at", "Updated at", "Ticket solved - Timestamp", "Created at"),
            "event_id": ("Id", "Ticket ID"),
            "customer": ("Requester id", "Requester ID", "Requester"),
            "channel": ("Via", "Ticket channel"),
            "touchpoint": ("Group", "Ticket group"),
            "score": ("Satisfaction Score", "Ticket satisfaction rating"),
            "comment": ("Satisfaction Comment", "Ticket satisfaction comment"),
        },
        maps={"score": RATED},
        values={"metric": "csat"},
    ),
    Preset(
        code="zendesk-waits",
        label=_("Zendesk: time to the first reply"),
        kind=Kind.WAITS,
        needs=(*ZENDESK_NEEDS, ("First reply time in minutes", "First reply time (min)")),
        fields={
            "occurred_at": ("Created at", "Ticket created - Timestamp"),
            "event_id": ("Id", "Ticket ID"),
            "customer": ("Requester id", "Requester ID", "Requester"),
            "channel": ("Via", "Ticket channel"),
            "touchpoint": ("Group", "Ticket group"),
            "agent": ("Assignee", "Assignee name"),
            "wait_s": ("First reply time in minutes", "First reply time (min)"),
        },
        units={"wait_s": "min"},
        # Not answered yet: no wait has come to its end.
        ignore=(("First reply time in minutes", ("",)), ("First reply time (min)", ("",))),
    ),
    Preset(
        code="genesys",
        label=_("Genesys Cloud: interactions"),
        kind=Kind.WAITS,
        needs=(("Queue", "Queue Name", "First Queue"), ("Total Queue", "Queue Time"),
               ("Abandoned", "Abandon"), ("Date", "Conversation Start", "Start Time")),
        fields={
            "occurred_at": ("Date", "Conversation Start", "Start Time"),
            "event_id": ("Conversation ID", "Conversation Id", "Interaction ID"),
            "touchpoint": ("Queue", "Queue Name", "First Queue"),
            "wait_s": ("Total Queue", "Queue Time"),
            "service_s": ("Total Handle", "Handle Time", "Total Talk"),
            "outcome": ("Abandoned", "Abandon"),
            "channel": ("Media Type",),
            "customer": ("ANI", "Remote"),
            "agent": ("Users - Interacted", "Users", "Agent"),
        },
        maps={"outcome": {
            **dict.fromkeys(("YES", "Yes", "yes", "TRUE", "True", "1"), "abandoned"),
            **dict.fromkeys(("NO", "No", "no", "FALSE", "False", "0", ""), "served"),
        }},
        units={"wait_s": "ms", "service_s": "ms"},
        month_first=True,
        # Calls the bank makes itself wait in no queue.
        ignore=(("Queue", ("",)), ("Queue Name", ("",)), ("Direction", ("Outbound", "outbound")),
                ("Initial Direction", ("Outbound", "outbound"))),
    ),
    Preset(code=TICKETS, label=_("Ticket machine"), kind=Kind.WAITS),
)  # fmt: skip


def fitting(columns: Sequence[Column]) -> list[Preset]:
    """The presets whose columns these are, the likeliest first."""
    return [preset for preset in PRESETS if preset.fits(columns)]


def by_code(code: str) -> Preset | None:
    return next((preset for preset in PRESETS if preset.code == code), None)


def shown(preset: Preset) -> dict[str, Any]:
    return {"code": preset.code, "label": str(preset.label)}

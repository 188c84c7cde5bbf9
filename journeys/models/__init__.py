"""Journeys and the maps they are drawn as: stages → steps (columns) × lanes (rows) with cards.

Whatever changes a map is an Operation (journeys/operations.py).
"""

from journeys.models.comment import COMMENT_LENGTH, Comment
from journeys.models.journey import AllJourneys, Journey, StandingJourneys
from journeys.models.operation import Operation
from journeys.models.parts import (
    COLOURS,
    KEY_LENGTH,
    MOST_CURVES,
    Card,
    Lane,
    Part,
    Persona,
    Stage,
    Step,
    StepTouchpoint,
)
from journeys.models.picture import Picture
from journeys.models.share import LINK_NAME_LENGTH, PasswordTry, ShareLink
from journeys.models.template import Template
from journeys.models.version import Snapshot, Version
from journeys.models.view import SavedView

__all__ = [
    "COLOURS",
    "COMMENT_LENGTH",
    "KEY_LENGTH",
    "LINK_NAME_LENGTH",
    "MOST_CURVES",
    "AllJourneys",
    "Card",
    "Comment",
    "Journey",
    "Lane",
    "Operation",
    "Part",
    "PasswordTry",
    "Persona",
    "Picture",
    "SavedView",
    "ShareLink",
    "Snapshot",
    "Stage",
    "StandingJourneys",
    "Step",
    "StepTouchpoint",
    "Template",
    "Version",
]

"""Journeys and the maps they are drawn as: stages → steps (columns) × lanes (rows) with cards.

Whatever changes a map is an Operation (journeys/operations.py).
"""

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
from journeys.models.template import Template
from journeys.models.view import SavedView

__all__ = [
    "COLOURS",
    "KEY_LENGTH",
    "MOST_CURVES",
    "AllJourneys",
    "Card",
    "Journey",
    "Lane",
    "Operation",
    "Part",
    "Persona",
    "Picture",
    "SavedView",
    "Stage",
    "StandingJourneys",
    "Step",
    "StepTouchpoint",
    "Template",
]

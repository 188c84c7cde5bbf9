"""The lines of a service blueprint, which follow from what its lanes are.

After Bitner, Ostrom & Morgan 2008 (California Management Review 50:66–94): the line of interaction
parts what customers do from whom they meet, the line of visibility parts that from what they do
not see, the line of internal interaction parts the people backstage from what supports them.
"""

from collections.abc import Sequence
from enum import StrEnum

CUSTOMER, FRONTSTAGE, BACKSTAGE, SUPPORT = range(4)
# Lanes of other kinds speak about the journey, from no place within it.
ROLES = {
    "action": CUSTOMER,
    "thought": CUSTOMER,
    "emotion": CUSTOMER,
    "frontstage": FRONTSTAGE,
    "backstage": BACKSTAGE,
    "system": SUPPORT,
    "policy": SUPPORT,
}


class Line(StrEnum):
    INTERACTION = "interaction"
    VISIBILITY = "visibility"
    INTERNAL = "internal"


BELOW = {Line.INTERACTION: FRONTSTAGE, Line.VISIBILITY: BACKSTAGE, Line.INTERNAL: SUPPORT}


def lines_between(kinds: Sequence[str]) -> dict[int, Line]:
    """Place in the list of lanes → the line that is drawn above the lane there.

    `kinds`: those of the lanes that are shown, from top to bottom. A line is drawn where both
    sides of it are on the map and it parts them: the roles before it all above, the rest below.

    >>> lines_between(["action", "frontstage", "pain", "backstage", "system"])
    {1: <Line.INTERACTION: 'interaction'>, 3: <Line.VISIBILITY: 'visibility'>, 4: <Line.INTERNAL: 'internal'>}
    """  # noqa: E501
    roles = [(place, ROLES[kind]) for place, kind in enumerate(kinds) if kind in ROLES]
    found: dict[int, Line] = {}
    for line, role in BELOW.items():
        above = [place for place, r in roles if r < role]
        below = [place for place, r in roles if r >= role]
        nearest = {r for _place, r in roles}
        if {role - 1, role} <= nearest and max(above) < min(below):
            found[min(below)] = line
    return found

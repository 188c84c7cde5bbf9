"""What can go wrong with a journey through no fault of the program."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from journeys.words import word_of

SHOWN = 20


class JourneyError(Exception):
    """A refusal, in a sentence for people."""


class MapError(JourneyError):
    """A map file that cannot be taken; every problem says where, what was expected, what came."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems[:SHOWN])
        if len(problems) > SHOWN:
            self.problems.append(_("… and more; mend these first."))
        super().__init__("\n".join(self.problems))


class Conflict(JourneyError):
    """A text that changed underneath: what it is now (`theirs`) beside what was to be (`yours`)."""

    def __init__(
        self, *, list: str, id: str, field: str, theirs: str, yours: str, who: str
    ) -> None:
        self.details = {
            "list": list, "id": id, "field": field, "theirs": theirs, "yours": yours, "who": who,
        }  # fmt: skip
        super().__init__(
            _("%(who)s changed this text meanwhile. Choose which of the two is to stand.")
            % {"who": who or _("Somebody")}
        )


class Gone(JourneyError):
    """What a change speaks of is not on the map any more."""


def deleted_meanwhile(name: str) -> Gone:
    return Gone(
        _("This %(kind)s is no longer on the map: somebody deleted it meanwhile.")
        % {"kind": word_of(name)}
    )


def not_there(name: str, key: str) -> Gone:
    return Gone(
        _("There is no %(kind)s “%(key)s” on the map (any more).")
        % {"kind": word_of(name), "key": str(key)[:60]}
    )

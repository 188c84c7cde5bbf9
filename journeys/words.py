"""What the lists of a map are called in sentences."""

from django.utils.translation import gettext as _


def word_of(name: str) -> str:
    return {
        "stages": _("stage"), "steps": _("step"), "lanes": _("lane"),
        "personas": _("persona"), "cards": _("card"),
    }[name]  # fmt: skip


def words_of(name: str) -> str:
    return {
        "stages": _("stages"), "steps": _("steps"), "lanes": _("lanes"),
        "personas": _("personas"), "cards": _("cards"),
    }[name]  # fmt: skip

"""What the ledger refuses, in sentences for people: expected, got, what to do."""

from django.utils.translation import gettext as _


class LedgerError(Exception):
    """Something about runs that cannot be done."""


class PinError(LedgerError):
    """The run cannot be the baseline."""

    @classmethod
    def unfinished(cls) -> "PinError":
        return cls(_("Only a finished run can be the baseline; wait until it is scored."))


class CompareError(LedgerError):
    """These two runs cannot be compared."""

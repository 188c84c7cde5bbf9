"""The form for a new link to a map."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journeys.models import LINK_NAME_LENGTH, Journey

NEWEST = ""
SHORTEST_PASSWORD = 6


class ShareForm(forms.Form):
    name = forms.CharField(
        label=_("Who is it for?"), required=False, max_length=LINK_NAME_LENGTH, strip=True
    )
    state = forms.ChoiceField(label=_("Shows"), required=False)
    lanes = forms.MultipleChoiceField(
        label=_("Lanes"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "None chosen: all that are not hidden. Stages, steps and touchpoints are always shown; "
            "comments, owners and links never."
        ),
    )
    shows_figures = forms.BooleanField(
        label=_("Show what was measured: severity, answers, waits"), required=False
    )
    password = forms.CharField(
        label=_("Password"),
        required=False,
        min_length=SHORTEST_PASSWORD,
        max_length=128,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Empty: whoever has the link sees the map."),
    )
    last_day = forms.DateField(
        label=_("Opens until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The last day. Empty: until you end it."),
    )

    def __init__(self, *args: Any, journey: Journey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lanes"].choices = [  # type: ignore[attr-defined]
            (key, _("%s (hidden)") % name if hidden else name)
            for key, name, hidden in journey.lanes.values_list("key", "name", "hidden")
        ]
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            (NEWEST, _("always the newest state")),
            (str(journey.revision), _("the map as it is now, unchanged by later edits")),
            *(
                (str(number), _("version “%s”") % name)
                for number, name in journey.versions.standing().values_list("number", "name")
                if number != journey.revision
            ),
        ]

    def clean_last_day(self) -> date | None:
        day: date | None = self.cleaned_data["last_day"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError(_("This day is over. Choose today or a later one."))
        return day

    def asked(self) -> dict[str, Any]:
        """What make_link takes."""
        wanted = dict(self.cleaned_data)
        state = wanted.pop("state")
        return {**wanted, "number": int(state) if state else None}

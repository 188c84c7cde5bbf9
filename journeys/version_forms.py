"""The form that gives a state of a map a name."""

from django import forms
from django.utils.translation import gettext_lazy as _

from journeys.models import Version


class VersionForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=Version._meta.get_field("name").max_length)
    note = forms.CharField(
        label=_("Note"),
        max_length=Version._meta.get_field("note").max_length,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    # Which operation's state; the present one where none is said.
    number = forms.IntegerField(
        required=False, min_value=0, max_value=2**63 - 1, widget=forms.HiddenInput
    )

"""Forms of journeys as wholes; those of the parts of their maps: journeys/part_forms.py."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Workspace
from journeys.models import Journey
from journeys.starters import CHOICES
from journeys.template_actions import starter_choices
from touchpoints.models import Touchpoint

EMOTIONS = [
    ("", _("not said")),
    ("2", _("+2 very good")),
    ("1", _("+1 good")),
    ("0", _("0 neither")),
    ("-1", _("−1 bad")),
    ("-2", _("−2 very bad")),
]


class NewJourneyForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=160)
    goal = forms.CharField(
        label=_("The customer's goal"),
        max_length=300,
        required=False,
        help_text=_("In the customer's words: “I can pay with my new account.”"),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=Journey.Kind.choices, initial=Journey.Kind.AS_IS
    )
    starter = forms.ChoiceField(
        label=_("Start with"),
        choices=CHOICES,
        initial="bank",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = starter_choices(workspace)
        field = self.fields["starter"]
        assert isinstance(field, forms.ChoiceField)
        if own:
            field.choices = [*CHOICES, (_("Templates of this workspace"), own)]


class MapFileForm(forms.Form):
    file = forms.FileField(label=_("Map file (JSON)"))


class GridFileForm(forms.Form):
    file = forms.FileField(
        label=_("Spreadsheet (XLSX, CSV or TSV)"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.ods,.csv,.tsv,.txt"}),
    )


class GridNameForm(forms.Form):
    name = forms.CharField(label=_("Name of the journey"), max_length=160)


class JourneyForm(forms.ModelForm):
    class Meta:
        model = Journey
        fields = ["name", "kind", "goal", "description", "goal_touchpoints"]
        widgets = {
            "description": forms.Textarea(attrs={"rows": 4}),
            "goal_touchpoints": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "goal_touchpoints": _(
                "Who passes one of these has reached the goal. Without any, nobody can be said "
                "to have been lost on the way."
            ),
        }

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["goal_touchpoints"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        on_map = Touchpoint.objects.filter(steptouchpoint__step__journey=self.instance)
        chosen = Touchpoint.objects.filter(goal_of=self.instance)
        ids = {t.pk for t in on_map} | {t.pk for t in chosen}
        field.queryset = Touchpoint.objects.filter(workspace=workspace, pk__in=ids)

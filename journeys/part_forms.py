"""Forms for the parts of a map: stages, steps, lanes, personas and cards."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from journeys.forms import EMOTIONS
from journeys.mapcheck import problems_in_entry
from journeys.models import (
    COLOURS,
    Card,
    Journey,
    Lane,
    Part,
    Persona,
    Stage,
    Step,
    StepTouchpoint,
)
from touchpoints.models import Segment, Touchpoint


class PartForm(forms.ModelForm):
    """A form for one part of a map; its choices are those of the part's own journey."""

    CHOICES: dict[str, type[Part]] = {
        "stage": Stage,
        "lane": Lane,
        "step": Step,
        "persona": Persona,
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        journey = self.instance.journey
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField) and name in self.CHOICES:
                field.queryset = self.CHOICES[name]._default_manager.filter(journey=journey)
                if field.required:
                    field.empty_label = None
            elif isinstance(field, forms.ModelChoiceField) and name == "segment":
                field.queryset = Segment.objects.filter(workspace=journey.workspace)
                field.empty_label = str(_("no particular segment"))


class PicturedForm(PartForm):
    """Of a part that may have a picture, in its field `PICTURE`: uploaded here, or taken off."""

    PICTURE = ""
    new_picture = forms.FileField(
        label=_("Picture"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
        help_text=_("JPEG, PNG, WebP or GIF, at most 10 MB."),
    )
    without_picture = forms.BooleanField(label=_("Take the picture off"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not getattr(self.instance, self.PICTURE):
            del self.fields["without_picture"]

    def has_picture(self) -> bool:
        kept = getattr(self.instance, self.PICTURE) and not self.cleaned_data.get("without_picture")
        return bool(kept or self.cleaned_data.get("new_picture"))


class StageForm(PartForm):
    class Meta:
        model = Stage
        fields = ["name"]


class StepForm(PartForm):
    touchpoints = forms.ModelMultipleChoiceField(
        Touchpoint.objects.none(),
        label=_("Touchpoints in this step"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    opens = forms.ChoiceField(
        label=_("Opens the journey"),
        required=False,
        help_text=_("Where this step is a whole journey of its own."),
    )
    new_touchpoint = forms.CharField(
        label=_("A new touchpoint"),
        max_length=160,
        required=False,
        help_text=_("Its name; it goes into the library and into this step."),
    )

    class Meta:
        model = Step
        fields = ["name", "stage", "description", "opens"]
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, may_edit_library: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_journeys()
        field = self.fields["touchpoints"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        uses = StepTouchpoint.objects.filter(step=self.instance.pk, touchpoint=OuterRef("pk"))
        field.queryset = (
            Touchpoint.objects.filter(workspace=self.instance.journey.workspace)
            .annotate(chosen=Exists(uses))
            .order_by("-chosen", "name")
        )
        if self.instance.pk:
            self.initial["touchpoints"] = list(
                self.instance.steptouchpoint_set.values_list("touchpoint_id", flat=True)
            )
        if not field.queryset.exists():
            del self.fields["touchpoints"]
        if not may_edit_library:
            del self.fields["new_touchpoint"]

    def _offer_journeys(self) -> None:
        journey, field = self.instance.journey, self.fields["opens"]
        assert isinstance(field, forms.ChoiceField)
        others = Journey.objects.filter(workspace=journey.workspace).exclude(pk=journey.pk)
        there = dict(others.order_by("name").values_list("slug", "name"))
        now = self.instance.opens
        if now and now not in there:
            there[now] = _("%s (not there)") % now
        field.choices = [("", _("no other journey")), *there.items()]


class LaneForm(PartForm):
    height = forms.ChoiceField(
        label=_("Height"),
        choices=[("", _("as high as what stands in it")), *Lane.Height.choices],
        required=False,
    )

    class Meta:
        model = Lane
        fields = ["name", "kind", "height", "hidden"]
        labels = {"hidden": _("Hide it on the map")}


class PersonaForm(PicturedForm):
    PICTURE = "picture"
    colour = forms.TypedChoiceField(
        label=_("Colour"),
        choices=[
            ("", _("by its place")),
            *((n, format_lazy(_("Colour {n}"), n=n)) for n in range(1, COLOURS + 1)),
        ],
        coerce=int,
        empty_value=None,
        required=False,
    )

    class Meta:
        model = Persona
        fields = ["name", "segment", "description", "goals", "frustrations", "colour"]
        widgets = {
            "description": forms.Textarea(attrs={"rows": 3}),
            "goals": forms.Textarea(attrs={"rows": 3}),
            "frustrations": forms.Textarea(attrs={"rows": 3}),
        }


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class CardForm(PicturedForm):
    PICTURE = "image"
    emotion = forms.TypedChoiceField(
        label=_("How it feels"), choices=EMOTIONS, coerce=int, empty_value=None, required=False
    )
    links = forms.CharField(
        label=_("Links"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One on each line: the address, then a space and its title."),
    )

    class Meta:
        model = Card
        fields = [
            "text", "emotion", "persona", "colour", "basis", "n", "date", "expires", "owner",
            "links", "lane", "step",
        ]  # fmt: skip
        labels = {
            "basis": _("How do we know?"),
            "persona": _("Whose is it?"),
            "colour": _("What it means"),
            "n": _("From how many?"),
            "date": _("From when?"),
            "expires": _("Counts until"),
            "owner": _("Who looks after it?"),
        }
        widgets = {"text": forms.Textarea(attrs={"rows": 4}), "date": _day(), "expires": _day()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        persona = self.fields["persona"]
        assert isinstance(persona, forms.ModelChoiceField)
        persona.empty_label = str(_("all customers"))
        if not self.instance.pk:
            self.initial.setdefault("basis", Card.Basis.ASSUMPTION)
        self.initial["links"] = "\n".join(
            f"{link['url']} {link.get('title', '')}".strip() for link in self.instance.links
        )
        lane = self.initial.get("lane")
        if lane is not None and Lane.objects.filter(pk=lane, kind=Lane.Kind.EMOTION).exists():
            self.order_fields(["emotion", "text"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        text = (cleaned.get("text") or "").strip()
        if not text and cleaned.get("emotion") is None and not self.has_picture():
            self.add_error("text", _("Write something, or say how it feels."))
        made, expires = cleaned.get("date"), cleaned.get("expires")
        if made and expires and expires < made:
            self.add_error("expires", _("Expected a day after the evidence itself."))
        return cleaned

    def clean_links(self) -> list[dict[str, str]]:
        links = []
        for line in self.cleaned_data["links"].splitlines():
            url, _space, title = line.strip().partition(" ")
            if url:
                links.append({"url": url, **({"title": title.strip()} if title.strip() else {})})
        problems = problems_in_entry("link_list", links)
        if problems:
            raise forms.ValidationError(problems[:3])
        return links


PART_FORMS: dict[str, type[PartForm]] = {
    "stage": StageForm,
    "step": StepForm,
    "lane": LaneForm,
    "persona": PersonaForm,
    "card": CardForm,
}

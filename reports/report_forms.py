"""Forms of reports: new ones, their settings, and their blocks."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Workspace
from evidence.scope import FILTERS, Scope, ScopeError
from journeys.models import Journey
from painpoints.vocabulary import check_scope
from reports.blocks.kinds import (
    FIGURE,
    KINDS,
    LARGEST,
    MAP,
    NAMES,
    RANKING,
    SUMMARY,
    TABLE,
    TEXT,
    TEXT_LENGTH,
    TITLE_LENGTH,
    Block,
)
from reports.blocks.starters import STARTERS
from reports.filters import filters_of
from reports.report_models import NAME_LENGTH, Report


def _journeys(workspace: Workspace) -> Any:
    return workspace.journeys.order_by("name")


class NewReportForm(forms.Form):
    template = forms.ChoiceField(
        label=_("begin with"),
        choices=[(key, starter.name) for key, starter in STARTERS.items()],
        initial="one-pager",
    )
    name = forms.CharField(
        label=_("name"), max_length=NAME_LENGTH, required=False,
        help_text=_("Without one it is called like its template and journey."),
    )  # fmt: skip
    journey = forms.ModelChoiceField(
        label=_("journey"), queryset=Journey.objects.none(), required=False,
        empty_label=_("the whole workspace"),
    )  # fmt: skip

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["journey"].queryset = _journeys(workspace)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starter, journey = STARTERS.get(cleaned.get("template", "")), cleaned.get("journey")
        if starter is None or self.errors:
            return cleaned
        if starter.has_journey and journey is None and cleaned["template"] != "empty":
            self.add_error("journey", _("This template speaks of one journey: choose it."))
        if not cleaned.get("name"):
            cleaned["name"] = " · ".join(map(str, filter(None, (starter.name, journey))))
        cleaned["name"] = cleaned["name"][:NAME_LENGTH]
        return cleaned


class ReportForm(forms.Form):
    """Name, journey, and the filters that reach every figure."""

    name = forms.CharField(label=_("name"), max_length=NAME_LENGTH)
    journey = forms.ModelChoiceField(
        label=_("journey"), queryset=Journey.objects.none(), required=False,
        empty_label=_("the whole workspace"),
    )  # fmt: skip
    since = forms.DateField(
        label=_("from"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    last = forms.DateField(
        label=_("to, its day included"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        self.report, scope = report, report.asked_scope
        initial = {
            "name": report.name,
            "journey": report.journey_id,
            "since": scope.since,
            "last": scope.until - timedelta(days=1) if scope.until else None,
        }
        super().__init__(*args, **{**kwargs, "initial": initial})
        self.fields["journey"].queryset = _journeys(report.workspace)  # type: ignore[attr-defined]
        for one in filters_of(report.workspace, scope):
            if one["options"]:
                self.fields[one["name"]] = forms.MultipleChoiceField(
                    label=one["label"], choices=one["options"], initial=one["selected"],
                    required=False, widget=forms.SelectMultiple(attrs={"size": 4}),
                )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        last = cleaned.get("last")
        try:
            scope = Scope(
                since=cleaned.get("since"),
                until=last + timedelta(days=1) if last else None,
                **{field: tuple(cleaned.get(name) or ()) for name, field in FILTERS.items()},
            )
            check_scope(self.report.workspace, scope)
        except ScopeError as error:
            raise ValidationError(str(error)) from error
        cleaned["scope"] = scope
        return cleaned


class BlockForm(forms.Form):
    """One block; what its kind has no use for is not asked."""

    title = forms.CharField(
        label=_("heading"), max_length=TITLE_LENGTH, required=False,
        help_text=_("Empty: what it is."),
    )  # fmt: skip
    name = forms.ChoiceField(label=_("shows"), required=False)
    text = forms.CharField(
        label=_("text"), required=False, max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("An empty line begins a new paragraph; “- ” a point of a list."),
    )  # fmt: skip
    journey = forms.ChoiceField(label=_("journey"), required=False)
    most = forms.IntegerField(
        label=_("how many lines at most"), required=False, min_value=0, max_value=LARGEST,
        help_text=_("Empty or 0: all."),
    )  # fmt: skip
    bare = forms.BooleanField(label=_("on paper and slides without the table"), required=False)

    def __init__(self, *args: Any, report: Report, block: Block, **kwargs: Any) -> None:
        self.block = block
        own = {"initial": block.to_json(), "auto_id": f"{block.id}_%s"}
        super().__init__(*args, **{**kwargs, **own})
        if block.kind in NAMES:
            self.fields["name"].choices = list(NAMES[block.kind].items())  # type: ignore[attr-defined]
        else:
            del self.fields["name"]
        if block.kind == TEXT:
            del self.fields["journey"], self.fields["most"]
            self.fields["title"].help_text = ""
        else:
            del self.fields["text"]
            journeys = [(j.slug, j.name) for j in _journeys(report.workspace)]
            self.fields["journey"].choices = [("", _("that of the report")), *journeys]  # type: ignore[attr-defined]
            if block.kind in (SUMMARY, MAP):
                del self.fields["most"]
        if block.kind not in (MAP, RANKING, FIGURE):
            del self.fields["bare"]

    def made(self) -> Block:
        """The block as the form says."""
        told = {name: value for name, value in self.cleaned_data.items() if value}
        return Block(id=self.block.id, kind=self.block.kind, **{"name": self.block.name, **told})


def choices() -> list[tuple[str, str, str]]:
    """All that can be added: kind, name, label."""
    found = []
    for kind, label in KINDS.items():
        if kind in (FIGURE, TABLE):
            found += [(kind, name, str(told)) for name, told in NAMES[kind].items()]
        else:
            found.append((kind, "", str(label)))
    return found

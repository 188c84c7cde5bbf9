"""The form of a schedule."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from reports.files.formats import FORMATS
from reports.report_models import Report
from reports.schedule_models import Schedule


class ScheduleForm(forms.ModelForm):
    format = forms.ChoiceField(
        label=_("format"), choices=[(code, form.label) for code, form in FORMATS.items()]
    )

    class Meta:
        model = Schedule
        fields = ["reader", "every", "weekday", "day", "at", "timezone", "format", "to_folder"]
        widgets = {"at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}
        help_texts = {
            "reader": _("It speaks their language and holds only what they may see."),
        }

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = User.objects.filter(memberships__workspace=report.workspace)
        self.fields["reader"].queryset = members.order_by("name", "email")  # type: ignore[attr-defined]
        self.fields["timezone"].initial = report.workspace.timezone
        if not settings.REPORTS_DIR:
            del self.fields["to_folder"]
        else:
            self.fields["to_folder"].help_text = _("Otherwise by e-mail.")

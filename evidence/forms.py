"""Forms of evidence: the upload, how a file is read, names of mappings, metrics of one's own."""

import codecs
import json
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Workspace
from evidence.mapping import MOST_HEADER, MOST_SKIPPED
from evidence.metrics import BUILT_IN
from evidence.models import Metric
from evidence.sampling import Preview
from evidence.sizes import megabytes

ACCEPT = ".csv,.tsv,.txt,.tab,.xlsx,.xlsm,.jsonl,.ndjson,.json,.parquet,.xes,.gz,.jsonocel"
LONGEST_JSON = 200_000
DELIMITERS = [
    ("", gettext_lazy("as recognised")),
    (",", gettext_lazy("comma ,")),
    (";", gettext_lazy("semicolon ;")),
    ("\t", gettext_lazy("tab")),
    ("|", gettext_lazy("bar |")),
]
READ_FIELDS = {
    "csv": ("encoding", "delimiter", "header", "skip", "decimal"),
    "xlsx": ("sheet", "header", "skip", "decimal"),
    "jsonl": ("encoding", "decimal"),
    "ocel": ("case",),
}
ENCODINGS = ["utf-8", "gb18030", "big5", "cp1252", "latin-1", "shift_jis", "utf-16"]


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages={"required": gettext_lazy("Choose a file first.")},
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        limit = settings.EVIDENCE_MAX_FILE_BYTES
        if (file.size or 0) > limit:
            raise forms.ValidationError(
                _(
                    "The file has %(size)s; at most %(limit)s can be uploaded. "
                    "Split it by month, or import it on the server with import_evidence."
                )
                % {"size": megabytes(file.size or 0), "limit": megabytes(limit)}
            )
        if not file.size:
            raise forms.ValidationError(
                _("The file is empty. Expected was a table: a line of column names, then rows.")
            )
        return file


class ReadForm(forms.Form):
    """How the file is to be read, where what was recognised is wrong."""

    encoding = forms.CharField(
        label=gettext_lazy("Encoding"),
        required=False,
        max_length=40,
        widget=forms.TextInput(
            attrs={"list": "encodings", "placeholder": gettext_lazy("as recognised")}
        ),
    )
    delimiter = forms.ChoiceField(
        label=gettext_lazy("Columns are separated by"),
        required=False,
        choices=DELIMITERS,
    )
    sheet = forms.ChoiceField(label=gettext_lazy("Sheet"), required=False)
    header = forms.TypedChoiceField(
        label=gettext_lazy("Lines that name the columns"),
        required=False,
        choices=[
            ("", gettext_lazy("as recognised")),
            ("0", gettext_lazy("none")),
            *((str(n), str(n)) for n in range(1, MOST_HEADER + 1)),
        ],
        coerce=int,
        empty_value=None,
    )
    skip = forms.IntegerField(
        label=gettext_lazy("Lines above them"),
        required=False,
        min_value=0,
        max_value=MOST_SKIPPED,
        widget=forms.NumberInput(attrs={"placeholder": gettext_lazy("as recognised")}),
    )
    decimal = forms.ChoiceField(
        label=gettext_lazy("Numbers are written"),
        required=False,
        choices=[
            ("", gettext_lazy("as recognised, number by number")),
            (".", "1,234.5"),
            (",", "1.234,5"),
        ],
    )
    case = forms.ChoiceField(label=gettext_lazy("The case is"), required=False)

    def __init__(self, *args: Any, preview: Preview, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["case"].choices = [  # type: ignore[attr-defined]
            (name, _("%(type)s (in %(n)d events)") % {"type": name, "n": n})
            for name, n in preview.log.get("types", {}).items()
        ]
        self.fields["sheet"].choices = [  # type: ignore[attr-defined]
            ("", _("as recognised: %s") % preview.sheet),
            *(
                (name, _("%s (hidden)") % name if hidden else name)
                for name, hidden in preview.sheets
            ),
        ]
        for name in list(self.fields):
            if name not in READ_FIELDS.get(preview.format, ()):
                del self.fields[name]

    def clean_encoding(self) -> str:
        told: str = self.cleaned_data["encoding"].strip()
        if told:
            try:
                codecs.lookup(told)
            except LookupError:
                raise forms.ValidationError(
                    _("“%s” is not an encoding. Use a name such as utf-8, gb18030 or latin-1.")
                    % told
                ) from None
        return told


class JsonForm(forms.Form):
    """The mapping as JSON, for those who write it by hand."""

    document = forms.CharField(
        label=gettext_lazy("Mapping (JSON)"),
        max_length=LONGEST_JSON,
        widget=forms.Textarea(attrs={"class": "code", "rows": 16, "spellcheck": "false"}),
    )

    def clean_document(self) -> dict[str, Any]:
        try:
            made = json.loads(self.cleaned_data["document"])
        except ValueError as error:
            raise forms.ValidationError(_("This is not JSON: %s.") % error) from None
        except RecursionError:
            raise forms.ValidationError(_("This JSON is nested too deeply.")) from None
        if not isinstance(made, dict):
            raise forms.ValidationError(
                _("A mapping is a JSON object, such as {“kind”: “waits”, …}.")
            )
        return made


class MetricForm(forms.ModelForm):
    """A question of the workspace's own."""

    class Meta:
        model = Metric
        fields = ["name", "code", "low", "high", "pain_at_most", "pain_at_least"]
        help_texts = {
            "code": gettext_lazy(
                "Stands in files and mappings; small letters, digits and hyphens."
            ),
            "pain_at_most": gettext_lazy(
                "Where low scores are bad: answers up to this one tell of pain."
            ),
            "pain_at_least": gettext_lazy(
                "Where high scores are bad: answers from this one on do. Give one of the two."
            ),
        }

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.workspace = workspace
        if self.instance.pk:
            # Evidence knows the metric by it.
            del self.fields["code"]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].lower()
        if code in BUILT_IN:
            raise forms.ValidationError(_("“%s” is built in. Choose another code.") % code)
        if self.instance.workspace.metrics.filter(code=code).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is a metric with this code already."))
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        low, high = cleaned.get("low"), cleaned.get("high")
        if low is None or high is None:
            return cleaned
        if low >= high:
            self.add_error("high", _("The highest score must be above the lowest."))
            return cleaned
        most, least = cleaned.get("pain_at_most"), cleaned.get("pain_at_least")
        if (most is None) == (least is None):
            self.add_error(
                "pain_at_most",
                _(
                    "Say which answers are painful: up to a score, or from a score on. "
                    "Just one of the two."
                ),
            )
        elif (most is not None and not low <= most < high) or (
            least is not None and not low < least <= high
        ):
            self.add_error(
                "pain_at_most" if most is not None else "pain_at_least",
                _("This must lie on the scale and leave answers that are not painful."),
            )
        return cleaned

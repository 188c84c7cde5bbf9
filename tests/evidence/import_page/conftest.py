"""What is done on the page of an import: a file is sent, its mapping filled in."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from evidence.models import Import
from tests.evidence.import_page.files import WAITS


@pytest.fixture
def page(workspace):
    """The address of a page of evidence."""
    return lambda rest="": f"/w/{workspace.slug}/evidence/{rest}"


@pytest.fixture
def analyst(member, client_for):
    return client_for(member("analyst"))


@pytest.fixture
def upload(analyst, page):
    def send(content: str | bytes, name: str = "queue.csv", client=analyst):
        raw = content.encode() if isinstance(content, str) else content
        return client.post(page("new/"), {"file": SimpleUploadedFile(name, raw)})

    return send


@pytest.fixture
def draft(upload, workspace):
    def make(content: str | bytes = WAITS, name: str = "queue.csv") -> Import:
        answer = upload(content, name)
        assert answer.status_code == 302, answer.content.decode()
        return workspace.imports.get()

    return make


@pytest.fixture
def posted(analyst, page):
    """What a browser would send for the mapping page as it stands, with these changes."""

    def send(found: Import, changes=None, **more):
        context = analyst.get(page(f"{found.pk}/mapping/")).context
        form: dict[str, object] = {}
        for row in context["fields"]:
            name = f"f-{row.name}"
            form[f"{name}-source"] = row.source
            form[f"{name}-and"] = row.further
            for part in ("value", "format", "timezone", "unit", "missing", "otherwise"):
                form[f"{name}-{part}"] = getattr(row, part)
            for i, value in enumerate(row.values):
                form[f"m-{row.name}-{i}-from"] = value.value
                form[f"m-{row.name}-{i}-to"] = value.to
                if value.drop:
                    form[f"m-{row.name}-{i}-drop"] = "on"
        if context["wide"]:
            form["a-shown"] = "1"
        for answer in context["answers"]:
            name = f"a-{answer.index}"
            if answer.used:
                form[f"{name}-use"] = "on"
            for part in ("about", "code", "metric", "missing", "comment"):
                form[f"{name}-{part}"] = getattr(answer, part)
        form.update(changes or {})
        return analyst.post(page(f"{found.pk}/mapping/"), form, **more)

    return send

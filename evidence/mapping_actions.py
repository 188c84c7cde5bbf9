"""Saving mappings: each change is a version of its own, and an old one can be taken again."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from accounts.models import User, Workspace
from evidence.actions import read_mapping
from evidence.models import Mapping, MappingVersion


@transaction.atomic
def save_mapping(
    *,
    workspace: Workspace,
    name: str,
    document: dict[str, Any],
    header: Sequence[str] = (),
    user: User | None,
) -> Mapping:
    """Under this name, as its next version; the same again is no new version."""
    columns = read_mapping(workspace=workspace, document=document).columns
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    saved = workspace.mappings.filter(name=name).first()
    if saved is not None and saved.document == document and saved.header == list(header):
        return saved
    if saved is None:
        saved = Mapping(workspace=workspace, name=name, version=0)
    saved.document, saved.columns, saved.header = document, columns, list(header)
    saved.version, saved.created_by = saved.version + 1, user
    saved.save()
    MappingVersion.objects.create(
        mapping=saved,
        number=saved.version,
        document=document,
        columns=columns,
        header=list(header),
        created_by=user,
    )
    return saved


def take_version_again(*, version: MappingVersion, user: User | None) -> Mapping:
    """An old version becomes the newest; those in between stay."""
    saved = version.mapping
    return save_mapping(
        workspace=saved.workspace,
        name=saved.name,
        document=version.document,
        header=version.header,
        user=user,
    )

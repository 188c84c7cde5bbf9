"""Whether the lake is whole: catalogue against files, rows against the imports' account.

Everything is read: each file's bytes are hashed and compared with what they were when first seen
(files of the lake never change), and each column of each file is decoded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import duckdb
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Workspace
from evidence import lake, lake_files, locks
from evidence.catalogue import META, TABLES
from evidence.lake_files import Found
from evidence.models import Import, LakeFile, State
from evidence.sql import literal
from jobs.models import ENDED

YOUNG = timedelta(days=2)  # a writer under way has files that the catalogue does not know yet


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: which kind, where, and in words what it is."""

    problem: str
    where: str
    told: str


@dataclass(frozen=True)
class Known:
    """A file as the catalogue has it."""

    path: str
    table: str
    bytes: int
    rows: int
    is_live: bool


@dataclass
class Checked:
    files: int = 0
    rows: int = 0
    imports: int = 0
    under_way: int = 0
    problems: list[Problem] | None = None

    def to_json(self) -> dict[str, Any]:
        found = [vars(problem) for problem in self.problems or []]
        return {
            "ok": not found, "files": self.files, "rows": self.rows, "imports": self.imports,
            "under_way": self.under_way, "problems": found,
        }  # fmt: skip


def check() -> Checked:
    """Looks at everything; changes nothing but the list of hashes of files seen."""
    done = Checked(problems=[])
    assert done.problems is not None
    # The catalogue first: what is written meanwhile is young, and no orphan yet.
    known = _known()
    there = lake_files.listing()
    done.problems += _files(known, there, done)
    done.problems += _orphans({file.path for file in known}, there)
    # Where files are broken the rows cannot be counted; what is broken has been said.
    try:
        done.problems += _accounts(done)
    except duckdb.Error as error:
        done.problems.append(Problem("unreadable", "", _short(error)))
    return done


def _known() -> list[Known]:
    """Every file that the catalogue needs, now or for a snapshot it keeps."""
    statement = f"""
        SELECT s.path || t.path || f.path, t.table_name, f.file_size_bytes, f.rows, f.is_live,
               f.path_is_relative, f.path
        FROM (SELECT table_id, path, path_is_relative, file_size_bytes, record_count AS rows,
                     end_snapshot IS NULL AS is_live
              FROM {META}.ducklake_data_file
              UNION ALL
              SELECT table_id, path, path_is_relative, file_size_bytes, delete_count,
                     end_snapshot IS NULL
              FROM {META}.ducklake_delete_file) f
        JOIN {META}.ducklake_table t ON t.table_id = f.table_id AND t.end_snapshot IS NULL
        JOIN {META}.ducklake_schema s ON s.schema_id = t.schema_id AND s.end_snapshot IS NULL
        ORDER BY 1
    """
    with lake.cursor() as cursor:
        found = cursor.execute(statement).fetchall()
    return [
        Known(lake.data_path() + full if relative else plain, table, size, rows, is_live)
        for full, table, size, rows, is_live, relative, plain in found
    ]


def _files(known: list[Known], there: dict[str, Found], done: Checked) -> Iterator[Problem]:
    """Missing, of another size, changed since first seen, unreadable, of other rows."""
    for file in known:
        done.files += 1
        name = file.path.removeprefix(lake.data_path())
        if name not in there:
            yield Problem("missing", name, _missing_told(file))
            continue
        if there[name].bytes != file.bytes:
            yield Problem(
                "size", name,
                _("The file has %(has)d bytes; the catalogue says %(should)d.")
                % {"has": there[name].bytes, "should": file.bytes},
            )  # fmt: skip
        yield from _changed(file, name)
        yield from _unreadable(file, name)


def _missing_told(file: Known) -> str:
    if file.is_live:
        return _("The catalogue needs the file for %(n)d rows of %(table)s; it is not there.") % {
            "n": file.rows, "table": file.table,
        }  # fmt: skip
    return _("The file is needed for an older snapshot of %s only; it is not there.") % file.table


def remember_new() -> int:
    """Notes what the files are that were written since; called each night."""
    known, seen = _known(), set(LakeFile.objects.values_list("path", flat=True))
    new = [file for file in known if file.path.removeprefix(lake.data_path()) not in seen]
    return sum(_remember(file, file.path.removeprefix(lake.data_path()))[1] for file in new)


def _remember(file: Known, name: str) -> tuple[LakeFile | None, bool]:
    """What the file was when first seen, and whether that is now."""
    found = LakeFile.objects.filter(path=name).first()
    if found is not None:
        return found, False
    digest = lake_files.digest(name)
    if not digest:
        return None, False
    return LakeFile.objects.get_or_create(
        path=name, defaults={"bytes": file.bytes, "sha256": digest}
    )


def _changed(file: Known, name: str) -> Iterator[Problem]:
    first, is_new = _remember(file, name)
    if first is None or is_new:
        return
    if first.sha256 != lake_files.digest(name):
        yield Problem(
            "changed", name,
            _("The file's content is not what it was on %s; files never change by themselves.")
            % f"{first.seen_at:%Y-%m-%d}",
        )  # fmt: skip


def _unreadable(file: Known, name: str) -> Iterator[Problem]:
    with lake.cursor() as cursor:
        try:
            # Each column is decoded; count(*) alone would look at the footer only.
            row = cursor.execute(
                f"SELECT count(*), bit_xor(hash(r)) FROM read_parquet({literal(file.path)}) r"
            ).fetchall()[0]
        except duckdb.Error as error:
            yield Problem("unreadable", name, _short(error))
            return
    if row[0] != file.rows:
        yield Problem(
            "rows", name,
            _("The file holds %(has)d rows; the catalogue says %(should)d.")
            % {"has": row[0], "should": file.rows},
        )  # fmt: skip


def _orphans(known: set[str], there: dict[str, Found]) -> Iterator[Problem]:
    """Files that nothing needs, older than any writer under way could have left them."""
    with lake.cursor() as cursor:
        waiting = cursor.execute(
            f"SELECT path, path_is_relative FROM {META}.ducklake_files_scheduled_for_deletion"
        ).fetchall()
    known |= {lake.data_path() + path if relative else path for path, relative in waiting}
    old = (timezone.now() - YOUNG).timestamp()
    for name, found in sorted(there.items()):
        if lake.data_path() + name not in known and found.changed_at < old:
            told = _("Nothing needs the file; the upkeep of the night deletes it.")
            yield Problem("orphan", name, told)


def _accounts(done: Checked) -> Iterator[Problem]:
    """Rows in the lake against what each import says it brought, less what left since."""
    for table in TABLES:
        stand = _stand(table)
        done.rows += sum(stand.values())
        imports = {found.pk: found for found in Import.objects.filter(kind=table)}
        for pk in sorted(set(stand) | {k for k, v in imports.items() if v.state == State.DONE}):
            done.imports += 1
            found = imports.get(pk)
            if found is not None and _is_under_way(found):
                done.under_way += 1
            elif stand.get(pk, 0) != _should(found):
                yield from _recounted(table, pk, done)
    workspaces = set(Workspace.objects.values_list("pk", flat=True))
    for table in TABLES:
        with lake.cursor() as cursor:
            for (pk,) in cursor.execute(f"SELECT DISTINCT workspace_id FROM {table}").fetchall():
                if pk not in workspaces:
                    told = _("Rows of a workspace that is not there: %d.") % pk
                    yield Problem("workspace", table, told)


def _recounted(table: str, pk: int, done: Checked) -> Iterator[Problem]:
    """Once more, while nobody works on the import: it may have grown or gone meanwhile."""
    with locks.held(locks.importing(pk)):
        found = Import.objects.filter(pk=pk).first()
        has, should = _stand(table, pk).get(pk, 0), _should(found)
    if has == should or (found is not None and _is_under_way(found)):
        return
    source = f"import {pk}" + (f" ({found.source})" if found else "")
    if should == 0:
        state = found.get_state_display() if found else _("not known")
        told = _("%(n)d rows of an import that has none standing (%(state)s).")
        yield Problem("import", source, told % {"n": has, "state": state})
    else:
        told = _("%(has)d rows stand in %(table)s; by the account it should be %(should)d.")
        yield Problem("import", source, told % {"has": has, "table": table, "should": should})


def _stand(table: str, import_id: int | None = None) -> dict[int, int]:
    only = "" if import_id is None else f"WHERE import_id = {int(import_id)}"
    with lake.cursor() as cursor:
        return dict(
            cursor.execute(
                f"SELECT import_id, count(*) FROM {lake.known(table)} {only} GROUP BY import_id"
            ).fetchall()
        )


def _should(found: Import | None) -> int:
    return found.accepted - found.gone if found is not None and found.state == State.DONE else 0


def _is_under_way(found: Import) -> bool:
    return found.state == State.IMPORTING and (
        found.job is not None and found.job.status not in ENDED
    )


def _short(error: duckdb.Error) -> str:
    return " ".join(str(error).split())[:300]

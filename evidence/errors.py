"""What can go wrong with evidence, in sentences for people."""

from jobs.actions import JobError


class EvidenceError(JobError):
    """Something about a file, a mapping or an import: expected, got, what to do."""


class MappingError(EvidenceError):
    """The mapping cannot be used; `where` is the key at fault."""

    def __init__(self, message: str, where: str = "") -> None:
        super().__init__(message)
        self.where = where


class FileError(EvidenceError):
    """The file cannot be read as a table."""


class AlreadyImported(EvidenceError):
    """The same file came in before by the same mapping."""

    def __init__(self, message: str, earlier: int) -> None:
        super().__init__(message)
        self.earlier = earlier

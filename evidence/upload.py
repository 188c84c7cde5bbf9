"""Uploads that stream to the disk the file will stay on, and stop growing at the limit."""

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from evidence.upload_models import waiting_room


class StreamedUpload(TemporaryUploadedFile):
    """An upload below our own roof, so that keeping it is a rename, not a copy."""

    def __init__(self, name: str, content_type: str | None, folder: Path) -> None:
        file = tempfile.NamedTemporaryFile(suffix=".upload", dir=folder)  # noqa: SIM115
        UploadedFile.__init__(self, file, name, content_type, 0, None, None)  # type: ignore[arg-type]


class StreamingHandler(FileUploadHandler):
    """Writes to disk as the bytes arrive. What goes beyond the limit is counted, not kept."""

    chunk_size = 256 * 1024

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.received = 0
        self.too_big = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.file = StreamedUpload(self.file_name or "", self.content_type, waiting_room())

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received <= settings.EVIDENCE_MAX_FILE_BYTES:
            self.file.write(raw_data)
        elif not self.too_big:
            self.too_big = True
            self.file.truncate(0)

    def file_complete(self, file_size: int) -> UploadedFile:
        self.file.seek(0)
        self.file.size = file_size
        return self.file

    def upload_interrupted(self) -> None:
        if hasattr(self, "file"):
            self.file.close()

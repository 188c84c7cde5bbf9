"""Sizes of files, for people."""


def megabytes(size: int) -> str:
    return f"{size / 2**30:.0f} GB" if size >= 2**30 else f"{max(1, size >> 20)} MB"

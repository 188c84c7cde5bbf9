"""What can go wrong in the library through no fault of the program."""


class LibraryError(Exception):
    """A refusal, in a sentence for people."""


class InUse(LibraryError):
    """Something cannot be deleted, because other things need it."""

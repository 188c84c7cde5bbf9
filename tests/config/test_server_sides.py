"""Which threads serve what: nobody waits behind posts, or behind pages that are counted first."""

import pytest

from config.server import Entry


@pytest.mark.parametrize(
    ("method", "address", "side"),
    [
        ("GET", "/w/bank/journeys/opening/?since=2026-01-01&until=2026-02-01", "scoped"),
        ("GET", "/w/bank/journeys/opening/ranking/?persona=1&segment=mass", "scoped"),
        ("GET", "/w/bank/painpoints/7/?unit=north", "scoped"),
        ("GET", "/w/bank/journeys/opening/?since=&segment=", "pages"),
        ("GET", "/w/bank/journeys/opening/?persona=segment", "pages"),
        ("GET", "/w/bank/evidence/rows/?segment=mass", "pages"),
        ("POST", "/w/bank/painpoints/7/?segment=mass", "pages"),
        ("POST 300", "/api/v1/evidence/waits/", "short_posts"),
        ("POST 65537", "/api/v1/evidence/waits/", "posts"),
        ("POST", "/api/v1/evidence/waits/", "posts"),  # in pieces, as many as it takes
        ("GET", "/api/v1/evidence/waits/", "pages"),
    ],
)
def test_each_request_goes_to_its_side(method: str, address: str, side: str) -> None:
    entry = Entry(lambda *_: None, lambda *_: None, threads=1, post_threads=1)
    path, _, query = address.partition("?")
    method, _, length = method.partition(" ")
    headers = [(b"content-length", length.encode())] if length else []
    scope = {"method": method, "path": path, "query_string": query.encode(), "headers": headers}
    assert entry._side(scope) is getattr(entry, side)

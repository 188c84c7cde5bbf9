"""Browsers ask for /favicon.ico by themselves, where a page names no icon."""

from django.templatetags.static import static


def test_the_icon_that_browsers_ask_for(client):
    assert client.get("/favicon.ico").headers["Location"] == static("favicon.svg")

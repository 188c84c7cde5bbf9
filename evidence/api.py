"""API of evidence: imports, and evidence posted by programs."""

from rest_framework.routers import SimpleRouter

router = SimpleRouter()

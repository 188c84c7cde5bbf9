from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "evidence"

    def ready(self) -> None:
        # Registers the work of imports, wherever jobs are made or run.
        from evidence import actions, erasure, importing, lake  # noqa: F401
        from jobs.actions import stoppers

        stoppers.append(lake.end_queries)

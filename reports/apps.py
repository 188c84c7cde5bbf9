from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from reports import erasing, report_exports, scheduling  # noqa: F401
        from reports.openers import (  # noqa: F401
            change,
            drivers,
            patience,
            stages,
            waits,
            whatif,
            worth,
        )

from django.apps import AppConfig


class PainpointsConfig(AppConfig):
    name = "painpoints"

    def ready(self) -> None:
        from painpoints import (  # noqa: F401
            alert_mail,
            drivers_work,
            listeners,
            openers,
            scopes_work,
            total_opener,
            work,
        )

from django.apps import AppConfig


class PainpointsConfig(AppConfig):
    name = "painpoints"

    def ready(self) -> None:
        from painpoints import alert_mail, drivers_work, listeners, work  # noqa: F401

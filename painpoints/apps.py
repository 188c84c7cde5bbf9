from django.apps import AppConfig


class PainpointsConfig(AppConfig):
    name = "painpoints"

    def ready(self) -> None:
        from painpoints import alert_mail, drivers_work, listeners, openers, work  # noqa: F401

from django.apps import AppConfig


class PainpointsConfig(AppConfig):
    name = "painpoints"

    def ready(self) -> None:
        from painpoints import drivers_work, listeners, work  # noqa: F401

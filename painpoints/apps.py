from django.apps import AppConfig


class PainpointsConfig(AppConfig):
    name = "painpoints"

    def ready(self) -> None:
        from painpoints import listeners, work  # noqa: F401

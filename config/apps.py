from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        """Whoever enqueues a task does so on this project's queue."""
        from config import celery  # noqa: F401

from typing import Any

from django.apps import AppConfig
from django.core.signals import request_started
from django.utils import timezone


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        # A page's times are in its workspace's zone (accounts.access); the next page has its own.
        request_started.connect(_forget_time_zone, dispatch_uid="accounts.time_zone")


def _forget_time_zone(**kwargs: Any) -> None:
    timezone.deactivate()

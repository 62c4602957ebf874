"""The engine as a Django application: its tables, and nothing at start."""

from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    name = "realtime"

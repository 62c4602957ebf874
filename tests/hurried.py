"""manage.py with a clock in a hurry: `python -m tests.hurried serve …` looks every few seconds whether readers still may read."""

import os
import sys

import django
from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")

if __name__ == "__main__":
    django.setup()

    from realtime import reader

    reader.RECHECK_EVERY = 0.5
    execute_from_command_line(["manage.py", *sys.argv[1:]])

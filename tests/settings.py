"""The settings of the suite: the real ones, kept away from the real data."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_folder = tempfile.mkdtemp(prefix="fangtan-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["DATA_DIR"] = _folder
for _name in ("MEDIA_ROOT", "PORTAL_ROOT", "STATIC_ROOT"):
    os.environ.pop(_name, None)
# The same in every parallel process: signatures may stand in the names of tests.
os.environ["SECRET_KEY"] = "a key for tests alone, and long enough to please the checks of a deployment"
# Parallel workers share one Redis server: each has its own names there.
os.environ["REDIS_PREFIX"] = f"tests-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"

from settings import *  # noqa: E402, F403
from settings import ALLOWED_HOSTS, DATA_DIR, DATABASES, STATIC_ROOT, STORAGES  # noqa: E402

ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]
# Argon2 is slow on purpose; tests/accounts checks the real list.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# No collected files to look names up in.
STATIC_ROOT.mkdir()
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: in-memory tables lock in another way, and ignore the timeout.
    DATABASES["default"]["ENGINE"] = "tests.sqlite3"
    DATABASES["default"]["TEST"] = {"NAME": str(Path(DATA_DIR) / "test.sqlite3")}
    _options = DATABASES["default"]["OPTIONS"]
    # The one difference: nobody pulls the plug on a test database.
    _options["init_command"] = _options["init_command"].replace("synchronous=FULL", "synchronous=OFF")

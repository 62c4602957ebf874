"""Settings, read from the environment; docs/operations.md explains every variable."""

from pathlib import Path
from typing import Any

import environ
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _
from redis import BlockingConnectionPool

from operations.logs import is_trouble, lowered
from operations.secret import read_or_make

BASE = Path(__file__).resolve().parent
env = environ.Env()

# ── Where things are kept ────────────────────────────────────────────────────────────────────────────────────────────
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(DATA_DIR / "media"))).resolve()
MEDIA_URL = "/media/"
PORTAL_ROOT = Path(env.str("PORTAL_ROOT", default=str(DATA_DIR / "portal"))).resolve()
# Where the ends of the chained record are written down outside the database; best on a disk that its administrators cannot write.
AUDIT_ROOT = Path(env.str("AUDIT_ROOT", default=str(DATA_DIR / "audit"))).resolve()
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static"))).resolve()
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE / "static"]

# ── Who may reach the site ───────────────────────────────────────────────────────────────────────────────────────────
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or read_or_make(DATA_DIR / "secret_key")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", ".localhost", "127.0.0.1", "[::1]"])
# Besides the site itself, whose pages may open the socket: full origins, such as https://www.example.gov.cn
ALLOWED_ORIGINS = env.list("ALLOWED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", default=False)
# Our own proxies, by address, network or "unix": X-Forwarded-For is believed from nobody else. A number of proxies would not
# do: it believes whoever reaches the application without passing them.
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_TRUSTED_ORIGINS = ALLOWED_ORIGINS
# Frames for many readers are handed to their sockets directly (operations/servers/express.py); off, they go out like any other.
EXPRESS_FRAMES = env.bool("EXPRESS_FRAMES", default=True)
# Where Linux has io_uring, one call to the kernel does that for many sockets (operations/servers/ring.py); off, there is one for each.
EXPRESS_RING = env.bool("EXPRESS_RING", default=True)

# ── What the site calls itself: the portal meta tags of archived pages ───────────────────────────────────────────────
SITE_NAME = env.str("SITE_NAME", default="湖滨市人民政府门户网站")
SITE_DOMAIN = env.str("SITE_DOMAIN", default="www.hubin.example")
SITE_ID_CODE = env.str("SITE_ID_CODE", default="0000000000")
# Every page says that this is a demonstration with invented people.
DEMONSTRATION = env.bool("DEMONSTRATION", default=False)

# ── The application ──────────────────────────────────────────────────────────────────────────────────────────────────
ROOT_URLCONF = "urls"
ASGI_APPLICATION = "asgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = True
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "csp",
    "huey.contrib.djhuey",
    "realtime",
    "organisations",
    "accounts",
    "interview",
    "moderation",
    "archive",
    "rehearsal",
    "operations",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # A transcript of two hundred entries shrinks from 170 to 12 kB; tokens are masked anew in every page, so lengths tell nothing.
    "django.middleware.gzip.GZipMiddleware",
    # What is the same for everybody leaves here, without a session, a language or a token that would vary it.
    "realtime.early.middleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "operations.context.site",
            ],
        },
    },
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "operations.assets.Hashed"},
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

# ── What pages of programmes are made of, per process: a long transcript with its waiting questions takes half a megabyte ─
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 64}}}

# ── Database: SQLite beside the code, or whatever DATABASE_URL names ─────────────────────────────────────────────────
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'fangtan.sqlite3'}")}
_database = DATABASES["default"]
# Under ASGI a kept connection is never given back (Django's own advice); the pool below does the reuse.
_database["CONN_MAX_AGE"] = 0
if _database["ENGINE"].endswith("sqlite3"):
    _database["OPTIONS"] = {
        # The default, deferred, fails at once with "database is locked" when a reader turns writer.
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        "init_command": ("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=10000; PRAGMA journal_size_limit=67108864"),
    }
else:
    # Without the health check the pool hands out dead connections after PostgreSQL restarts.
    _database["CONN_HEALTH_CHECKS"] = True
    _database["OPTIONS"] = {
        **_database.get("OPTIONS", {}),
        "pool": {
            "min_size": 1,
            "max_size": env.int("DATABASE_POOL_SIZE", default=10),
            "timeout": 5,
            "max_lifetime": 1800,
        },
    }

# ── The doorbell between processes, and background work ──────────────────────────────────────────────────────────────
REDIS_URL = env.str("REDIS_URL", default="")
# Two installations may share one Redis server if this differs.
REDIS_PREFIX = env.str("REDIS_PREFIX", default="fangtan")
CHANNEL_LAYERS: dict[str, dict[str, object]]
HUEY: dict[str, Any]
if REDIS_URL:
    # Else whoever asks a server that stands still waits for ever: /healthz, the worker when it is told to stop. In seconds, more than the
    # one second for which huey's workers wait for a task; what the URL says itself goes before.
    _redis = f"{REDIS_URL}{'&' if '?' in REDIS_URL else '?'}socket_timeout=3&socket_connect_timeout=3"
    CHANNEL_LAYERS = {
        "default": {
            # Not the core layer: it closes idle sockets, and drops silently what piles up in a burst.
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [_redis], "prefix": REDIS_PREFIX},
        }
    }
    HUEY = {
        "huey_class": "huey.RedisHuey",
        "name": REDIS_PREFIX,
        # A web process takes one connection for the queue, however many threads it has; the worker takes more (operations/worker.py).
        "connection_pool": BlockingConnectionPool.from_url(_redis, max_connections=1, timeout=3),
        "immediate": False,
    }
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    HUEY = {
        "huey_class": "huey.SqliteHuey",
        "name": "fangtan",
        "filename": str(DATA_DIR / "huey.sqlite3"),
        "immediate": False,
    }
# max_delay: how long an idle worker sleeps at most before it looks again, in seconds.
HUEY["consumer"] = {"workers": 2, "worker_type": "thread", "max_delay": 2}

# ── Language and time ────────────────────────────────────────────────────────────────────────────────────────────────
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("英文"))]
LOCALE_PATHS = [BASE / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# ── Signing in ───────────────────────────────────────────────────────────────────────────────────────────────────────
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/staff/"
LOGOUT_REDIRECT_URL = "/"
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 12 * 3600  # one working day with its evening
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SIGNED_COOKIE_LEGACY_SALT_FALLBACK = False

# ── What a browser may do with our pages ─────────────────────────────────────────────────────────────────────────────
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked from inside, over plain HTTP
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # HSTS for sub-domains, and
    "security.W021",  # for the preload list, bind sites that are not ours: the operator's web server may add both
    "security.W019",  # a portal may show our pages in a frame of its own origin
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [SELF],
    },
}

# ── What a request may bring ─────────────────────────────────────────────────────────────────────────────────────────
# Large enough for 100,000 Chinese characters in a form, so that the form itself can say "1,000 at most".
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# ── How often one may ask: amount/period, in any number; the address limit spares an office behind one address ───────
ASK_LIMITS_PER_VISITOR = env.list("ASK_LIMITS_PER_VISITOR", default=["1/10 seconds", "5/10 minutes", "30/day"])
ASK_LIMITS_PER_ADDRESS = env.list("ASK_LIMITS_PER_ADDRESS", default=["60/10 minutes"])
# Three moderators decide sixty a minute; five times as many can only be told to wait.
ASK_LIMITS_PER_PROGRAMME = env.list("ASK_LIMITS_PER_PROGRAMME", default=["300/minute"])
# From so many questions on a programme asks browsers for a proof of work, where its editor has not said otherwise.
ASK_PRESSURE = env.str("ASK_PRESSURE", default="60/minute")

# How often what somebody types is compared with what was asked: after every pause of a person who types without rest.
SIMILAR_LIMITS_PER_VISITOR = env.list("SIMILAR_LIMITS_PER_VISITOR", default=["40/minute"])
SIMILAR_LIMITS_PER_ADDRESS = env.list("SIMILAR_LIMITS_PER_ADDRESS", default=["400/minute"])
# How often one may want the same answer (同问), or take that back.
SUPPORT_LIMITS_PER_VISITOR = env.list("SUPPORT_LIMITS_PER_VISITOR", default=["30/minute", "300/day"])
SUPPORT_LIMITS_PER_ADDRESS = env.list("SUPPORT_LIMITS_PER_ADDRESS", default=["120/minute", "600/hour"])

# ── Sockets: open from one address (or /64 network of IPv6), open in one process, let in there within a second; 0 is no limit ──
CONNECTIONS_PER_ADDRESS = env.int("CONNECTIONS_PER_ADDRESS", default=200)
CONNECTIONS_TOTAL = env.int("CONNECTIONS_TOTAL", default=20_000)
HANDSHAKES_PER_SECOND = env.int("HANDSHAKES_PER_SECOND", default=200)

# ── How often a page without a socket asks for what is new, in seconds; it is told with every answer, so raise it under load ──
POLL_SECONDS = env.float("POLL_SECONDS", default=2.0)

# ── Logs: one line each, on standard error ───────────────────────────────────────────────────────────────────────────
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "operations.logs.LineFormatter"}},
    "filters": {
        "trouble": {"()": "django.utils.log.CallbackFilter", "callback": is_trouble},
        "seldom": {"()": "operations.logs.Seldom"},
        "lowered": {"()": "django.utils.log.CallbackFilter", "callback": lowered},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        # Django's own handlers would print the same line again, or send mail to nobody.
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        # The rehearsal asks hundreds of pages; what it finds stands in its report.
        "httpx": {"level": "WARNING"},
        "django.request": {"filters": ["trouble"]},
        "django.security.DisallowedHost": {"filters": ["lowered"]},
        # Both tell of every step at INFO.
        "huey": {"level": "WARNING"},
        # While Redis is away each tries again every second or sooner, and would tell of it each time, traceback and all.
        "huey.consumer.Worker": {"filters": ["seldom"]},
        "huey.consumer.Scheduler": {"filters": ["seldom"]},
        "channels_redis.pubsub": {"filters": ["seldom"]},
        "daphne": {"level": "WARNING"},
    },
}

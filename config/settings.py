"""All settings, in one file, from the environment. Importing it starts nothing.

Each variable is described in docs/deploy.md.
"""

import os
import re
import sys
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import embedded, env

BASE_DIR = Path(__file__).resolve().parent.parent
TESTING = "pytest" in sys.modules

TOUCHLINE_HOME = env.directory("TOUCHLINE_HOME", BASE_DIR / "var")
DEBUG = env.flag("TOUCHLINE_DEBUG", False)
HOST = env.text("HOST", "127.0.0.1")
PORT = env.integer("PORT", 8000, low=1, high=65535)
WEB_PROCESSES = env.integer("WEB_PROCESSES", min(4, os.cpu_count() or 1), low=1, high=256)
WEB_THREADS = env.integer("WEB_THREADS", 8, low=1, high=256)
WEB_POST_THREADS = env.integer("WEB_POST_THREADS", 40, low=1, high=256)
WORKER_PROCESSES = env.integer("WORKER_PROCESSES", min(4, os.cpu_count() or 1), low=1, high=256)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", "")

EMBEDDED = embedded.addresses(TOUCHLINE_HOME)
DATABASE_URL = env.text("DATABASE_URL", EMBEDDED.database_url)
CELERY_BROKER_URL = env.text("CELERY_BROKER_URL", EMBEDDED.broker_url)
LAKE_DATA_PATH = env.place("LAKE_DATA_PATH", str(TOUCHLINE_HOME / "lake"))
# Uploaded files wait here until they are imported; results to download lie here too.
MEDIA_ROOT = env.directory("TOUCHLINE_FILES", TOUCHLINE_HOME / "files")
# Reports that go out by themselves may be written below it; without it by e-mail only.
REPORTS_DIR = env.place("TOUCHLINE_REPORTS", "")
# S3, for all that may lie there; the names are those of Amazon's own tools. See evidence/s3.py.
S3_KEY_ID = env.text("AWS_ACCESS_KEY_ID", "")
S3_SECRET = env.text("AWS_SECRET_ACCESS_KEY", "")
S3_SESSION_TOKEN = env.text("AWS_SESSION_TOKEN", "")
S3_REGION = env.text("AWS_REGION", "us-east-1")
S3_ENDPOINT_URL = env.text("AWS_ENDPOINT_URL", "").rstrip("/")
if S3_ENDPOINT_URL and not re.fullmatch(r"https?://[^/?#]+", S3_ENDPOINT_URL):
    raise ImproperlyConfigured(
        f"AWS_ENDPOINT_URL must be https://host or https://host:port; it is {S3_ENDPOINT_URL!r}."
    )
# Where the bucket stands: in the path, or in the name of the host.
S3_URL_STYLE = env.choice("S3_URL_STYLE", "path" if S3_ENDPOINT_URL else "vhost", ("path", "vhost"))
SECRET_KEY = env.text("SECRET_KEY", "") or embedded.secret_key(TOUCHLINE_HOME)
# Anyone who can reach the address may look round the demo workspace (never its settings).
OPEN_DEMO = env.flag("TOUCHLINE_OPEN_DEMO", not env.text("DATABASE_URL", ""))


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            f"DATABASE_URL must begin with postgresql://; it begins with {parts.scheme!r}."
        )
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "config.postgres",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": options.pop("port", None) or parts.port or "",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


DATABASES = {"default": _database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "accounts",
    "jobs",
    "evidence",
    "touchpoints",
    "journeys",
    "painpoints",
    "reports",
    "config",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "heroicons",
    "allauth",
    "allauth.account",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "config.refusals.without_nul",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.shell",
            ],
        },
    }
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
if TESTING:
    # Slow on purpose is only slow here: a test run hashes some thousand passwords.
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_SESSION_REMEMBER = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"

SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
BEHIND_TLS = env.flag("TOUCHLINE_TLS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = BEHIND_TLS
if BEHIND_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Without a server mails are kept as files, so that nothing is lost; pages say so.
EMAIL_IS_SET_UP = bool(env.text("EMAIL_HOST", ""))
EMAIL_BACKEND = "django.core.mail.backends." + (
    "smtp.EmailBackend" if EMAIL_IS_SET_UP else "filebased.EmailBackend"
)
EMAIL_FILE_PATH = TOUCHLINE_HOME / "mail"
EMAIL_TIMEOUT = 20
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.integer("EMAIL_PORT", 25, low=1, high=65535)
_MAIL_SECURITY = env.choice("EMAIL_SECURITY", "none", ("none", "starttls", "tls"))
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL_SECURITY == "starttls", _MAIL_SECURITY == "tls"
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "touchline@localhost")
# Where people reach the site, for links in what is sent to them.
PUBLIC_URL = env.text("TOUCHLINE_URL", f"http://localhost:{PORT}")
if urlsplit(PUBLIC_URL).scheme not in {"http", "https"}:
    raise ImproperlyConfigured(
        f"TOUCHLINE_URL must begin with https:// or http://; it is {PUBLIC_URL!r}."
    )

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
# Chosen in the person's menu; before that the browser's Accept-Language decides.
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = TOUCHLINE_HOME / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "reports.figures.bundle.PlotlyFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "config.storage.StaticStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING
# Looked for where it is asked for: to find all of them first took a tenth of the tests' time.
WHITENOISE_AUTOREFRESH = DEBUG or TESTING

DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 2**20
# The mapping page of a survey with many questions sends a few fields a question.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2**20
FILE_UPLOAD_TEMP_DIR = None
# The largest file the import page takes.
EVIDENCE_MAX_FILE_BYTES = 5 * 2**30
# Larger files are looked at by a worker, not while a page waits.
EVIDENCE_LOOK_AT_ONCE_BYTES = 32 * 2**20
# What all unfinished uploads of a workspace may take together.
EVIDENCE_MAX_UPLOADING_BYTES = 20 * 2**30


def _shared_cache(url: str) -> dict[str, object]:
    """Valkey or Redis, also where it is the broker; else each process counts for itself."""
    if url.startswith("redis+socket://"):
        parts = urlsplit(url)
        number = dict(parse_qsl(parts.query)).get("virtual_host", "0")
        url = f"unix://{parts.path}?db={number}"
    if not url.startswith(("redis://", "rediss://", "unix://")):
        return {"BACKEND": "config.cache.OwnCache", "LOCATION": "shared"}
    return {
        "BACKEND": "config.cache.SharedCache",
        "LOCATION": url,
        "KEY_PREFIX": "touchline",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }


CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "shared": _shared_cache(env.text("TOUCHLINE_CACHE_URL", CELERY_BROKER_URL)),
}
# For each token or person; 0 means no limit.
API_CALLS_PER_MINUTE = env.integer("API_CALLS_PER_MINUTE", 30_000, low=0, high=10_000_000)
# How long the files of imports stay, so that a row opens to the line it came from; 0 is not at all.
KEEP_FILES_DAYS = env.integer("TOUCHLINE_KEEP_FILES_DAYS", 30, low=0, high=3650)

# Files are pulled from <here>/<workspace>/; without it nothing is pulled.
PULL_ROOT = env.place("TOUCHLINE_PULL_ROOT", "")

CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    "sweep-jobs": {"task": "jobs.tasks.sweep", "schedule": 2.0, "options": {"expires": 2}},
    "send-due-mails": {
        "task": "painpoints.tasks.send_due_mails",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "sweep-drafts": {"task": "evidence.tasks.sweep_drafts", "schedule": 3600.0},
    "sweep-exports": {"task": "reports.tasks.sweep_exports", "schedule": 3600.0},
    "send-due-reports": {
        "task": "reports.tasks.send_due_reports",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "pull-files": {
        "task": "evidence.tasks.pull",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "settle-evidence": {
        "task": "evidence.tasks.settle",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "sweep-keys": {
        "task": "evidence.tasks.sweep_keys",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "keep-lake-in-order": {
        "task": "evidence.tasks.upkeep",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
}
# A running job says it is alive this often, and is taken for lost after so long.
JOB_HEARTBEAT_S = 2.0
JOB_LOST_AFTER_S = 6.0
JOB_RESEND_AFTER_S = 30.0
JOB_MAX_ATTEMPTS = 5
# An attempt that takes longer is stopped.
JOB_TIME_LIMIT_S = env.integer("JOB_TIME_LIMIT_S", 3600, low=1, high=7 * 86400)

# From this hour (UTC), within five, the evidence lake's upkeep of the night.
UPKEEP_HOUR = env.integer("UPKEEP_HOUR", 2, low=0, high=23)
LAKE_THREADS = env.integer("LAKE_THREADS", 2, low=1, high=256)
LAKE_MEMORY_MB = env.integer("LAKE_MEMORY_MB", 1100, low=256, high=1_048_576)
# Of each process of the worker, DuckDB's part within; 0 is no limit.
JOB_MEMORY_MB = env.integer("JOB_MEMORY_MB", 2 * LAKE_MEMORY_MB + 1800, low=0, high=4_194_304)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["accounts.throttles.CallThrottle"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
    "PAGE_SIZE": 50,
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Touchline API",
    "DESCRIPTION": "Journeys, evidence and pain scores: everything the pages do.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
}

LOG_LEVEL = env.text("LOG_LEVEL", "WARNING").upper()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}

"""Settings of the server: the only module that reads the environment.

Every variable is documented in ``docs/configuration.md``; a test compares the two.
"""

import math
import os
import secrets
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import quote

import dj_database_url

from catalog_core.conf import CatalogSettings
from catalog_core.log.configuration import LOG_FORMATS, LOG_LEVELS, logging_configuration
from catalog_core.plugins.discovery import guarded_app_configs
from catalog_core.security.identity.startup import identity_problem, is_address

BASE_DIR = Path(__file__).resolve().parent.parent


def _text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def _flag(name: str, default: bool) -> bool:
    text = _text(name).lower()
    if text not in ("", "1", "true", "yes", "on", "0", "false", "no", "off"):
        raise SystemExit(f"{name}={text!r} is neither true nor false; use 1 or 0.")
    return text in ("1", "true", "yes", "on") if text else default


def _list(name: str, separator: str = ",") -> list[str]:
    return [part.strip() for part in _text(name).split(separator) if part.strip()]


def _number(name: str, default: float, least: float = 0) -> float:
    try:
        number = float(_text(name, str(default)))
    except ValueError:
        raise SystemExit(f"{name}={_text(name)!r} is not a number.") from None
    if not least <= number < math.inf:
        raise SystemExit(f"{name}={_text(name)!r} is out of range; use {least:g} or more.")
    return number


def _choice(name: str, choices: tuple[str, ...], default: str = "") -> str:
    text = _text(name, default or choices[0])
    known = {choice.casefold(): choice for choice in choices}
    if text.casefold() not in known:
        raise SystemExit(f"{name}={text!r} is unknown; use one of {', '.join(choices)}.")
    return known[text.casefold()]


def _networks(name: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(part) for part in _list(name))
    except ValueError as error:
        raise SystemExit(f"{name} holds no address or network: {error}; use 10.0.0.7 or 10.0.0.0/24.") from None


def _secret_key(file: Path) -> str:
    """Return the key from the environment, else the one kept in the data folder, made at the first start."""
    if key := _text("CATALOG_SECRET_KEY"):
        return key
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text().strip()
    with os.fdopen(descriptor, "w") as stream:
        stream.write(key := secrets.token_urlsafe(50))
    return key


# --- the environment, in one block -----------------------------------------------------------------------------------
DATA_DIR = Path(_text("CATALOG_DATA_DIR", str(BASE_DIR / ".catalog"))).absolute()
SECRET_KEY = _secret_key(DATA_DIR / "secret-key")
DEBUG = _flag("CATALOG_DEBUG", False)
ALLOWED_HOSTS = _list("CATALOG_ALLOWED_HOSTS") or ["*"]
CSRF_TRUSTED_ORIGINS = _list("CATALOG_CSRF_TRUSTED_ORIGINS")
DATABASE_URL = _text("CATALOG_DATABASE_URL", f"sqlite:///{quote(str(DATA_DIR / 'catalog.sqlite3'))}")
BROKER_URL = _text("CATALOG_BROKER_URL")
LOG_LEVEL = _choice("CATALOG_LOG_LEVEL", LOG_LEVELS, "INFO")
LOG_FORMAT = _choice("CATALOG_LOG_FORMAT", LOG_FORMATS)
LOG_DIR = _text("CATALOG_LOG_DIR")
ACCESS_LOG = _flag("CATALOG_ACCESS_LOG", True)
ADMIN_PASSWORD = _text("CATALOG_ADMIN_PASSWORD")
HTTPS = _flag("CATALOG_HTTPS", False)
JWT_PUBLIC_KEY_PATH = _text("CATALOG_JWT_PUBLIC_KEY_PATH")
JWT_JWKS = _text("CATALOG_JWT_JWKS")

CATALOG_PLUGIN_APPS = _list("CATALOG_PLUGIN_APPS")
"""Plugin apps besides those in ``catalog_plugins`` and those of installed packages, as dotted names."""
CATALOG_PLUGINS_EXCLUDED = _list("CATALOG_PLUGINS_EXCLUDED")
"""Names of plugins that are not to be loaded."""
CATALOG_STRICT_PLUGINS = _flag("CATALOG_STRICT_PLUGINS", False)
"""Whether a failed plugin is an error of ``manage.py check`` (else a warning)."""

CATALOG: dict[str, Any] = {
    "sources_files": tuple(Path(name).absolute() for name in _list("CATALOG_SOURCES", os.pathsep))
    or (BASE_DIR / "sources.yaml",),
    "data_dir": DATA_DIR,
    "plugin_folders": tuple(Path(name).absolute() for name in _list("CATALOG_PLUGIN_FOLDERS", os.pathsep)),
    "allowed_dirs": tuple(Path(name).absolute() for name in _list("CATALOG_ALLOWED_DIRS", os.pathsep)),
    "allowed_hosts_outgoing": frozenset(_list("CATALOG_ALLOWED_HOSTS_OUTGOING")),
    "reconcile_seconds": _number("CATALOG_RECONCILE_SECONDS", 30, least=1),
    "plugin_init_seconds": _number("CATALOG_PLUGIN_INIT_SECONDS", 30),
    "http_timeout_seconds": _number("CATALOG_HTTP_TIMEOUT_SECONDS", 20),
    "source_timeout_seconds": _number("CATALOG_SOURCE_TIMEOUT_SECONDS", 300),
    "source_max_bytes": int(_number("CATALOG_SOURCE_MAX_BYTES", 256 * 1024 * 1024)),
    "configuration_max_bytes": int(_number("CATALOG_CONFIGURATION_MAX_BYTES", 1024 * 1024)),
    "configuration_revisions": int(_number("CATALOG_CONFIGURATION_REVISIONS", 100, least=1)),
    "config_store_mode": _choice("CATALOG_CONFIG_STORE_MODE", ("file", "database", "k8s", "none")),
    "config_namespace": _text("CATALOG_CONFIG_NAMESPACE"),
    "config_configmap_name": _text("CATALOG_CONFIG_CONFIGMAP_NAME", "catalog-sources"),
    "config_configmap_key": _text("CATALOG_CONFIG_CONFIGMAP_KEY", "sources.yaml"),
    "secret_namespaces": frozenset(_list("CATALOG_SECRET_NAMESPACES")),
    "shrink_threshold": _number("CATALOG_SHRINK_THRESHOLD", 0.5),
    "refresh_limit_seconds": _number("CATALOG_REFRESH_LIMIT_SECONDS", 30),
    "refresh_wait_seconds": _number("CATALOG_REFRESH_WAIT_SECONDS", 20),
    "lease_seconds": _number("CATALOG_LEASE_SECONDS", 30, least=1),
    "job_max_retries": int(_number("CATALOG_JOB_MAX_RETRIES", 3)),
    "job_retention_days": int(_number("CATALOG_JOB_RETENTION_DAYS", 7)),
    "removed_source_days": int(_number("CATALOG_REMOVED_SOURCE_DAYS", 30)),
    "bulk_action_limit": int(_number("CATALOG_BULK_ACTION_LIMIT", 1000, least=1)),
    "answer_cache_bytes": int(_number("CATALOG_ANSWER_CACHE_BYTES", 64 * 1024 * 1024)),
    "ready_strict": _flag("CATALOG_READY_STRICT", False),
    "reading_requires_login": _flag("CATALOG_READING_REQUIRES_LOGIN", False),
    "auth_mode": _choice("CATALOG_AUTH_MODE", ("django", "jwt", "header")),
    "trusted_proxies": _networks("CATALOG_TRUSTED_PROXIES"),
    "jwt_public_key_path": Path(JWT_PUBLIC_KEY_PATH).absolute() if JWT_PUBLIC_KEY_PATH else None,
    "jwt_jwks": JWT_JWKS if not JWT_JWKS or is_address(JWT_JWKS) else str(Path(JWT_JWKS).absolute()),
    "jwt_issuer": _text("CATALOG_JWT_ISSUER"),
    "jwt_audience": _text("CATALOG_JWT_AUDIENCE"),
    "jwt_role_claim": _text("CATALOG_JWT_ROLE_CLAIM", "role"),
    "jwt_operator_value": _text("CATALOG_JWT_OPERATOR_VALUE", "operator"),
}
if problem := identity_problem(CatalogSettings(**CATALOG), https=HTTPS):
    raise SystemExit(problem)
# --- end of the environment ------------------------------------------------------------------------------------------

INSTALLED_APPS: list[Any] = [
    "catalog_core",
    *guarded_app_configs(CATALOG_PLUGIN_APPS, CATALOG_PLUGINS_EXCLUDED),
    "catalog_core.guarded_admin.GuardedAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "health_check",
]
MIDDLEWARE = [
    "catalog_core.api.middleware.RequestIdMiddleware",
    "catalog_core.api.access_log.AccessLogMiddleware",
    "catalog_core.api.middleware.NulMiddleware",
    "catalog_core.api.middleware.UnreadBodyMiddleware",
    "catalog_core.security.forwarded.ForwardedMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "catalog_core.api.middleware.FolderPluginsMiddleware",
    "catalog_core.api.middleware.PluginGateMiddleware",
]
ROOT_URLCONF = "catalog_project.urls"
WSGI_APPLICATION = "catalog_project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

try:
    DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=600, conn_health_checks=True)}
except ValueError as error:
    raise SystemExit(f"CATALOG_DATABASE_URL cannot be used: {error}") from None
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # a transaction that will write waits at its start, not in its middle
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728;"
            " PRAGMA cache_size=-16000; PRAGMA journal_size_limit=67108864;"
        ),
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "catalog_core.security.identity.backend.OperatorBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]

SESSION_COOKIE_AGE = 12 * 60 * 60
if HTTPS:  # behind a proxy that ends TLS; ForwardedMiddleware sees to it that nobody else says so
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^(livez|readyz|healthz)$"]  # probes come without a proxy
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
APPEND_SLASH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "catalog_core.api.openapi.operations.CatalogSchema",
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "catalog_core.api.negotiation.OneForm",
    "EXCEPTION_HANDLER": "catalog_core.api.errors.exception_handler",
    "DEFAULT_AUTHENTICATION_CLASSES": ["catalog_core.security.identity.authentication.CatalogAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["catalog_core.security.permissions.MayRead"],
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Catalog of Catalogs",
    "LICENSE": {"name": "Apache-2.0"},
    "DEFAULT_GENERATOR_CLASS": "catalog_core.api.openapi.document.CatalogSchemaGenerator",
    "SERVE_INCLUDE_SCHEMA": True,
    "SCHEMA_PATH_PREFIX": r"/api/[^/]+",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "persistAuthorization": True, "filter": True},
    "SORT_OPERATIONS": True,
    "COMPONENT_SPLIT_REQUEST": True,
}

LOGGING = logging_configuration(
    level=LOG_LEVEL, style=LOG_FORMAT, folder=Path(LOG_DIR).absolute() if LOG_DIR else None, access_log=ACCESS_LOG
)

if BROKER_URL:
    CELERY_BROKER_URL = BROKER_URL
else:
    CELERY_BROKER_URL = "folder://localhost"
    CELERY_BROKER_TRANSPORT = "catalog_project.broker:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {"folder": str(DATA_DIR / "broker"), "polling_interval": 0.1}
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False  # needs a broker that can tell all workers at once
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A request that wants a worker woken does not wait long for a broker that is away: the job is in the database.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 2, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.4}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1  # tasks wait at the broker, where any worker can take them
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"  # in memory: ticks missed while nothing ran are not made up for
CELERY_BEAT_SCHEDULE = {
    "reconcile": {
        "task": "catalog_core.tasks.reconcile",
        "schedule": CATALOG["reconcile_seconds"],
        "options": {"expires": CATALOG["reconcile_seconds"]},  # a tick that waited for a worker is void
    }
}

"""Settings, from environment variables and the key files that they name.

A missing or invalid setting raises SettingsError, whose text names it.
"""

from __future__ import annotations

import base64
import binascii
import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

MASTER_KEY_BYTES = 32
_PAIR = re.compile(r"(\d{1,2}):([A-Za-z0-9_-]+=*)")
_MAX_VERSION = 31
_URL = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(?:/[A-Za-z0-9/_.-]*)?")
_MAX_URL, _MAX_PORT = 70, 65_535
_WHOLE = re.compile(r"[0-9]{1,9}")
_RATE = re.compile(r"[1-9][0-9]{0,6}/(?:second|minute|hour)")
# Options of redis-py; those of TLS only where group 1 of _RATE_STORAGE is the `s` of rediss://.
_OPTION = (
    r"(?:(?:db|protocol|max_connections|health_check_interval)=[0-9]{1,5}"
    r"|socket_(?:connect_)?timeout=[0-9]{1,3}(?:\.[0-9]{1,3})?|client_name=[!-%'-~]+|(?(1)"
    r"ssl_(?:cert_reqs=(?:none|optional|required)|(?:ca_certs|certfile|keyfile)=[!-%'-~]+)|(?!)))"
)
_RATE_STORAGE = re.compile(
    r"memory://|redis(s)?://(?:[!\"$-.0->@A-Z\\^-~]*@)?(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])"
    rf"(?::(?P<port>[0-9]{{1,5}}))?(?:/[0-9]{{0,5}})?(?:\?{_OPTION}(?:&{_OPTION})*)?"
)
_TOKEN = re.compile(r"[\x21-\x7e]{16,255}")
_COMMANDS = {"MASTER_KEYS": "master-key", "SIGNING_KEYS": "signing-key", "CASE_KEYS": "case-key"}
_DATABASES = {
    "postgres": "postgresql+psycopg2",
    "postgresql": "postgresql+psycopg2",
    "postgresql+psycopg2": "postgresql+psycopg2",
    "sqlite": "sqlite",
}


class SettingsError(Exception):
    """Raised for a missing or invalid setting; the text names it and says what to set."""


class KeyFileError(Exception):
    """Raised for an unreadable key file; the text is the reason, without path or content."""


_UNREADABLE: dict[type[OSError], str] = {
    FileNotFoundError: "there is no such file",
    IsADirectoryError: "it is a folder",
    PermissionError: "this user may not read it",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """All settings of an operator, each documented in README's table.

    `database_url` is for SQLAlchemy: `postgresql+psycopg2://...` or `sqlite://...`. `master_keys`,
    `signing_keys` and `case_keys` map a version (1, 2, 3...) to a key of 32 raw bytes.
    """

    database_url: str = field(repr=False)
    master_keys: Mapping[int, bytes] = field(repr=False)
    signing_keys: Mapping[int, bytes] = field(repr=False)
    case_keys: Mapping[int, bytes] = field(repr=False)
    public_url: str
    """The beginning of all links: the service's address for recipients, without a final slash."""
    port: int = 8000
    trusted_proxies: int = 0
    db_timeout: timedelta = timedelta(milliseconds=2000)
    check_ttl: timedelta = timedelta(hours=1)
    upload_limit: int = 2048 << 20
    """Maximum bytes of an uploaded file, both as sent and decompressed."""
    upload_idle_seconds: int = 60
    log_level: str = "INFO"
    rate_limit_per_key: str = "6000/minute"
    rate_limit_per_address: str = "120/minute"
    rate_limit_storage: str = field(default="memory://", repr=False)
    metrics_token: str = field(default="", repr=False)
    """The token that a request for /metrics needs; if empty, /metrics does not exist."""
    workers: int = 2
    """The number of gunicorn's worker processes."""
    metrics_directory: Path | None = None
    """The folder of the workers' metric files, the operator's or one that gunicorn.conf.py made.

    None if PROMETHEUS_MULTIPROC_DIR is not set.
    """

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        """Return all settings; raise SettingsError for the first that is missing or invalid."""
        return cls(
            database_url=_database_url(environ),
            master_keys=_keys(environ, "MASTER_KEYS", "master_keys"),
            signing_keys=_keys(environ, "SIGNING_KEYS", "signing_keys"),
            case_keys=_keys(environ, "CASE_KEYS", "case_keys"),
            port=_number(environ, "PORT", default=8000, minimum=1, maximum=_MAX_PORT),
            public_url=_public_url(environ),
            trusted_proxies=_number(environ, "TRUSTED_PROXIES", default=0, maximum=10),
            db_timeout=timedelta(
                milliseconds=_number(
                    environ, "DB_TIMEOUT_MS", default=2000, minimum=50, maximum=60_000
                )
            ),
            check_ttl=timedelta(
                seconds=_number(environ, "CHECK_TTL", default=3600, minimum=1, maximum=86_400)
            ),
            upload_limit=_number(
                environ, "UPLOAD_LIMIT_MB", default=2048, minimum=1, maximum=100_000
            )
            << 20,
            upload_idle_seconds=_number(
                environ, "UPLOAD_IDLE_SECONDS", default=60, minimum=1, maximum=3600
            ),
            log_level=_log_level(environ),
            rate_limit_per_key=_rate(environ, "RATE_LIMIT_PER_KEY", "6000/minute"),
            rate_limit_per_address=_rate(environ, "RATE_LIMIT_PER_ADDRESS", "120/minute"),
            rate_limit_storage=_rate_storage(environ),
            metrics_token=_metrics_token(environ),
            workers=_number(environ, "WEB_CONCURRENCY", default=2, minimum=1, maximum=1000),
            metrics_directory=_folder(environ, "PROMETHEUS_MULTIPROC_DIR"),
        )


def _database_url(environ: Mapping[str, str]) -> str:
    url = environ.get("DATABASE_URL", "").strip()
    if not url:
        raise SettingsError(
            "DATABASE_URL is not set. Set it to your PostgreSQL, like "
            "postgresql://user:password@host/database; to try the service out: ./run"
        )
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in _DATABASES:
        raise SettingsError("DATABASE_URL must begin with postgresql:// (or sqlite:// for ./run).")
    # SQLAlchemy 2.1 would load psycopg 3 for a bare postgresql://. Only here psycopg2 is named.
    return f"{_DATABASES[scheme]}://{rest}"


def _keys(environ: Mapping[str, str], name: str, section: str) -> Mapping[int, bytes]:
    """Return keys by version, from the variable `name` or, if empty, the file in `<name>_FILE`.

    The variable is like `1:base64url,2:base64url`; the file is a JSON object whose member `section`
    holds the keys. Raise SettingsError if neither is set, or if any key or the file is invalid.
    """
    text, file = environ.get(name, "").strip(), environ.get(f"{name}_FILE", "").strip()
    if text:
        pairs = [_pair(name, part.strip()) for part in text.split(",")]
    elif file:
        pairs = _pairs_of_file(name, Path(file), section)
    else:
        raise SettingsError(
            f"{name} is not set. Make a key with `flask {_COMMANDS[name]} new`, keep it apart from "
            f"the database, and set {name}=1:<key> or {name}_FILE."
        )
    keys = dict(pairs)
    if len(keys) != len(pairs) or sorted(keys) != list(range(1, len(keys) + 1)):
        raise SettingsError(f"{name}: number the keys 1, 2, 3... without a gap or a repeat.")
    return MappingProxyType(keys)


def _pair(name: str, part: str) -> tuple[int, bytes]:
    match = _PAIR.fullmatch(part)
    if not match:
        raise SettingsError(f"{name}: write each key as VERSION:BASE64URL, like 1:mZ3...")
    return _version(name, match[1]), _key(name, match[2])


def _pairs_of_file(name: str, path: Path, section: str) -> list[tuple[int, bytes]]:
    form = f'It must be JSON like {{"{section}": {{"1": "<base64url>"}}}}.'
    try:
        keys = read_key_file(path).get(section)
    except KeyFileError as error:
        raise SettingsError(f"{name}_FILE: cannot read it: {error}. {form}") from None
    if not isinstance(keys, dict) or not keys:
        raise SettingsError(f'{name}_FILE: it has no list "{section}". {form}')
    return [(_version(name, str(version)), _key(name, str(key))) for version, key in keys.items()]


def read_key_file(path: Path) -> dict[str, object]:
    """Return the JSON object of a key file, such as `{"master_keys": {...}}`, not validated.

    Raise KeyFileError, which quotes neither path nor content, if the file cannot be read, is not a
    JSON object, or has an object that repeats a name: the first of two keys would be lost.
    """
    try:
        content = json.loads(path.read_text("utf-8"), object_pairs_hook=_without_repeats)
    except OSError as error:
        raise KeyFileError(_UNREADABLE.get(type(error), error.strerror or "")) from None
    except (ValueError, RecursionError):
        raise KeyFileError("it is not JSON") from None
    if not isinstance(content, dict):
        raise KeyFileError("it holds no JSON object")
    return content


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(dict(pairs)) != len(pairs):
        raise KeyFileError("it names something twice")
    return dict(pairs)


def _version(name: str, text: str) -> int:
    if not _WHOLE.fullmatch(text) or not 1 <= int(text) <= _MAX_VERSION:
        raise SettingsError(f"{name}: versions are numbers from 1 to {_MAX_VERSION}.")
    return int(text)


def _key(name: str, text: str) -> bytes:
    try:
        key = base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != MASTER_KEY_BYTES:
        raise SettingsError(f"{name}: each key is {MASTER_KEY_BYTES} bytes in base64url.")
    return key


def _public_url(environ: Mapping[str, str]) -> str:
    """Return PUBLIC_URL without final slashes. No default: only recipients would see it is wrong.

    Raise SettingsError if it is missing, invalid, longer than 70 characters (links must stay under
    200), or http:// without ALLOW_HTTP.
    """
    url, http_allowed = environ.get("PUBLIC_URL", "").strip(), _is_on(environ, "ALLOW_HTTP")
    if not url:
        raise SettingsError(
            "PUBLIC_URL is not set. Set it to where recipients reach this service, like "
            "https://stop.example.fr: every unsubscribe link begins with it."
        )
    if not _URL.fullmatch(url) or len(url) > _MAX_URL:
        raise SettingsError(
            f"PUBLIC_URL must be like https://stop.example.fr, at most {_MAX_URL} characters."
        )
    if not url.startswith("https://") and not http_allowed:
        raise SettingsError(
            "PUBLIC_URL must begin with https://. In a laboratory, where no recipient gets a link, "
            "ALLOW_HTTP=1 lets it be http://."
        )
    return url.rstrip("/")


def _is_on(environ: Mapping[str, str], name: str) -> bool:
    text = environ.get(name, "").strip()
    if text not in {"", "0", "1"}:
        raise SettingsError(f"{name} must be 1 or 0.")
    return text == "1"


def _number(
    environ: Mapping[str, str], name: str, *, default: int, maximum: int, minimum: int = 0
) -> int:
    text = environ.get(name, "").strip() or str(default)
    if not _WHOLE.fullmatch(text) or not minimum <= int(text) <= maximum:
        raise SettingsError(f"{name} must be a whole number from {minimum} to {maximum}.")
    return int(text)


def _log_level(environ: Mapping[str, str]) -> str:
    level = (environ.get("LOG_LEVEL", "").strip() or "INFO").upper()
    if level not in logging.getLevelNamesMapping():
        raise SettingsError("LOG_LEVEL must be DEBUG, INFO, WARNING, ERROR or CRITICAL.")
    return level


def _rate(environ: Mapping[str, str], name: str, default: str) -> str:
    rate = environ.get(name, "").strip() or default
    if not _RATE.fullmatch(rate):
        raise SettingsError(f"{name} must be like {default}: per second, minute or hour.")
    return rate


def _rate_storage(environ: Mapping[str, str]) -> str:
    storage = environ.get("RATE_LIMIT_STORAGE", "").strip() or "memory://"
    match = _RATE_STORAGE.fullmatch(storage)
    if not match or not 1 <= int(match["port"] or 1) <= _MAX_PORT:
        raise SettingsError(
            "RATE_LIMIT_STORAGE must be memory:// or your Redis, like redis://host:6379/0 or "
            "rediss://user:password@host:6380, a password's own / ? # as %2F %3F %23."
        )
    return storage


def _metrics_token(environ: Mapping[str, str]) -> str:
    token = environ.get("METRICS_TOKEN", "").strip()
    if token and not _TOKEN.fullmatch(token):
        raise SettingsError("METRICS_TOKEN must have 16 to 255 visible ASCII characters.")
    return token


def _folder(environ: Mapping[str, str], name: str) -> Path | None:
    text = environ.get(name, "").strip()
    return Path(text) if text else None

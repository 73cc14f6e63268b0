"""A bad setting stops the start with an error that names the setting."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from pathlib import Path

import pytest

from suppression.adapters.runtime.rate_limiter import RateLimiter
from suppression.settings import Settings, SettingsError
from tests.keys import CASE_KEYS_TEXT, MASTER_KEY_1, MASTER_KEYS_TEXT, SIGNING_KEYS_TEXT

GOOD = {
    "DATABASE_URL": "postgresql://u:p@host/db",
    "MASTER_KEYS": MASTER_KEYS_TEXT,
    "SIGNING_KEYS": SIGNING_KEYS_TEXT,
    "CASE_KEYS": CASE_KEYS_TEXT,
    "PUBLIC_URL": "https://stop.example.fr",
}
HUGE = '{"master_keys": {"' + "1" * 5000 + '": "x"}}'
SECOND = base64.urlsafe_b64encode(bytes(32)).decode()
BAD_STORAGES = [
    "memcached://host",
    "memory://host",
    "redis://",
    "redis://:6379",
    "redis://host:port",
    "redis://host:0",
    "redis://host:65536",
    "redis://host:6379/first",
    "redis://host:6379/0/1",
    "redis://host:6379/0#1",
    "redis://host name:6379",
    "redis://:p/ss@host:6379",
    "redis://:p?ss@host:6379",
    "redis://[::1:6379",
    "redis://host&db=1",
    "redis://host:6379?db=first",
    "redis://host:6379?no_such_option=1",
    "redis://host:6379?socket_timeout=soon",
    "redis://host:6379?ssl_cert_reqs=required",
    "rediss://host:6379?ssl_cert_reqs=perhaps",
]
GOOD_STORAGES = [
    "memory://",
    "redis://host",
    "redis://host:6379/0",
    "redis://:p@ss:w%2Frd@10.0.0.5:6379/15",
    "redis://limits:s3cret@redis-1.internal:6379/?db=2&client_name=suppression",
    "redis://[2001:db8::1]:6379/0?socket_timeout=0.5&protocol=3",
    "rediss://host:6380/0?ssl_cert_reqs=required&ssl_ca_certs=/etc/ssl/redis.pem",
]
BAD = [
    ("DATABASE_URL", ""),
    ("DATABASE_URL", "mysql://host/db"),
    ("MASTER_KEYS", ""),
    ("MASTER_KEYS", "no version"),
    ("MASTER_KEYS", "1:short"),
    ("MASTER_KEYS", f"2:{SECOND}"),
    ("MASTER_KEYS", f"1:{SECOND},1:{SECOND}"),
    ("MASTER_KEYS", f"1:{SECOND},3:{SECOND}"),
    ("MASTER_KEYS", f"0:{SECOND}"),
    ("SIGNING_KEYS", ""),
    ("SIGNING_KEYS", f"2:{SECOND}"),
    ("CASE_KEYS", ""),
    ("CASE_KEYS", "1:short"),
    ("PUBLIC_URL", ""),
    ("PUBLIC_URL", "stop.example.fr"),
    ("PUBLIC_URL", "http://stop.example.fr"),
    ("ALLOW_HTTP", "yes"),
    ("PUBLIC_URL", "https://stop.example.fr/?q"),
    ("PUBLIC_URL", "https://" + "x" * 70 + ".fr"),
    ("TRUSTED_PROXIES", "-1"),
    ("PORT", "0"),
    ("PORT", "http"),
    ("PORT", "8" * 5000),
    ("WEB_CONCURRENCY", "abc"),
    ("WEB_CONCURRENCY", "0"),
    ("WEB_CONCURRENCY", "-1"),
    ("WEB_CONCURRENCY", "2.5"),
    ("DB_TIMEOUT_MS", "-1"),
    ("DB_TIMEOUT_MS", "10"),
    ("CHECK_TTL", "forever"),
    ("LOG_LEVEL", "LOUD"),
    ("RATE_LIMIT_PER_KEY", "many"),
    ("RATE_LIMIT_PER_KEY", "0/minute"),
    ("RATE_LIMIT_PER_ADDRESS", "5/fortnight"),
    *(("RATE_LIMIT_STORAGE", url) for url in BAD_STORAGES),
    ("METRICS_TOKEN", "short"),
    ("UPLOAD_IDLE_SECONDS", "0"),
    ("UPLOAD_IDLE_SECONDS", "3601"),
    ("UPLOAD_IDLE_SECONDS", "soon"),
]


@pytest.mark.parametrize("url", GOOD_STORAGES)
def test_every_storage_of_limits_that_is_taken_can_be_used(url: str) -> None:
    settings = Settings.from_environ(GOOD | {"RATE_LIMIT_STORAGE": url})
    RateLimiter(settings.rate_limit_storage)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_every_spelling_of_postgresql_means_psycopg2(scheme: str) -> None:
    settings = Settings.from_environ(GOOD | {"DATABASE_URL": f"{scheme}://u:p@host/db"})
    assert settings.database_url == "postgresql+psycopg2://u:p@host/db"


def test_what_is_not_set_has_its_default() -> None:
    settings = Settings.from_environ(GOOD)
    assert settings.db_timeout == timedelta(seconds=2)
    assert settings.check_ttl == timedelta(hours=1)
    assert (settings.port, settings.log_level) == (8000, "INFO")
    assert (settings.rate_limit_per_key, settings.rate_limit_per_address) == (
        "6000/minute",
        "120/minute",
    )
    assert (settings.rate_limit_storage, settings.metrics_token) == ("memory://", "")


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_bad_value_is_refused_by_name_and_not_repeated(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name) as refused:
        Settings.from_environ(GOOD | {name: value})
    assert SECOND not in str(refused.value)


def test_a_laboratory_may_do_without_tls_but_not_without_an_address() -> None:
    laboratory = GOOD | {"ALLOW_HTTP": "1"}
    http = laboratory | {"PUBLIC_URL": "http://127.0.0.1:9000/"}
    assert Settings.from_environ(http).public_url == "http://127.0.0.1:9000"
    assert Settings.from_environ(laboratory).public_url == "https://stop.example.fr"
    with pytest.raises(SettingsError, match="PUBLIC_URL is not set"):
        Settings.from_environ(laboratory | {"PUBLIC_URL": " "})
    with pytest.raises(SettingsError, match="ALLOW_HTTP=1"):
        Settings.from_environ(http | {"ALLOW_HTTP": "0"})


def test_keys_come_from_a_file_too(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    text = base64.urlsafe_b64encode(MASTER_KEY_1).decode().rstrip("=")
    file.write_text(json.dumps({"master_keys": {"1": text}}))
    environ = {**GOOD, "MASTER_KEYS": "", "MASTER_KEYS_FILE": str(file)}
    assert Settings.from_environ(environ).master_keys == {1: MASTER_KEY_1}


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"master_keys": 1}', '{"master_keys": {"1": 5}}', HUGE]
)
def test_a_key_file_that_cannot_be_read_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "keys.json"
    file.write_text(text)
    environ = {**GOOD, "MASTER_KEYS": "", "MASTER_KEYS_FILE": str(file)}
    with pytest.raises(SettingsError, match="MASTER_KEYS"):
        Settings.from_environ(environ)


def test_settings_show_no_key_and_no_password() -> None:
    secret = {"RATE_LIMIT_STORAGE": "redis://:p4ss@host", "METRICS_TOKEN": "t0ken" * 4}
    shown = repr(Settings.from_environ(GOOD | secret))
    assert "u:p@host" not in shown
    assert "p4ss" not in shown
    assert "t0ken" not in shown
    assert "\\x" not in shown


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "there is no such file"),
        ("", "it is not JSON"),
        ("garbage", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        (b"\xff\xfe\x00", "it is not JSON"),
        ("[]", "it holds no JSON object"),
        ('"text"', "it holds no JSON object"),
        ("{}", 'it has no list "master_keys"'),
        ('{"master_keys": []}', 'it has no list "master_keys"'),
        ('{"master_keys": {}}', 'it has no list "master_keys"'),
        ('{"signing_keys": {"1": "x"}}', 'it has no list "master_keys"'),
    ],
)
def test_a_key_file_says_what_is_wrong_with_it_in_one_line(
    tmp_path: Path, content: str | bytes | None, told: str
) -> None:
    file = tmp_path / "keys.json"
    if content is not None:
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    line = refused(file)
    assert told in line
    assert "MASTER_KEYS_FILE: " in line
    assert "\n" not in line


def test_a_key_file_that_is_a_folder_says_so(tmp_path: Path) -> None:
    assert "MASTER_KEYS_FILE: cannot read it: it is a folder." in refused(tmp_path)


def test_a_key_file_that_may_not_be_read_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error is injected, because CI runs this test as root, who may read every file."""

    def forbidden(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", forbidden)
    assert "cannot read it: this user may not read it." in refused(tmp_path / "keys.json")


def test_a_key_that_was_set_as_the_path_of_its_file_is_not_repeated() -> None:
    assert SECOND not in refused(Path(f"1:{SECOND}"))


def refused(file: Path) -> str:
    """Return the error that the start raises for a file of master keys."""
    with pytest.raises(SettingsError) as refusal:
        Settings.from_environ(GOOD | {"MASTER_KEYS": "", "MASTER_KEYS_FILE": str(file)})
    return str(refusal.value)


@pytest.mark.parametrize("again", ['"1"', '"\\u0031"', '"01"'])
def test_a_key_version_that_a_file_has_twice_is_refused(tmp_path: Path, again: str) -> None:
    file = tmp_path / "keys.json"
    keys = [base64.urlsafe_b64encode(bytes([number]) * 32).decode() for number in (1, 2)]
    file.write_text(f'{{"master_keys": {{"1": "{keys[0]}", {again}: "{keys[1]}"}}}}')
    with pytest.raises(SettingsError, match=r"MASTER_KEYS.* (twice|repeat)"):
        Settings.from_environ(GOOD | {"MASTER_KEYS": "", "MASTER_KEYS_FILE": str(file)})


def test_a_list_of_keys_that_a_file_has_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    key = base64.urlsafe_b64encode(MASTER_KEY_1).decode()
    file.write_text(f'{{"master_keys": {{"1": "{key}"}}, "master_keys": {{"1": "{key}"}}}}')
    with pytest.raises(SettingsError, match=r"MASTER_KEYS_FILE.* twice"):
        Settings.from_environ(GOOD | {"MASTER_KEYS": "", "MASTER_KEYS_FILE": str(file)})

"""The environment read once into frozen settings; the only file that knows its names."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from payment_service.domain.errors import ConfigurationError

PREFIX = "PAYMENT_SERVICE_"
KNOWN = frozenset(
    {
        "DATABASE_URL",
        "DATA_FOLDER",
        "PUBLIC_URL",
        "HOST",
        "PORT",
        "WORKERS",
        "POOL_SIZE",
        "MASTER_KEY_FILE",
        "CLOCK_FILE",
        "ALLOW_TEST_KEYS",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this installation runs; see docs/operations.md for each name."""

    database_url: str | None
    data_folder: Path
    public_url: str
    host: str
    port: int
    workers: int
    pool_size: int
    master_key_file: Path
    clock_file: Path | None
    allow_test_keys: bool

    @property
    def pick_up_folder(self) -> Path:
        """Where banks and gateways leave closed files for the night."""
        return self.data_folder / "pick-up"

    @property
    def is_public_https(self) -> bool:
        """Whether cookies may be marked as secure."""
        return self.public_url.startswith("https://")


def _whole(values: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = values.get(name, str(default))
    if not (text.isascii() and text.isdigit()) or not low <= int(text) <= high:
        raise ConfigurationError(f"{PREFIX}{name} is a whole number from {low} to {high}")
    return int(text)


def _yes_or_no(values: Mapping[str, str], name: str) -> bool:
    text = values.get(name, "no")
    if text not in {"yes", "no"}:
        raise ConfigurationError(f"{PREFIX}{name} is yes or no")
    return text == "yes"


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read and check the settings; raises `ConfigurationError` naming what is wrong."""
    source = os.environ if environment is None else environment
    values = {key.removeprefix(PREFIX): text for key, text in source.items() if key[:16] == PREFIX}
    unknown = sorted(set(values) - KNOWN)
    if unknown:
        raise ConfigurationError(f"unknown setting: {PREFIX}{unknown[0]}")
    for name, text in values.items():
        if not text:
            raise ConfigurationError(f"{PREFIX}{name} is empty: give it a value or leave it out")
    port = _whole(values, "PORT", 8080, 1, 65535)
    data_folder = Path(values.get("DATA_FOLDER", "var")).absolute()
    public_url = values.get("PUBLIC_URL", f"http://127.0.0.1:{port}").rstrip("/")
    if not _is_web_address(public_url):
        raise ConfigurationError(f"{PREFIX}PUBLIC_URL is http:// or https:// and a host")
    clock_file = values.get("CLOCK_FILE")
    return Settings(
        database_url=values.get("DATABASE_URL"),
        data_folder=data_folder,
        public_url=public_url,
        host=values.get("HOST", "127.0.0.1"),
        port=port,
        workers=_whole(values, "WORKERS", 2, 1, 64),
        pool_size=_whole(values, "POOL_SIZE", 8, 1, 90),
        master_key_file=Path(values.get("MASTER_KEY_FILE", data_folder / "master.key")),
        clock_file=Path(clock_file) if clock_file else None,
        allow_test_keys=_yes_or_no(values, "ALLOW_TEST_KEYS"),
    )


def as_environment(settings: Settings) -> dict[str, str]:
    """Return the environment in which a child process reads the same settings."""
    inherited = {key: text for key, text in os.environ.items() if key[:16] != PREFIX}
    values = {
        "DATABASE_URL": settings.database_url,
        "DATA_FOLDER": settings.data_folder,
        "PUBLIC_URL": settings.public_url,
        "HOST": settings.host,
        "PORT": settings.port,
        "WORKERS": settings.workers,
        "POOL_SIZE": settings.pool_size,
        "MASTER_KEY_FILE": settings.master_key_file,
        "CLOCK_FILE": settings.clock_file,
        "ALLOW_TEST_KEYS": "yes" if settings.allow_test_keys else "no",
    }
    return inherited | {
        PREFIX + name: str(value) for name, value in values.items() if value is not None
    }

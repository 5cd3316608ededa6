"""A setting that is mistyped, empty or out of range is named; nothing is guessed."""

from pathlib import Path

import pytest

from payment_service.domain.errors import ConfigurationError
from payment_service.settings import KNOWN, PREFIX, as_environment, read_settings


def test_everything_has_a_default_but_the_database() -> None:
    settings = read_settings({})
    assert settings.database_url is None
    assert settings.data_folder == Path("var").absolute()
    assert settings.public_url == "http://127.0.0.1:8080"
    assert settings.pick_up_folder == settings.data_folder / "pick-up"
    assert settings.master_key_file == settings.data_folder / "master.key"
    assert settings.clock_file is None
    assert not settings.allow_test_keys
    assert not settings.is_public_https


def test_other_programs_variables_are_not_ours() -> None:
    assert read_settings({"PATH": "/bin", "DATABASE_URL": "x", "payment_service_port": "1"}) == (
        read_settings({})
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABSE_URL", "postgresql+asyncpg://localhost/x"),
        ("", "x"),
        ("port", "1"),
        *((name, "") for name in sorted(KNOWN)),
        *(("PORT", text) for text in ("0", "65536", "-1", "8080 ", "8o80", "٨٠٨٠", "1e3", "８０")),
        *(("WORKERS", text) for text in ("0", "65", "two")),
        *(("POOL_SIZE", text) for text in ("0", "91", "+5")),
        *(("PUBLIC_URL", text) for text in ("phi.test", "ftp://phi.test", "//phi.test")),
        *(("PUBLIC_URL", text) for text in ("http://", "https:///x", "http://[::1")),
        *(("ALLOW_TEST_KEYS", text) for text in ("true", "YES", "1")),
    ],
)
def test_what_is_wrong_is_named_in_one_line(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read_settings({PREFIX + name: value})
    assert PREFIX + name in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_child_process_reads_the_same_settings(tmp_path: Path) -> None:
    settings = read_settings(
        {
            PREFIX + "DATABASE_URL": "postgresql+asyncpg://localhost/x",
            PREFIX + "DATA_FOLDER": str(tmp_path),
            PREFIX + "PUBLIC_URL": "https://phi.test/",
            PREFIX + "HOST": "0.0.0.0",  # noqa: S104 - what an operator writes
            PREFIX + "PORT": "443",
            PREFIX + "WORKERS": "3",
            PREFIX + "POOL_SIZE": "9",
            PREFIX + "MASTER_KEY_FILE": str(tmp_path / "key"),
            PREFIX + "CLOCK_FILE": str(tmp_path / "clock"),
            PREFIX + "ALLOW_TEST_KEYS": "yes",
        }
    )
    assert settings.is_public_https
    assert settings.public_url == "https://phi.test"
    assert read_settings(as_environment(settings)) == settings
    assert read_settings(as_environment(read_settings({}))) == read_settings({})

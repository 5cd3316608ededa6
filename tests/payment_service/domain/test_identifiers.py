"""Identifiers sort by their instant and never repeat, made one by one or many at once."""

from datetime import UTC, datetime
from uuid import RFC_4122, UUID

from payment_service.domain.identifiers import new_id, new_ids

NOW = datetime(2026, 11, 29, 3, 0, 0, 123_000, tzinfo=UTC)


def test_many_at_once_are_of_version_seven_and_of_their_instant() -> None:
    made = [UUID(bytes=content) for content in new_ids(NOW, 5_000)]
    assert len(set(made)) == 5_000
    for each in (*made, new_id(NOW)):
        assert (each.version, each.variant) == (7, RFC_4122)
        assert each.int >> 80 == int(NOW.timestamp() * 1000)


def test_every_other_bit_is_random() -> None:
    ones, zeros = 0, (1 << 128) - 1
    for content in new_ids(NOW, 200):
        ones |= int.from_bytes(content)
        zeros &= int.from_bytes(content)
    assert (ones ^ zeros).bit_count() == 74

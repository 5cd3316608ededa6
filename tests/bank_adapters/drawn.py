"""What the properties of several channels draw: instants of whole seconds, storable texts."""

from datetime import UTC, datetime

from hypothesis import strategies as st

SECONDS = st.datetimes(
    min_value=datetime(2001, 1, 1),  # noqa: DTZ001  hypothesis wants no zone here
    max_value=datetime(2098, 1, 1),  # noqa: DTZ001  the same
    timezones=st.just(UTC),
).map(lambda moment: moment.replace(microsecond=0))
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=100)

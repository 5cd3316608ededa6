"""The form of a gateway's table of result codes; the tables stand beside their gateways."""

from collections.abc import Mapping
from dataclasses import dataclass

from bank_adapters.vocabulary import NoticeResult


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeMeaning:
    """What one code says: the result it stands for and one sentence in each language."""

    result: NoticeResult
    vietnamese: str
    english: str


CodeTable = Mapping[str, CodeMeaning]
"""Code → meaning; a code that is not in it is `unknown_code`, never paid and never failed."""


def meaning(result: NoticeResult, vietnamese: str, english: str) -> CodeMeaning:
    """Return a row of a table."""
    return CodeMeaning(result=result, vietnamese=vietnamese, english=english)


def unknown_code(gateway: str) -> CodeMeaning:
    """Return what is said of a code that the gateway's documents do not name."""
    return meaning(
        NoticeResult.UNKNOWN,
        f"{gateway} gửi một mã mà hệ thống chưa biết; kết quả đang được kiểm tra.",
        f"{gateway} sent a code that is not known here; the result is being checked.",
    )

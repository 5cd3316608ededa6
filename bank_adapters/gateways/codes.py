"""The form of a gateway's table of result codes; the tables stand beside their gateways."""

from collections.abc import Mapping

from bank_adapters.vocabulary import CodeMeaning, NoticeResult

__all__ = ["CodeMeaning", "CodeTable", "meaning", "unknown_code"]

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

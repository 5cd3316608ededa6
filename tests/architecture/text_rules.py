"""The rules for text that is not a syntax tree: waivers, committed text, locks and decisions.

Patterns are put together from pieces so that this file does not break its own rules.
"""

import io
import re
import tokenize
from collections.abc import Callable, Iterator, Mapping

DECISION_LINES_MAX = 40
_WAIVER = re.compile(r"#\s*(?:ruff:\s*)?noqa\b", re.IGNORECASE)
_REASONED_WAIVER = re.compile(r"# noqa: [A-Z]+\d+(?:, ?[A-Z]+\d+)*\s+(?![A-Z]+\d+\b).*[^\W\d_]{3}")
_IGNORED_TYPE = re.compile(r"#\s*type:\s*ignore|#\s*mypy:\s*(?:ignore|disable)", re.IGNORECASE)
_REASONED_IGNORED_TYPE = re.compile(r"# type: ignore\[[a-z, -]+\]\s+# .*[a-z]{3}")
_MACHINE = re.compile(r"(?<![\w.~$})-])/(?:" + "home|mnt|opt|root|tmp|Users|work" + r")/\w")
_HOSTS = ("pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "ana" + "conda.org")
_PIN = re.compile(r"([a-z0-9][a-z0-9.-]*)==([0-9][0-9A-Za-z.+!-]*)( ; [^\\]+?)? \\")
_HASH = re.compile(r" {4}--hash=sha256:[0-9a-f]{64}(?: \\)?")
_REMARK = re.compile(r"(?: {4})?#(?: .*)?")
_ADDRESS = re.compile(r"://|--(?!hash=)|file:/")
_TEST = re.compile(r"(tests/[\w/]+\.py)(?:::(\w+))?")


def unreasoned_waivers(text: str) -> Iterator[str]:
    """Yield each waiver of a check that does not say which check and why."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT:
            continue
        comment = token.string
        if _WAIVER.search(comment) and not _REASONED_WAIVER.search(comment):
            yield f"line {token.start[0]}: {comment}"
        if _IGNORED_TYPE.search(comment) and not _REASONED_IGNORED_TYPE.search(comment):
            yield f"line {token.start[0]}: {comment}"


def foreign_addresses(text: str) -> Iterator[str]:
    """Yield each line that names a folder of one machine or the host of a package registry."""
    for number, line in enumerate(text.splitlines(), start=1):
        if _MACHINE.search(line) or any(host in line.lower() for host in _HOSTS):
            yield f"line {number}: {line.strip()}"


def lock_breaches(text: str) -> Iterator[str]:
    """Yield each line that is neither a pinned version, nor its hash, nor a remark.

    A pin without a hash is a breach too: an installation would refuse the whole file.
    """
    is_hash_due = False
    for number, line in enumerate(text.splitlines(), start=1):
        is_hash = _HASH.fullmatch(line) is not None
        is_known = is_hash or not line or _PIN.fullmatch(line) or _REMARK.fullmatch(line)
        if not is_known or _ADDRESS.search(line) or (is_hash_due and not is_hash):
            yield f"line {number}: {line}"
        is_hash_due = _PIN.fullmatch(line) is not None
    if is_hash_due:
        yield "the last pin has no hash"


def pins(text: str) -> Mapping[str, str]:
    """Return the locked version of each name."""
    found = (_PIN.fullmatch(line) for line in text.splitlines())
    return {pin[1]: pin[2] for pin in found if pin}


def decision_breaches(text: str, read: Callable[[str], str]) -> Iterator[str]:
    """Yield what a decision record lacks; `read` returns a file's text, empty when it is missing.

    A record is short and names the test that would fail if the decision were broken.
    """
    lines = len(text.splitlines())
    if lines > DECISION_LINES_MAX:
        yield f"{lines} lines, more than {DECISION_LINES_MAX}"
    named = list(_TEST.finditer(text))
    if not named:
        yield "names no test"
    for found in named:
        content = read(found[1])
        if not content or (found[2] and not re.search(rf"def {found[2]}\b", content)):
            yield f"names {found[0]}, which does not exist"

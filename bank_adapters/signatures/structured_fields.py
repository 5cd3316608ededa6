"""The few structured header fields (RFC 8941) that signatures need, in their canonical form only.

Canonical means: as a serializer writes it, so that the text itself can be signed.
"""

import re
from typing import Final

from bank_adapters.contract import CallbackRejected, CallbackRequest
from bank_adapters.signatures.primitives import decode_base64

FIELD_BYTES_MAX: Final = 8192
MEMBERS_MAX: Final = 8

_KEY: Final = r"[a-z*][a-z0-9_.*-]{0,63}"
_STRING: Final = r'"(?:[ !#-\[\]-~]|\\["\\])*"'
_INTEGER: Final = r"(?:0|-?[1-9][0-9]{0,14})"
_PARAMETERS: Final = rf"(?:;{_KEY}=(?:{_STRING}|{_INTEGER}))*"
_ITEM: Final = _STRING + _PARAMETERS
_LIST: Final = rf"\((?:{_ITEM}(?: {_ITEM})*)?\)"
_BYTES: Final = r":[A-Za-z0-9+/=]*:"
_COMMA: Final = re.compile(r"[ \t]*,[ \t]*")
_TEXT: Final = re.compile(rb"[ -~\t]{1,%d}" % FIELD_BYTES_MAX)

_MEMBER_OF_LISTS: Final = re.compile(f"({_KEY})=({_LIST}{_PARAMETERS})")
_MEMBER_OF_BYTES: Final = re.compile(f"({_KEY})=({_BYTES})")
_VALUE: Final = re.compile(f"{_LIST}|{_STRING}")
_ITEMS: Final = re.compile(_ITEM)
_PARAMETER: Final = re.compile(rf";({_KEY})=({_STRING}|{_INTEGER})")
_ESCAPED: Final = re.compile(r'\\(["\\])')


def read_field(request: CallbackRequest, name: str) -> str:
    """Return a header field without the blanks around it.

    `CallbackRejected` if it is absent, given twice, empty, longer than `FIELD_BYTES_MAX` or not
    printable ASCII.
    """
    value = request.header(name) or b""
    if not _TEXT.fullmatch(value) or not value.strip(b" \t"):
        raise CallbackRejected(f"header {name[:64]} is missing or malformed")
    return value.strip(b" \t").decode("ascii")


def read_lists(request: CallbackRequest, name: str) -> dict[str, str]:
    """Return the texts of a dictionary of inner lists (`Signature-Input`), by key."""
    return _read_dictionary(read_field(request, name), _MEMBER_OF_LISTS, name)


def read_byte_sequences(request: CallbackRequest, name: str) -> dict[str, bytes]:
    """Return a dictionary of byte sequences (`Signature`, `Content-Digest`), by key."""
    members = _read_dictionary(read_field(request, name), _MEMBER_OF_BYTES, name)
    sequences = {key: decode_base64(text[1:-1].encode()) for key, text in members.items()}
    if None in sequences.values():
        raise CallbackRejected(f"header {name} holds no canonical base64")
    return {key: sequence for key, sequence in sequences.items() if sequence is not None}


def items_of(inner_list: str) -> tuple[str, ...]:
    """Return the items of an inner list as they stand, each with its parameters."""
    return tuple(match.group() for match in _ITEMS.finditer(inner_list, 1, _end_of(inner_list)))


def parameters_of(text: str) -> dict[str, str | int]:
    """Return the parameters of an inner list or item; one given twice is `CallbackRejected`."""
    parameters: dict[str, str | int] = {}
    for match in _PARAMETER.finditer(text, _end_of(text)):
        key, value = match.groups()
        if key in parameters:
            raise CallbackRejected(f"parameter {key} is given twice")
        is_string = value.startswith('"')
        parameters[key] = _ESCAPED.sub(r"\1", value[1:-1]) if is_string else int(value)
    return parameters


def _end_of(text: str) -> int:
    """Return where the parameters of an inner list or string begin."""
    match = _VALUE.match(text)
    return match.end() if match else len(text)


def _read_dictionary(text: str, member: re.Pattern[str], name: str) -> dict[str, str]:
    members: dict[str, str] = {}
    at = 0
    while match := member.match(text, at):
        key, value = match.groups()
        if key in members or len(members) == MEMBERS_MAX:
            raise CallbackRejected(f"header {name} gives {key} twice or too many members")
        members[key] = value
        if match.end() == len(text):
            return members
        comma = _COMMA.match(text, match.end())
        at = comma.end() if comma else len(text)
    raise CallbackRejected(f"header {name} is malformed")

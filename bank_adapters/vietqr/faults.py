"""What can be wrong with a payload: one error, its code for machines, its place for people."""

from enum import StrEnum

from bank_adapters.contract import AdapterError


class Fault(StrEnum):
    """Why a payload cannot be read, or a value cannot be written; the codes never change."""

    EMPTY = "empty"
    """There is no payload."""
    TOO_LONG = "too-long"
    """The payload is longer than the EMVCo layout allows."""
    NOT_ASCII = "not-ascii"
    """A character is not printable ASCII; readers disagree on how to count such characters."""
    CRC_FORM = "crc-form"
    """The payload does not end with tag 63, length 04 and four hexadecimal digits."""
    CRC_WRONG = "crc-wrong"
    """The CRC belongs to another content: something was mistyped, misread or changed."""
    AFTER_CRC = "after-crc"
    """Something follows the CRC, which must be the last field."""
    HEADER = "header"
    """Two digits of a tag and two of a length should stand here."""
    LENGTH = "length"
    """The length of a field and the characters that follow it disagree."""
    EMPTY_FIELD = "empty-field"
    """The length is 00; a field without content must be left out."""
    DUPLICATE = "duplicate"
    """The same tag stands twice in one template."""
    NOT_FIRST = "not-first"
    """The payload does not begin with tag 00, the version of the layout."""
    MISSING = "missing"
    """A field that every payload, or every NAPAS account, must have is not there."""
    VERSION = "version"
    """Tag 00 is not 01, the only version there is."""
    METHOD = "method"
    """Tag 01 is neither 11 (static) nor 12 (dynamic)."""
    CURRENCY = "currency"
    """Tag 53 is not 704: the money is not đồng."""
    COUNTRY = "country"
    """Tag 58 is not VN."""
    AMOUNT = "amount"
    """The amount is not 1 to 13 digits without sign, separator, decimals and leading zero."""
    TWO_ACCOUNTS = "two-accounts"
    """Two templates name a NAPAS account; nobody could say which one is paid."""
    SERVICE = "service"
    """The NAPAS service is none that is known."""
    SERVICE_NESTED = "service-nested"
    """The NAPAS service stands inside the account, where it makes the account unreadable."""
    UNEXPECTED = "unexpected"
    """A field stands inside the NAPAS account that does not belong there."""
    BIN = "bin"
    """The number of the bank is not six digits."""
    ACCOUNT = "account"
    """The account, card or virtual account is not 1 to 19 letters and digits."""
    PURPOSE = "purpose"
    """The purpose to be written is empty, longer than 25 characters or not printable ASCII."""
    BILL_NUMBER = "bill-number"
    """The bill number to be written is not 1 to 25 letters, digits and hyphens."""


class VietQrError(AdapterError):
    """A payload, or a value to be put into one, breaks the layout.

    `path` joins the tags from the outside in, such as `38-01-01`; `position` counts the characters
    of the payload from 1 and is where the field, its tag first, begins. Both may be absent.
    """

    def __init__(
        self, fault: Fault, sentence: str, *, path: str = "", position: int | None = None
    ) -> None:
        place = f" (character {position})" if position is not None else ""
        super().__init__(f"{path or 'payload'}{place}: {sentence}")
        self.fault = fault
        self.path = path
        self.position = position

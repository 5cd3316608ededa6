"""What becomes of a transfer memo on its way: shapes that keep our reference, shapes that lose it.

Names and accounts are invented. A narrative is one line with single blanks, as statements carry it.
"""

from collections.abc import Callable, Mapping
from random import Random
from types import MappingProxyType
from typing import Final

from bank_adapters.payment_reference import ALPHABET, LENGTH, PREFIX

Shape = Callable[[str, Random], str]
"""Turns a reference into the narrative that the receiving bank shows."""

_FAMILY: Final = ("NGUYEN", "TRAN", "LE", "PHAM", "VU", "DANG", "BUI", "DO", "NGO", "DUONG")
_MIDDLE: Final = ("VAN", "THI", "DUC", "MINH", "NGOC", "QUANG", "THANH", "HUU")
_GIVEN: Final = ("AN", "BINH", "CUONG", "DUNG", "GIANG", "HUONG", "LAN", "NAM", "TRANG", "YEN")
_NARROW: Final = 65


def payer_name(random: Random) -> str:
    """Return an invented name as banks print it: capitals without marks."""
    return " ".join(random.choice(part) for part in (_FAMILY, _MIDDLE, _GIVEN))


def payer_account(random: Random) -> str:
    """Return an invented account number."""
    return _digits(random, 10)


def _digits(random: Random, count: int) -> str:
    return "".join(random.choice("0123456789") for _ in range(count))


def _word(random: Random, count: int) -> str:
    return "".join(random.choice("CDEGKMNQRSTUVWXYZ23456789") for _ in range(count))


def plain(reference: str, _random: Random) -> str:
    """Write the reference alone."""
    return reference


def vcb_app(reference: str, random: Random) -> str:
    """Use Vietcombank's application, to the same bank."""
    return (
        f"MBVCB.{_digits(random, 10)}.{reference}.CT tu {payer_account(random)} "
        f"{payer_name(random)} toi {_digits(random, 10)} UBND PHUONG"
    )


def vcb_app_other_bank(reference: str, random: Random) -> str:
    """Use Vietcombank's application, to another bank."""
    return (
        f"MBVCB.{_digits(random, 10)}.{_digits(random, 6)}.{reference}.CT tu "
        f"{payer_account(random)} {payer_name(random)} toi {_digits(random, 9)} UBND tai VPBANK"
    )


def napas(reference: str, random: Random) -> str:
    """Show a NAPAS credit: trace, day, time, memo, and sometimes a document number."""
    tail = f" FT{_digits(random, 14)}" if random.random() < 0.5 else ""  # noqa: PLR2004 - a coin
    return f"{_digits(random, 6)}.221126.{_digits(random, 6)}.{reference}{tail}"


def bidv(reference: str, random: Random) -> str:
    """Show it as BIDV does, from a card of another bank."""
    return (
        f"TKThe :{payer_account(random)}, tai Techcombank. {reference} "
        f"FT{_digits(random, 14)} -CTLNHIDI0000{_digits(random, 11)}-1/1-CRE-002"
    )


def vietinbank(reference: str, random: Random) -> str:
    """Show it as VietinBank does, from another bank through NAPAS."""
    return f"CT DEN:{_digits(random, 12)} {reference}; tai Napas"


def mb(reference: str, random: Random) -> str:
    """Show it as MB does, with its trace."""
    return f"{reference}- Ma GD ACSP/ ab{_digits(random, 6)} Trace {_digits(random, 6)}"


def acb(reference: str, random: Random) -> str:
    """Show it as ACB does, with document number, day and time."""
    return f"{reference} GD {_digits(random, 6)}-221126 15:45:{_digits(random, 1)}6"


def push_message(reference: str, random: Random) -> str:
    """Use the words of a push message as the narrative."""
    return f"BankAPINotify CT DEN:{_digits(random, 12)} ND:{reference} SD:{_digits(random, 7)}"


def zalopay(reference: str, random: Random) -> str:
    """Pay from a ZaloPay wallet that keeps the memo."""
    return f"ZP{_word(random, 10)}, {reference}"


def momo(reference: str, random: Random) -> str:
    """Pay from a MoMo wallet: its own number, a telephone number, the memo."""
    return f"{_digits(random, 11)} 09{_digits(random, 8)} {reference}"


def lower_case(reference: str, random: Random) -> str:
    """Type it in small letters."""
    return f"{payer_name(random).lower()} {reference.lower()}"


def spaces(reference: str, random: Random) -> str:
    """Put blanks inside the reference."""
    place = random.randrange(4, 10)
    return f"{reference[:3]} {reference[3:place]} {reference[place:]}"


def dots(reference: str, _random: Random) -> str:
    """Put full stops inside the reference."""
    return f"{reference[:3]}.{reference[3:8]}.{reference[8:]}"


def hyphens(reference: str, _random: Random) -> str:
    """Put hyphens inside the reference."""
    return f"{reference[:3]}-{reference[3:6]}-{reference[6:9]}-{reference[9:]}"


def doubled(reference: str, _random: Random) -> str:
    """Write the memo twice."""
    return f"{reference} {reference}"


def own_words(reference: str, random: Random) -> str:
    """Put the payer's own words around the reference."""
    return f"{payer_name(random)} nop phi cho con {reference} cam on phuong"


def with_marks(reference: str, _random: Random) -> str:
    """Add Vietnamese words with their marks."""
    return f"Nộp phí chứng thực {reference} đã chuyển khoản"


def question_marks(reference: str, _random: Random) -> str:
    """Replace letters with marks by question marks, as some banks do."""
    return f"N?p ph? ch?ng th?c {reference}"


def line_break(reference: str, random: Random) -> str:
    """Make the narrative so long that the bank's file breaks it inside the reference."""
    start = _NARROW - random.randrange(3, 10)
    head = f"CT DEN {_digits(random, 12)} {payer_name(random)} CHUYEN TIEN NOP PHI "
    return f"{head.ljust(start, 'X')}{reference} GD {_digits(random, 6)}"


def truncated(reference: str, random: Random) -> str:
    """Cut it off before the reference ends."""
    return f"{payer_name(random)} nop phi {reference[: LENGTH - random.randrange(1, 3)]}"


def letter_o(reference: str, random: Random) -> str:
    """Type one symbol as 0 or O, which no reference contains."""
    place = random.randrange(len(PREFIX), LENGTH)
    return f"{reference[:place]}{random.choice('0O')}{reference[place + 1 :]} nop phi"


def wrong_character(reference: str, random: Random) -> str:
    """Mistake one symbol of the reference for another one."""
    place = random.randrange(len(PREFIX), LENGTH)
    wrong = random.choice([symbol for symbol in ALPHABET if symbol != reference[place]])
    return f"nop phi {reference[:place]}{wrong}{reference[place + 1 :]}"


def name_only(_reference: str, random: Random) -> str:
    """Write nothing but the sender's name."""
    return f"{payer_name(random)} chuyen tien"


def zalopay_only(_reference: str, random: Random) -> str:
    """Replace the memo by ZaloPay's own text."""
    return f"ZALOPAY-CHUYENTIEN-{_word(random, 12)}"


KEEPING: Final[Mapping[str, Shape]] = MappingProxyType(
    {
        "vcb-app": vcb_app,
        "vcb-app-other-bank": vcb_app_other_bank,
        "napas": napas,
        "bidv": bidv,
        "vietinbank": vietinbank,
        "mb": mb,
        "acb": acb,
        "push-message": push_message,
        "zalopay": zalopay,
        "momo": momo,
        "lower-case": lower_case,
        "spaces": spaces,
        "dots": dots,
        "hyphens": hyphens,
        "doubled": doubled,
        "own-words": own_words,
        "marks": with_marks,
        "question-marks": question_marks,
        "line-break": line_break,
    }
)
"""Shapes that keep the reference whole: a perfect reader finds it."""

LOSING: Final[Mapping[str, tuple[Shape, str]]] = MappingProxyType(
    {
        "truncated": (truncated, "BROKEN_REFERENCE"),
        "letter-o": (letter_o, "BROKEN_REFERENCE"),
        "wrong-character": (wrong_character, "BROKEN_REFERENCE"),
        "name-only": (name_only, "NO_REFERENCE"),
        "zalopay-only": (zalopay_only, "NO_REFERENCE"),
    }
)
"""Shapes that lose it, with the break under which such a line waits for a person."""

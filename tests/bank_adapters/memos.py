"""Transfer memos as Vietnamese banks deliver them: with our reference mangled, or with none.

Names and numbers are invented; the shapes are those seen on statements of each bank.
"""

import string
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from hypothesis import strategies as st

NAMES = (
    *(
        "NGUYEN VAN AN",
        "TRAN THI HOP",
        "PHAM PHUONG HP",
        "VU DUC CUONG",
        "LE THI F",
        "HO PHI PHUNG",
    ),
    *("DO HUU HUNG", "PHUNG HOANG PHI HUNG", "CTY TNHH HP FOOD", "NGO QUANG HUY", "DANG THI LOAN"),
)
WORDS = (
    *("nop phi", "le phi", "cho con", "UBND phuong Hong Bang", "HP", "quan Hai An TP HP", "cam on"),
    *("chuyen tien", "thanh toan ho so", "Nộp lệ phí chứng thực", "N?p l? ph?", "đã chuyển khoản"),
    *("hoàn trả", "HOAN TRA", "RTN", "hphphp", "phi pho thong", "so do", "khai sinh", "dat dai"),
)
_UPPER_AND_DIGITS = string.ascii_uppercase + string.digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Memo:
    """A memo in three parts: what stands before the reference, the reference as typed, the rest."""

    before: str
    typed: str
    after: str

    @property
    def text(self) -> str:
        """The memo as one line."""
        return self.before + self.typed + self.after

    @property
    def end(self) -> int:
        """Where the reference ends."""
        return len(self.before) + len(self.typed)


def _digits(count: int) -> st.SearchStrategy[str]:
    return st.integers(0, 10**count - 1).map(lambda number: f"{number:0{count}}")


_NAME = st.sampled_from(NAMES)
_TRANSFER = st.builds(".CT tu {} {} toi {} UBND PHUONG B".format, _digits(10), _NAME, _digits(10))
_AWAY = st.builds(".CT tu {} {} toi {} UBND tai VPBANK".format, _digits(10), _NAME, _digits(9))
_NOTHING = st.just("")
_TRACE = st.builds("{}.221126.{}.".format, _digits(6), _digits(6))
_LETTERS = st.text("ABCDEGIKLMNOQRSTUVXY0123456789", max_size=12)
BANKS: dict[str, tuple[st.SearchStrategy[str], st.SearchStrategy[str]]] = {
    "plain": (_NOTHING, _NOTHING),
    "vietcombank": (st.builds("MBVCB.{}.".format, _digits(10)), _TRANSFER),
    "vietcombank-elsewhere": (
        st.builds("MBVCB.{}.{}.".format, _digits(10), _digits(6)),
        _AWAY,
    ),
    "napas": (_TRACE, _NOTHING),
    "napas-numbered": (_TRACE, st.builds(" FT{}".format, _digits(14))),
    "ibft": (st.builds("IBFT {} ".format, _NAME), _NOTHING),
    "bidv": (
        st.builds("TKThe :{}, tai Techcombank. ".format, _digits(10)),
        st.builds(" FT{} -CTLNHIDI0000{}-1/1-CRE-002".format, _digits(14), _digits(11)),
    ),
    "vietinbank": (
        st.builds("CT DEN:{} ".format, _digits(12)),
        st.sampled_from(["", "; tai Napas"]),
    ),
    "mb": (_NOTHING, st.builds("- Ma GD ACSP/ ab{} Trace {}".format, _digits(6), _digits(6))),
    "acb": (_NOTHING, st.builds(" GD {}-221126 15:45:46".format, _digits(6))),
    "push": (
        st.builds("BankAPINotify CT DEN:{} ND:".format, _digits(12)),
        st.builds(" SD:{}".format, _digits(7)),
    ),
    "zalopay": (st.builds("ZP{}W, ".format, _digits(9)), _NOTHING),
    "momo": (st.builds("{} 09{} ".format, _digits(11), _digits(8)), _NOTHING),
    "glued": (_LETTERS, _LETTERS),
}
"""What stands before and after the payer's memo, by path; nothing here holds our prefix."""

_OWN_WORDS = st.sampled_from(["", *(word for word in WORDS if word[-2:].upper() != "HP")])
_GAPS = st.sampled_from(["", "", "", " ", "-", ".", "\n", "\r\n", "_", "/", "  ", " . ", "\t", "?"])


@st.composite
def typed(draw: st.DrawFn, reference: str) -> str:
    """Return the reference in any case, with punctuation, blanks and breaks inside."""
    case = draw(st.sampled_from([str.upper, str.lower, str.title, str.swapcase]))
    gaps = draw(st.lists(_GAPS, min_size=len(reference) - 1, max_size=len(reference) - 1))
    symbols = case(reference)
    return symbols[0] + "".join(gap + symbol for gap, symbol in zip(gaps, symbols[1:], strict=True))


@st.composite
def mangled(draw: st.DrawFn, reference: str) -> Memo:
    """Return a memo of any bank that still holds the reference."""
    before, after = BANKS[draw(st.sampled_from(sorted(BANKS)))]
    own_before, own_after = draw(_OWN_WORDS), draw(_OWN_WORDS)
    return Memo(
        before=draw(before) + (f"{own_before} " if own_before else ""),
        typed=draw(typed(reference)),
        after=(f" {own_after}" if own_after else "") + draw(after),
    )


def without_reference(random: Random, count: int) -> Iterator[str]:
    """Yield memos of people who wrote no reference: names, numbers, codes, card lines, noise."""
    for _ in range(count):
        number = random.getrandbits(63)
        yield _KINDS[number // 512 % len(_KINDS)].format(
            name=NAMES[number % len(NAMES)],
            word=WORDS[number // 16 % len(WORDS)],
            digits=f"{number:019}",
            tail=f"{number // 7:019}",
            noise="".join(random.choices(_UPPER_AND_DIGITS, k=20)),
        )


def words_that_meet_in_the_prefix(random: Random, count: int) -> Iterator[str]:
    """Yield memos in which `HP` stands before the bank's own number, which begins with `FT`."""
    for _ in range(count):
        yield f"nop le phi TP HP FT263{random.randrange(10**11):011}"


_KINDS = (
    "{name} {word}",
    "MBVCB.{digits:.10}.{word}.CT tu {tail:.10} {name} toi {digits:.9} UBND tai VPBANK",
    "{digits:.6}.221126.{tail:.6}.{name} {word} - FT26{digits:.12}",
    "{word} H24.11-261122-{digits:.4} {name}",
    "{word} 000.17.22.H24-261122-{digits:.4} 09{tail:.8}",
    "TKThe :{digits:.10}, tai Techcombank. {name} FT26{tail:.12} -CTLNHIDI0000{digits:.11}-1/1",
    "POS{digits:.8}.881867.20261122.{tail:.6} GD:ZALOPAY",
    "T/t T/ung the MASTER:{digits:.8}; MerchNo: {tail:.9}; Gross Amt: {word} VAT Amt:89,925.00",
    "ZALOPAY-CHUYENTIEN-{noise:.12}",
    "{word} {noise}",
    "{noise:.4}.{noise} {name}",
    "{digits:.11} 09{tail:.8} {word} {word}",
    "//SAL2026304S{digits}// {name}",
    "CT DEN:{digits:.12} {word} {name}; tai Napas",
    "{word}- Ma GD ACSP/ ab{digits:.6} Trace {tail:.6}",
    "{name} {word} GD {digits:.6}-221126 15:45:46",
    "BankAPINotify CT DEN:{digits:.12} ND:{word} {noise:.6} SD:{tail:.7}",
    "IBFT {name} CCCD 0{digits:.11} {word} TP HP",
    "{word} HP {digits:.4}.{tail:.5} MST {tail:.10}",
    "{word} xe 15A{digits:.5} HP RL{noise:.15}",
)

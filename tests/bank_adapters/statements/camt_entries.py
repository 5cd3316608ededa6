"""Entries to break a camt reader with: few forms of markup, many texts, and at times one fault."""

from hypothesis import strategies as st

MARK = "<?again?>"
"""Stands before the end of every entry: with it the parser reads all of them, without it few."""

_TEXTS = ("FT1", "NOTPROVIDED", "RETURNED", "phí hồ sơ", "a" * 139)
_ODD_TEXTS = (
    *("", " ", "\n  ", "\u00a0", " x ", "a  b", "a\tb\n c", "x\u00a0", "\u2003y", "\ufeff", "\x7f"),
    *("&amp;", "a&lt;b", "&#13;", "a]b", "a]]", "a>b", "\x85", "\U0001f600", "x" * 4001, "'\""),
    *("<![CDATA[a<b]]>", "a<!--b-->c", "<?pi?>", "<x/>", "a<x>b</x>c", "<x xmlns='urn:y'/>"),
)
_FAULTS = (
    *("\x01", "\x1c", "\ufffe", "\x00", "a]]>b", "&#x1;", "&nope;", "&", "x" * 20_001, "<!--"),
    *(
        "</Nm>",
        "<Ntry>",
        "</Ntry>",
        "<!DOCTYPE a>",
        "<a b=c/>",
        "<y:x/>",
        "]]>",
        "-5",
        "2026-02-30",
    ),
)
_VALUES = {
    "text": (_TEXTS, _ODD_TEXTS),
    "amount": (("5", "5.00", "17"), ("5.1", "0", "0.00", "007", " 5 ", "\n5", ".5", "9" * 17)),
    "sign": (("CRDT", "DBIT"), ("CRDT ", "\nDBIT\n")),
    "mark": (("true", "false"), ("1", " true", "maybe", "")),
    "status": (("BOOK",), ("PDNG", "FUTR", "INFO", " BOOK")),
    "day": (("2026-01-02", "2026-01-03Z"), (" 2026-01-03 ",)),
}
_OPTIONAL = (
    "<NtryRef>{text}</NtryRef>",
    "<RvslInd>{mark}</RvslInd>",
    "<AcctSvcrRef>{text}</AcctSvcrRef>",
    "<BkTxCd><Domn><Cd>{text}</Cd></Domn><Prtry><Cd>{text}</Cd></Prtry></BkTxCd>",
    "<BkTxCd><Prtry><Cd>{text}</Cd></Prtry></BkTxCd>",
    "<AddtlNtryInf>{text}</AddtlNtryInf>",
    "<Unknown><Deep a='b'>{text}</Deep><Empty/></Unknown>",
    "<Ntry>{text}</Ntry>",
    "<NtryDtls/>",
    "<NtryDtls><Btch><MsgId>{text}</MsgId><PmtInfId>{text}</PmtInfId></Btch></NtryDtls>",
)
_REFERENCES = (
    "<AcctSvcrRef>{text}</AcctSvcrRef><EndToEndId>{text}</EndToEndId>"
    "<Prtry><Tp>{text}</Tp><Ref>{text}</Ref></Prtry>"
)
_PARTIES = (
    "<Dbtr><Nm>{text}</Nm></Dbtr><Cdtr><Pty><Nm>{text}</Nm></Pty></Cdtr>"
    "<CdtrAcct><Id><IBAN>{text}</IBAN></Id></CdtrAcct>"
)
_DETAIL = (
    f"<Refs>{_REFERENCES}</Refs>",
    f"<RltdPties>{_PARTIES}</RltdPties>",
    "<Amt Ccy='VND'>{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>",
    "<RmtInf><Ustrd>{text}</Ustrd><Ustrd>{text}</Ustrd></RmtInf>",
    "<RmtInf><Strd><CdtrRefInf><Ref>{text}</Ref></CdtrRefInf></Strd></RmtInf>",
    "<RtrInf><Rsn/></RtrInf>",
    "<AddtlTxInf>{text}</AddtlTxInf>",
)


def _usually(usual: tuple[str, ...], odd: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.integers(0, 39).flatmap(lambda n: st.sampled_from(odd if n == 20 else usual))


@st.composite
def _forms(draw: st.DrawFn) -> str:
    """Return the markup of an entry with names in braces for its texts."""
    blank = draw(st.sampled_from(["", "", "\n", "\n\t  "]))
    head = draw(
        _usually(("<Ntry>",), ("<Ntry >", "<Ntry x='1' y=\"2\">", "<Ntry\nxmlns:z='urn:z'>"))
    )
    amounts = ("<Amt Ccy='VND'>{amount}</Amt>",), ('<Amt a=">" Ccy="USD">{amount}</Amt>',)
    parts = [
        draw(_usually(*amounts)),
        "<CdtDbtInd>{sign}</CdtDbtInd>",
        draw(st.sampled_from(["<Sts>{status}</Sts>", "<Sts><Cd>{status}</Cd></Sts>"])),
        "<BookgDt><Dt>{day}</Dt></BookgDt>",
        draw(st.sampled_from(["", "<ValDt><DtTm>{day}</DtTm></ValDt>"])),
        *draw(st.lists(st.sampled_from(_OPTIONAL), max_size=3)),
    ]
    for _ in range(draw(st.sampled_from([1, 1, 1, 0, 2]))):
        inner = blank.join(draw(st.lists(st.sampled_from(_DETAIL), max_size=4)))
        parts.append(f"<NtryDtls><TxDtls>{inner}</TxDtls></NtryDtls>")
    return blank + head + blank.join(parts) + blank


@st.composite
def bodies(draw: st.DrawFn) -> str:
    """Return entries of one or two forms, a third of the bodies with a fault in some text."""
    some = draw(st.lists(_forms(), min_size=1, max_size=2))
    chosen = draw(st.lists(st.sampled_from(some), min_size=4, max_size=8))
    pieces = "".join(f"{form}{MARK}</Ntry>" for form in chosen).split("{")
    fault_at = draw(st.integers(-2 * len(pieces), len(pieces)))
    written = [pieces[0]]
    for number, piece in enumerate(pieces[1:]):
        name, _, rest = piece.partition("}")
        is_fault = number == fault_at
        text = draw(st.sampled_from(_FAULTS) if is_fault else _usually(*_VALUES[name]))
        written += [text, rest]
    return "".join(written)

"""Small camt messages as each version writes them, to read and to break."""

from bank_adapters.statements.camt_tree import CONTAINERS

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"
NESTED_SINCE = 8
"""The version that moved a party's name below `Pty` and a status below `Cd`."""
VERSIONS = [(message, version) for message in sorted(CONTAINERS) for version in range(1, 15)]


def balance(code: str, amount: str, version: int, day: str = "2026-01-02") -> str:
    kind = f"<Cd>{code}</Cd>" if version == 1 else f"<CdOrPrtry><Cd>{code}</Cd></CdOrPrtry>"
    return (
        f"<Bal><Tp>{kind}</Tp><Amt Ccy='VND'>{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>"
        f"<Dt><DtTm>{day}T17:00:00+07:00</DtTm></Dt></Bal>"
    )


def account_id(number: str, version: int) -> str:
    kind = "PrtryAcct" if version == 1 else "Othr"
    return f"<Id><{kind}><Id>{number}</Id></{kind}></Id>"


def detail(version: int, amount: str, reference: str) -> str:
    name = "<Nm>NGUYEN VAN A</Nm>"
    party = f"<Pty>{name}</Pty>" if version >= NESTED_SINCE else name
    own = f"<Amt Ccy='VND'>{amount}</Amt>"
    money = f"{own}<CdtDbtInd>CRDT</CdtDbtInd>" if version > 2 else ""
    amounts = f"<AmtDtls><TxAmt>{own}</TxAmt></AmtDtls>"
    key = "CdtrRef" if version == 1 else "Ref"
    return (
        f"<TxDtls><Refs><AcctSvcrRef>{reference}</AcctSvcrRef><EndToEndId>E2E</EndToEndId></Refs>"
        f"{money}{amounts}<RltdPties><Dbtr>{party}</Dbtr>"
        f"<DbtrAcct>{account_id('123', version)}</DbtrAcct></RltdPties><RmtInf><Ustrd>nop phi"
        f"</Ustrd><Strd><CdtrRefInf><{key}>{reference}</{key}></CdtrRefInf></Strd></RmtInf></TxDtls>"
    )


def entry(version: int, amount: str, inner: str = "") -> str:
    status = "<Cd>BOOK</Cd>" if version >= NESTED_SINCE else "BOOK"
    inner = inner if version == 1 else f"<NtryDtls>{inner}</NtryDtls>"
    return (
        f"<Ntry><Amt Ccy='VND'>{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>{status}</Sts>"
        "<BookgDt><DtTm>2026-01-02T23:59:00+07:00</DtTm></BookgDt>"
        "<ValDt><Dt>2026-01-03</Dt></ValDt><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd>"
        f"<SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>{inner}</Ntry>"
    )


def message(kind: str, version: int, body: str) -> str:
    root, container = CONTAINERS[kind]
    root = f"{root}V01" if version == 1 else root
    account = f"<Acct>{account_id('0031000123456', version)}<Ccy>VND</Ccy></Acct>"
    return (
        f"<Document xmlns='{NAMESPACE}{kind}.001.{version:02}'><{root}><GrpHdr><MsgId>m</MsgId>"
        f"</GrpHdr><{container}><Id>7</Id><CreDtTm>2026-01-02T17:00:00</CreDtTm>{account}{body}"
        f"</{container}></{root}></Document>"
    )


def with_prefix(text: str, prefix: str) -> str:
    """Return the same message with a prefix before every element."""
    text = text.replace("</", f"\0{prefix}:").replace("<", f"<{prefix}:").replace("\0", "</")
    return text.replace("xmlns=", f"xmlns:{prefix}=")

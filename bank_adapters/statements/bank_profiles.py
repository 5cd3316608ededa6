"""Named profiles of seven Vietnamese banks: data, with what is known of each said beside it.

No bank publishes its layout. *Seen* means: in an export, or in a public program that reads one;
*known* means: reported by people who use it. Where a real export differs, its header row does too,
and it is then read by its words (`tabular_header`) under the same proofs.
"""

from typing import Final

from bank_adapters.statements.profiles import Column, Label, Marks, TabularProfile

_COMMA: Final = Marks(",", ".", 2)
_POINT: Final = Marks(".", ",", 2)

_LABELS: Final = (
    (Label.ACCOUNT, "Số tài khoản"),
    (Label.CURRENCY, "Loại tiền"),
    (Label.NUMBER, "Số sao kê"),
    (Label.FROM, "Từ ngày"),
    (Label.TO, "Đến ngày"),
    (Label.OPENING, "Số dư đầu kỳ"),
    (Label.CLOSING, "Số dư cuối kỳ"),
    (Label.TOTALS, "Tổng cộng"),
)
_BILINGUAL: Final = (
    (Label.ACCOUNT, "Số tài khoản/Account No"),
    (Label.CURRENCY, "Loại tiền/Currency"),
    (Label.NUMBER, "Số sao kê/Statement No"),
    (Label.FROM, "Từ ngày/From date"),
    (Label.TO, "Đến ngày/To date"),
    (Label.OPENING, "Số dư đầu kỳ/Opening balance"),
    (Label.CLOSING, "Số dư cuối kỳ/Closing balance"),
    (Label.TOTALS, "Tổng cộng/Total"),
)

VIETCOMBANK: Final = TabularProfile(
    code="vietcombank",
    title=("NGÂN HÀNG TMCP NGOẠI THƯƠNG VIỆT NAM", "SAO KÊ TÀI KHOẢN"),
    header=(
        "Ngày GD",
        "Ngày hiệu lực",
        "Số chứng từ",
        "Ghi nợ",
        "Ghi có",
        "Số dư",
        "Nội dung",
    ),
    columns=(
        Column.BOOKING_DATE,
        Column.VALUE_DATE,
        Column.REFERENCE,
        Column.DEBIT,
        Column.CREDIT,
        Column.BALANCE,
        Column.NARRATIVE,
    ),
    labels=_LABELS,
    delimiter=";",
    marks=_COMMA,
    marks_are_sure=False,
    owes_totals=True,
)
"""Columns seen in its Excel and PDF exports, groups with commas and with points; the labels'
order not found."""

VIETCOMBANK_ONLINE: Final = TabularProfile(
    code="vietcombank-online",
    title=("SAO KÊ TÀI KHOẢN", "STATEMENT OF ACCOUNT"),
    header=("Ngày giao dịch", "Số tham chiếu", "Số tiền ghi nợ", "Số tiền ghi có", "Mô tả"),
    columns=(
        Column.BOOKING_DATE,
        Column.REFERENCE,
        Column.DEBIT,
        Column.CREDIT,
        Column.NARRATIVE,
    ),
    labels=_BILINGUAL,
    delimiter=",",
    marks=_COMMA,
    marks_are_sure=False,
)
"""Header seen; it shows no running balance, so only its two balances prove it."""

BIDV: Final = TabularProfile(
    code="bidv",
    title=(
        "NGÂN HÀNG TMCP ĐẦU TƯ VÀ PHÁT TRIỂN VIỆT NAM",
        "BÁO CÁO CHI TIẾT SỐ DƯ TÀI KHOẢN",
    ),
    header=("STT", "Ngày hiệu lực", "Ghi nợ", "Ghi có", "Số dư", "Mô tả"),
    columns=(
        None,
        Column.BOOKING_DATE,
        Column.DEBIT,
        Column.CREDIT,
        Column.BALANCE,
        Column.NARRATIVE,
    ),
    labels=_LABELS,
    delimiter=",",
    marks=_COMMA,
)
"""Title, column names and comma groups seen; it shows no document number."""

BIDV_TEXT: Final = TabularProfile(
    code="bidv-text",
    title=(),
    header=("ref", "datetime", "debit", "credit", "balance", "description"),
    columns=(
        Column.REFERENCE,
        Column.BOOKING_DATE,
        Column.DEBIT,
        Column.CREDIT,
        Column.BALANCE,
        Column.NARRATIVE,
    ),
    labels=_LABELS,
    delimiter="|",
    marks=_COMMA,
    date_layout="%d/%m/%Y 00:00:00",
)
"""The order of its columns between bars seen; the wording of its header not found."""

VIETINBANK: Final = TabularProfile(
    code="vietinbank",
    title=("NGÂN HÀNG TMCP CÔNG THƯƠNG VIỆT NAM", "LỊCH SỬ GIAO DỊCH - TRANSACTION HISTORY"),
    header=(
        "STT",
        "Ngày",
        "Mô tả",
        "Nợ",
        "Có",
        "Số dư",
        "Số CT",
        "TK đối ứng",
        "Tên đối ứng",
    ),
    columns=(
        None,
        Column.BOOKING_DATE,
        Column.NARRATIVE,
        Column.DEBIT,
        Column.CREDIT,
        Column.BALANCE,
        Column.REFERENCE,
        Column.COUNTERPARTY_ACCOUNT,
        Column.COUNTERPARTY_NAME,
    ),
    labels=_BILINGUAL,
    delimiter=",",
    marks=_COMMA,
    marks_are_sure=False,
)
"""Columns of eFAST known, the title seen; separators not found."""

AGRIBANK: Final = TabularProfile(
    code="agribank",
    title=("NGÂN HÀNG NÔNG NGHIỆP VÀ PHÁT TRIỂN NÔNG THÔN VIỆT NAM", "SAO KÊ TÀI KHOẢN"),
    header=("Ngày GD", "Số bút toán", "Diễn giải", "PS Nợ", "PS Có", "Số dư"),
    columns=(
        Column.BOOKING_DATE,
        Column.REFERENCE,
        Column.NARRATIVE,
        Column.DEBIT,
        Column.CREDIT,
        Column.BALANCE,
    ),
    labels=_LABELS,
    delimiter=";",
    marks=_POINT,
    marks_are_sure=False,
)
"""Columns known; labels and separators not found."""

TECHCOMBANK: Final = TabularProfile(
    code="techcombank",
    title=("TECHCOMBANK", "TRUY VẤN GIAO DỊCH - TRANSACTION ENQUIRY"),
    header=(
        "Ngày KH thực hiện/Requesting date",
        "Ngày giao dịch/Transaction date",
        "Số bút toán/Reference number",
        "Ngân hàng đối tác/Remitter's bank",
        "Tài khoản đích/Remitter's account number",
        "Tên tài khoản đối ứng/Remitter's account name",
        "Diễn giải/Description",
        "Nợ/Debit",
        "Có/Credit",
        "Phí/Lãi/Fee/Interest",
        "Thuế/Transaction VAT",
        "Số dư/Running balance",
    ),
    columns=(
        None,
        Column.BOOKING_DATE,
        Column.REFERENCE,
        None,
        Column.COUNTERPARTY_ACCOUNT,
        Column.COUNTERPARTY_NAME,
        Column.NARRATIVE,
        Column.DEBIT,
        Column.CREDIT,
        Column.FEE,
        Column.VAT,
        Column.BALANCE,
    ),
    labels=_BILINGUAL,
    delimiter=",",
    marks=_COMMA,
    outflow_is_negative=True,
)
"""Title, header, labels and the minus of its debits seen; interest stands in its fee column."""

MB: Final = TabularProfile(
    code="mb",
    title=("NGÂN HÀNG TMCP QUÂN ĐỘI", "SAO KÊ CHI TIẾT TÀI KHOẢN"),
    header=(
        "STT",
        "Ngày giao dịch/Transaction date",
        "Ngày hạch toán/Posting date",
        "Phát sinh nợ/Debit",
        "Phát sinh có/Credit",
        "Số dư/Balance",
        "Nội dung/Description",
        "Số bút toán/Reference",
    ),
    columns=(
        None,
        None,
        Column.BOOKING_DATE,
        Column.DEBIT,
        Column.CREDIT,
        Column.BALANCE,
        Column.NARRATIVE,
        Column.REFERENCE,
    ),
    labels=_BILINGUAL,
    delimiter=",",
    marks=_COMMA,
)
"""Column names seen, and sums in a row without a label; their order not found."""

ACB: Final = TabularProfile(
    code="acb",
    title=("NGÂN HÀNG TMCP Á CHÂU", "BẢNG SAO KÊ GIAO DỊCH"),
    header=(
        "STT",
        "Ngày giao dịch",
        "Số GD",
        "Nội dung",
        "Tiền rút ra",
        "Tiền gửi vào",
        "Số dư",
        "Tên đối ứng",
        "TK đối ứng",
    ),
    columns=(
        None,
        Column.BOOKING_DATE,
        Column.REFERENCE,
        Column.NARRATIVE,
        Column.DEBIT,
        Column.CREDIT,
        Column.BALANCE,
        Column.COUNTERPARTY_NAME,
        Column.COUNTERPARTY_ACCOUNT,
    ),
    labels=_LABELS,
    delimiter=",",
    marks=_POINT,
    marks_are_sure=False,
)
"""Title, order of columns, and balances standing below their labels seen; separators not found."""

PROFILES: Final = (
    VIETCOMBANK,
    VIETCOMBANK_ONLINE,
    BIDV,
    BIDV_TEXT,
    VIETINBANK,
    AGRIBANK,
    TECHCOMBANK,
    MB,
    ACB,
)
"""Every profile that a file may be recognised by."""

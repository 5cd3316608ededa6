"""Tables that no profile names: found by words, proved all the same; Excel's traps one by one."""

import unicodedata
from datetime import date

import pytest

from bank_adapters.contract import StatementUnreadable
from bank_adapters.statements.detect import read_statement_file
from bank_adapters.statements.vietnamese_encodings import TCVN3
from bank_adapters.vocabulary import Direction, Statement

ABOVE = """\
BẢNG SAO KÊ
Số tài khoản: 0031000123456 - UBND PHƯỜNG B;;Loại tiền;VNĐ
Từ ngày: 01/11/2026 - Đến ngày: 30/11/2026
Số dư đầu kỳ/Opening balance;1.000.000 VND
"""
HEADER = "STT;Ngày GD;Số CT;Diễn giải;PS Nợ;PS Có;Số dư\n"
ROWS = """\
1;01/11/2026;FT1;nop phi mot;;50.000;1.050.000
2;02/11/2026 10:15:00;FT2;phi dich vu;11.500;;1.038.500
"""
BELOW = """\
Cộng phát sinh;;;;11.500;50.000;
Số dư cuối kỳ;;;;;;1.038.500
;;;Người lập biểu
"""
FILE = ABOVE + HEADER + ROWS + BELOW


def read(text: str, encoding: str = "utf-8") -> Statement:
    (statement,) = read_statement_file(text.encode(encoding)).statements
    return statement


def refusal(data: str | bytes) -> str:
    with pytest.raises(StatementUnreadable) as caught:
        read_statement_file(data if isinstance(data, bytes) else data.encode())
    return str(caught.value)


def test_a_table_is_found_by_its_words_and_proved() -> None:
    file = read_statement_file(FILE.encode())
    (statement,) = file.statements
    assert file.format == "CSV/generic"
    assert (statement.account, statement.currency) == ("0031000123456", "VND")
    assert (statement.is_balanced, statement.flags) == (True, ())
    opening, closing = statement.opening, statement.closing
    assert opening is not None
    assert closing is not None
    assert (opening.amount_minor, opening.on) == (1_000_000, date(2026, 11, 1))
    assert (closing.amount_minor, closing.on) == (1_038_500, date(2026, 11, 30))
    assert [(line.direction, line.amount_minor) for line in statement.lines] == [
        (Direction.CREDIT, 50_000),
        (Direction.DEBIT, 11_500),
    ]
    assert statement.lines[0].bank_reference == "FT1"
    assert statement.lines[0].narrative == "nop phi mot"


@pytest.mark.parametrize(
    "header",
    [
        "STT;Ngày giao dịch;Số bút toán;Nội dung;Ghi nợ;Ghi có;Số dư",
        "No;Transaction date;Reference;Narrative;Debit;Credit;Balance",
        "STT;NGAY GIAO DICH;SO CHUNG TU;MO TA;NO;CO;SO DU",
        "STT;Ngày hiệu lực;Số CT;Mô tả;Phát sinh nợ/Debit;Phát sinh có/Credit;Số dư TK",
        "STT;Ngày GD / Transaction date;Số giao dịch;Diễn giải;Nợ (VND);Có (VND);Số dư (VND)",
    ],
)
def test_header_words_are_known_with_and_without_marks_and_in_english(header: str) -> None:
    assert read(FILE.replace(HEADER, header + "\n")) == read(FILE)


def test_the_header_row_may_stand_low_be_split_and_be_repeated() -> None:
    titles = "".join(f"dòng {number}\n" for number in range(1, 15))
    split = "STT;Ngày GD;Số CT;Diễn giải;Phát sinh;;Số dư\n;;;;Nợ;Có;\n"
    for text in (
        FILE.replace(HEADER, titles + HEADER),
        FILE.replace(HEADER, split),
        FILE.replace(HEADER, HEADER + "No;Date;Ref;Narrative;Debit;Credit;Balance\n"),
        FILE.replace("\n2;", "\nSAO KÊ;;;trang 2\n\n" + HEADER + "2;"),
    ):
        found = read(text)
        assert (len(found.lines), found.is_balanced, found.flags) == (2, True, ())


def test_columns_may_be_missing() -> None:
    text = "\n".join(line.rpartition(";")[0] for line in (HEADER + ROWS).splitlines())
    bare = ABOVE + text + "\nSố dư cuối kỳ;1.038.500\n"
    assert read(bare).flags == ()
    assert read(bare.replace("1.038.500", "1.038.501")).flags == ("unbalanced",)


def test_a_narrative_that_runs_on_below_is_joined() -> None:
    text = FILE.replace("\n2;", "\n;;;cho con;;;\n2;")
    assert read(text).lines[0].narrative == "nop phi mot cho con"


def test_what_is_not_stated_is_derived_and_flagged() -> None:
    without_opening = ABOVE.replace("Số dư đầu kỳ/Opening balance;1.000.000 VND\n", "")
    found = read(without_opening + HEADER + ROWS + BELOW)
    assert (found.is_balanced, found.flags) == (True, ("derived-balance",))
    assert found.opening is not None
    assert found.opening.amount_minor == 1_000_000
    assert read(ABOVE + HEADER + ROWS).flags == ("derived-balance", "open-end")
    unproven = "\n".join(line.rpartition(";")[0] for line in (HEADER + ROWS).splitlines())
    assert read(ABOVE + unproven + "\n").flags == ("unproven",)


def test_the_newest_row_may_come_first() -> None:
    first, second = ROWS.splitlines(keepends=True)
    found = read(ABOVE + HEADER + second + first + BELOW)
    assert (found.is_balanced, found.flags) == (True, ())
    bare = read(ABOVE.replace("Số dư đầu kỳ/Opening balance", "x") + HEADER + second + first)
    assert bare.flags == ("derived-balance", "open-end")
    assert bare.opening is not None
    assert bare.closing is not None
    assert (bare.opening.amount_minor, bare.closing.amount_minor) == (1_000_000, 1_038_500)


def test_every_cut_is_refused_flagged_or_changes_nothing() -> None:
    whole = read(FILE)
    data = FILE.encode()
    for cut in range(len(data)):
        try:
            (found,) = read_statement_file(data[:cut]).statements
        except StatementUnreadable:
            continue
        assert found.flags or found.lines == whole.lines, data[:cut][-40:]


def test_an_export_pasted_twice_is_refused() -> None:
    assert "column Số dư" in refusal(ABOVE + HEADER + ROWS + ROWS + BELOW)
    back = "2;02/11/2026;FT2;tra lai;50.000;;1.000.000\n"
    round_trip = ABOVE + HEADER + ROWS.splitlines(keepends=True)[0] + back
    assert read(round_trip + "Số dư cuối kỳ;1.000.000\n").is_balanced
    twice = round_trip + round_trip[len(ABOVE + HEADER) :] + "Số dư cuối kỳ;1.000.000\n"
    assert "twice" in refusal(twice)
    bare = "\n".join(
        line.rpartition(";")[0] if line.count(";") == 6 else line for line in twice.splitlines()
    )
    assert read(bare).flags == ("duplicate-lines",)


def test_amount_and_indicator_or_sign() -> None:
    header = "Ngày;Mô tả;Số tiền;D/C;Số dư\n"
    rows = "01/11/2026;a;50.000;C;1.050.000\n01/11/2026;b;11.500;D;1.038.500\n"
    end = "Số dư cuối kỳ;1.038.500\n"
    expected = [(Direction.CREDIT, 50_000), (Direction.DEBIT, 11_500)]
    found = read(ABOVE + header + rows + end)
    assert [(line.direction, line.amount_minor) for line in found.lines] == expected
    assert found.flags == ()
    for minus in ("-11.500", "(11.500)", "11.500-", "−11.500"):
        signed = rows.replace(";C;", ";").replace("11.500;D;", f"{minus};")
        found = read(ABOVE + header.replace(";D/C", "") + signed + end)
        assert [(line.direction, line.amount_minor) for line in found.lines] == expected
    assert "column D/C: 'X'" in refusal(ABOVE + header + rows.replace(";D;", ";X;"))
    assert "column Số tiền" in refusal(ABOVE + header + rows.replace("11.500;D", "-11.500;D"))


def test_fee_and_vat_become_entries_of_their_own() -> None:
    header = "Ngày GD;Số CT;Diễn giải;Nợ;Có;Phí;VAT;Số dư\n"
    row = "01/11/2026;FT1;chi luong;100.000;;11.000;1.100;887.900\n"
    end = "Cộng;;;100.000;;11.000;1.100;\nSố dư cuối kỳ;887.900\n"
    found = read(ABOVE + header + row + end)
    assert (found.is_balanced, found.flags) == (True, ())
    assert [(li.code, li.amount_minor, li.bank_reference, li.narrative) for li in found.lines] == [
        ("", 100_000, "FT1", "chi luong"),
        ("FEE", 11_000, "FT1", "Phí"),
        ("VAT", 1_100, "FT1", "VAT"),
    ]
    assert "column VAT: is not the sum" in refusal(
        ABOVE + header + row + end.replace("1.100", "1.101")
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("50.000;1.050.000", "50.00.0;1.050.000", "line 6: column PS Có"),
        ("50.000;1.050.000", "50,0;1.050.000", "line 7: column Số dư: does not continue"),
        ("50.000;1.050.000", "5E+4;1.050.000", "line 6: column PS Có"),
        ("50.000;1.050.000", "50.000 USD;1.050.000", "line 6: column PS Có"),
        ("50.000;1.050.000", "((50.000));1.050.000", "line 6: column PS Có"),
        ("50.000;1.050.000", "٥٠.000;1.050.000", "line 6: column PS Có"),
        ("50.000;1.050.000", "0.500;1.050.000", "line 6: column PS Có"),
        ("50.000;1.050.000", "1050.000;1.050.000", "line 6: column PS Có"),
        ("1;01/11/2026", "1;1/11/2026", "line 6: column Ngày GD"),
        ("1;01/11/2026", "1;01/31/2026", "line 6: column Ngày GD"),
        ("1;01/11/2026", "1;46327", "line 6: column Ngày GD"),
        ("1;01/11/2026", "1;01/11/26", "line 6: column Ngày GD"),
        ("1;01/11/2026", "1;01/12/2026", "line 6: column Ngày GD: outside"),
        (";FT1;", ";1.23E+11;", "line 6: column Số CT"),
        ("nop phi mot", "nop;phi", "line 6: 8 columns instead of 7"),
        (";11.500;50.000;", ";11.500;50.001;", "line 8: column PS Có: is not the sum"),
        ("0031000123456 -", "3,1E+10 -", "line 2"),
        ("Loại tiền;VNĐ", "", "'Loại tiền' is missing"),
        ("Số tài khoản", "Số", "'Số tài khoản' is missing"),
        ("Số CT;Diễn giải", "Diễn giải;Diễn giải", "line 5"),
        ("\nSố dư cuối kỳ", "\nSố tài khoản;0031000999999\nSố dư cuối kỳ", "given twice"),
    ],
)
def test_a_cell_that_does_not_fit_is_refused_by_its_place(old: str, new: str, words: str) -> None:
    assert old in FILE
    assert words in refusal(FILE.replace(old, new, 1))


def test_marks_are_decided_by_the_file_and_then_kept() -> None:
    point = read(FILE)
    comma = "\n".join(
        line if line.startswith("Số tài") else line.replace(".", ",") for line in FILE.splitlines()
    )
    assert read(comma + "\n") == point
    cents = FILE.replace("VNĐ", "EUR").replace("1.000.000 VND", "1.000.000,00")
    assert read(cents).exponent == 2
    assert "line 6" in refusal(cents.replace("50.000;1.050", "50,000;1.050"))
    assert "two ways" in refusal(
        FILE.replace("VNĐ", "KWD").replace("1.000.000 VND", "1.000").replace("1.050.000", "1.050")
    )


def test_a_fraction_of_the_dong_is_flagged() -> None:
    text = FILE.replace("50.000;1.050.000", "50.000,5;1.050.000,5").replace(
        "1.038.500", "1.038.500,5"
    )
    assert "vnd-fraction" in read(text.replace(";11.500;50.000;", ";11.500;50.000,5;")).flags


def _windows_1258(text: str) -> bytes:
    # Tones become marks of their own; hats and horns stay with their letters.
    tones = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323"))
    out = b""
    for letter in text:
        spread = unicodedata.normalize("NFD", letter)
        base = unicodedata.normalize("NFC", spread.translate(tones))
        tone = "".join(mark for mark in spread if ord(mark) in tones)
        out += (base + tone).encode("cp1258")
    return out


def _tcvn3(text: str) -> bytes:
    # The capital letters with tones are small ones in a capital font.
    return bytes(TCVN3.index(c if c in TCVN3 else c.lower()) for c in text)


def test_encodings_are_known_by_the_words_of_the_header() -> None:
    expected = read(FILE)
    assert read(FILE, "utf-8-sig") == expected
    assert read(FILE, "utf-16") == expected
    assert read(unicodedata.normalize("NFD", FILE)).lines[0].amount_minor == 50_000
    text = FILE.replace("nop phi mot", "nộp phí một")
    for data in (_windows_1258(text), _tcvn3(text)):
        (statement,) = read_statement_file(data).statements
        assert statement.lines[0].narrative == "nộp phí một"
        assert (statement.is_balanced, statement.flags) == (True, ())


def test_text_is_never_read_in_a_wrong_encoding() -> None:
    english = ABOVE + "No;Date;Ref;Narrative;Debit;Credit;Balance\n" + ROWS + BELOW
    plain = unicodedata.normalize("NFD", english.replace("Đ", "D").replace("đ", "d"))
    ascii_only = plain.encode("ascii", "ignore")
    assert read_statement_file(ascii_only).statements[0].is_balanced
    assert "two encodings" in refusal(ascii_only.replace(b"mot", _windows_1258("một")))
    assert "line 6" in refusal(FILE.encode().replace(b"nop phi mot", b"n\xf3p"))
    assert "no known statement format" in refusal(
        FILE.encode("cp1252", "replace").replace(b"?", b"\xd0")
    )


def test_quotes_tabs_bars_and_trailing_delimiters() -> None:
    expected = read(FILE)
    assert read(FILE.replace(";", "\t")) == expected
    assert read(FILE.replace(";", "|")) == expected
    assert read(FILE.replace("\n", ";;\n")) == expected
    quoted = read(FILE.replace("nop phi mot", '"nop; phi\nmot"'))
    assert quoted.lines[0].narrative == "nop; phi mot"
    assert quoted.flags == ()
    assert "broken CSV" in refusal(FILE.replace("nop phi mot", '"nop" phi'))


def test_day_and_document_number_may_share_a_cell_and_a_day_may_be_merged() -> None:
    text = FILE.replace("Ngày GD;Số CT;", "Ngày GD/Số CT;x;").replace(
        "01/11/2026;FT1", '"01/11/2026\n5243.65937";'
    )
    assert read(text.replace("10:15:00;FT2", "10:15:00 - FT2;")).lines[0].bank_reference == (
        "5243.65937"
    )
    merged = read(FILE.replace("02/11/2026 10:15:00", ""))
    assert merged.lines[1].booking_date == date(2026, 11, 1)
    assert "no day" in refusal(
        FILE.replace("02/11/2026 10:15:00", "").replace("1.038.500\nC", "\nC")
    )


def test_sums_without_a_label_prove_the_rows() -> None:
    unlabelled = ABOVE + HEADER + ROWS + ";;;;11.500;50.000;\n"
    assert read(unlabelled).flags == ("derived-balance",)

"""Files doubled, cut, gapped, corrected, forged: only a proven statement moves the books, once."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from bank_adapters.contract import AdapterError, StatementUnreadable
from bank_adapters.counterpart.statements import write_camt053, write_csv
from bank_adapters.statements.detect import read_statement_file
from bank_adapters.vocabulary import Direction
from payment_service.db.database import Database
from payment_service.domain.errors import Forbidden, Invalid, PaymentServiceError
from payment_service.use_cases.import_statement import DeliveredFile, import_statement
from tests.builders import open_account, open_endpoint
from tests.payment_service.db.worlds import run
from tests.payment_service.use_cases.days import Bank, balances, line, open_break_codes
from tests.payment_service.use_cases.towns import FEE, MONDAY, TUESDAY, WEDNESDAY, Town

pytestmark = pytest.mark.anyio

OTHER_UNIT = "11311"


def _signed(town: Town, content: bytes, name: str = "s.sta") -> DeliveredFile:
    return DeliveredFile(name=name, content=content, signature=town.bank.sign(content))


async def _verdict(town: Town, content: bytes) -> tuple[str, str]:
    answer = await town.take((content, town.bank.sign(content)))
    [each] = answer["statements"]
    return each["verdict"], each["reason_code"]


async def test_the_same_bytes_change_nothing_whatever_their_name(town: Town) -> None:
    content, _ = town.bank.statement(MONDAY, [line(FEE, "x", MONDAY, reference="FT1")])
    answers = await asyncio.gather(
        *(import_statement(town.context, _signed(town, content, f"{n}.sta")) for n in range(8))
    )
    answers.append(await import_statement(town.context, _signed(town, content, "khac.txt")))
    assert len(set(answers)) == 1
    assert await town.value("SELECT count(*) FROM statement_file") == 1
    assert await balances(town.context) == {"bank": FEE, "suspense": -FEE}


async def test_the_same_statement_in_other_bytes_is_not_booked_again(town: Town) -> None:
    content, _ = town.bank.statement(MONDAY, [line(FEE, "x", MONDAY, reference="FT1")])
    assert await _verdict(town, content) == ("admitted", "")
    for other in (content.replace(b"\r\n", b"\n"), b"\xef\xbb\xbf" + content, content + b"\r\n"):
        try:
            assert await _verdict(town, other) == ("quarantined", "OVERLAP_CONFLICT")
        except StatementUnreadable:
            continue
    assert await balances(town.context) == {"bank": FEE, "suspense": -FEE}


async def test_a_file_cut_anywhere_books_nothing(town: Town) -> None:
    content, _ = town.bank.statement(
        MONDAY, [line(FEE, "mot", MONDAY, reference="FT1"), line(5_000, "hai", MONDAY)]
    )
    closing = content.index(b":62F:")
    for cut in (*range(0, closing, 7), *range(closing, len(content) - 12)):
        part = content[:cut]
        try:
            verdict, _ = await _verdict(town, part)
        except (AdapterError, PaymentServiceError):
            continue
        assert verdict == "quarantined", f"cut at {cut} of {len(content)}: {part[-40:]!r}"
    assert await balances(town.context) == {}
    assert await town.value("SELECT count(*) FROM statement_line") == 0
    assert await _verdict(town, content) == ("admitted", "")


@pytest.mark.parametrize("format_name", ["camt.053", "CSV"])
async def test_other_formats_cut_anywhere_book_nothing(town: Town, format_name: str) -> None:
    mt940, _ = town.bank.statement(MONDAY, [line(FEE, "mot hai", MONDAY, reference="FT1")])
    [statement] = read_statement_file(mt940).statements
    if format_name == "CSV":
        content = write_csv(statement)
    else:
        content = write_camt053(statement, created_at=town.clock())
    for cut in range(0, len(content) - 4, max(len(content) // 60, 1)):
        try:
            verdict, _ = await _verdict(town, content[:cut])
        except (AdapterError, PaymentServiceError):
            continue
        assert verdict == "quarantined", f"cut at {cut} of {len(content)}"
    assert await balances(town.context) == {}
    assert (await _verdict(town, content))[0] == "admitted"


async def test_what_is_no_statement_is_refused(town: Town) -> None:
    for content in (b"", b"<html>502</html>", b"\0" * 99, b"PK\3\4", "sao kê".encode(), b"\xff"):
        with pytest.raises(AdapterError):
            await import_statement(town.context, _signed(town, content))
    assert await town.value("SELECT count(*) FROM statement_file") == 0


async def test_a_later_day_waits_for_the_missing_one_and_is_then_taken(town: Town) -> None:
    monday, _ = town.bank.statement(MONDAY, [line(FEE, "x", MONDAY, reference="FT1")])
    tuesday, _ = town.bank.statement(TUESDAY, [line(5_000, "y", TUESDAY, reference="FT2")])
    wednesday, _ = town.bank.statement(WEDNESDAY, [line(1_000, "z", WEDNESDAY)])
    for _ in range(2):
        assert await _verdict(town, tuesday) == ("quarantined", "GAP")
        assert await _verdict(town, wednesday) == ("quarantined", "GAP")
    assert await balances(town.context) == {}
    assert await _verdict(town, monday) == ("admitted", "")
    # The bank delivers the same bytes again: now they continue the last closing balance.
    assert await _verdict(town, wednesday) == ("quarantined", "GAP")
    assert await _verdict(town, tuesday) == ("admitted", "")
    for _ in range(2):
        assert await _verdict(town, wednesday) == ("admitted", "")
        assert await _verdict(town, tuesday) == ("admitted", "")
    assert await balances(town.context) == {"bank": 16_000, "suspense": -16_000}
    assert await open_break_codes(town.context) == []


async def test_a_corrected_version_takes_the_place_of_one_that_does_not_add_up(
    town: Town,
) -> None:
    good, _ = town.bank.statement(MONDAY, [line(FEE, "x", MONDAY, reference="FT1")])
    bad = good.replace(b"VND10000,", b"VND10001,")
    assert bad != good
    assert await _verdict(town, bad) == ("quarantined", "PROOF_FAILED")
    assert await open_break_codes(town.context) == ["PROOF_FAILED"]
    assert await _verdict(town, bad) == ("quarantined", "PROOF_FAILED")
    assert await _verdict(town, good) == ("admitted", "")
    assert await open_break_codes(town.context) == []
    assert await _verdict(town, bad) == ("quarantined", "PROOF_FAILED")


async def test_the_same_number_with_other_content_is_an_alarm(town: Town) -> None:
    first, _ = town.bank.statement(MONDAY, [line(FEE, "x", MONDAY, reference="FT1")])
    assert await _verdict(town, first) == ("admitted", "")
    forger = replace(town.bank, balance_minor=0, last_on=date(2026, 11, 22), number=0)
    other, _ = forger.statement(MONDAY, [line(90_000, "x", MONDAY, reference="FT9")])
    assert await _verdict(town, other) == ("quarantined", "OVERLAP_CONFLICT")
    continuing = replace(town.bank, number=0)
    same_number, _ = continuing.statement(MONDAY, [line(1, "x", MONDAY, reference="FT8")])
    assert await _verdict(town, same_number) == ("quarantined", "OVERLAP_CONFLICT")
    assert await balances(town.context) == {"bank": FEE, "suspense": -FEE}


async def test_somebody_else_s_statement_is_not_ours(town: Town) -> None:
    there = await open_account(town.context, town.officer, town.approver, OTHER_UNIT)
    content, _ = town.bank.statement(MONDAY, [line(FEE, "x", MONDAY)])
    misdirected = replace(_signed(town, content), account_id=there)
    with pytest.raises(Forbidden):  # that account's bank has no key here
        await import_statement(town.context, misdirected)
    unsigned = replace(misdirected, signature=None, imported_by=town.officer.person_id)
    answer = (await import_statement(town.context, unsigned)).decode()
    assert '"reason_code":"WRONG_ACCOUNT"' in answer
    stranger = replace(town.bank.opened, account_number="7777777777")
    unknown, _ = replace(town.bank, opened=stranger).statement(MONDAY, [line(FEE, "x", MONDAY)])
    with pytest.raises(Invalid, match="7777777777"):
        await import_statement(town.context, _signed(town, unknown))
    with pytest.raises(Invalid):
        await import_statement(
            town.context, replace(_signed(town, unknown), account_id=town.officer.person_id)
        )
    assert await balances(town.context) == {}


async def test_what_the_bank_did_not_sign_leaves_no_trace(town: Town) -> None:
    content, signature = town.bank.statement(MONDAY, [line(FEE, "x", MONDAY)])
    forged = content.replace(b"10000,", b"90000,")
    for delivered in (
        DeliveredFile(name="s", content=forged, signature=signature),
        DeliveredFile(name="s", content=content, signature=b""),
        DeliveredFile(name="s", content=content, signature=b"!" * 300),
        DeliveredFile(name="s", content=content, signature=signature[:-8]),
        DeliveredFile(name="s", content=content),
    ):
        with pytest.raises(Forbidden):
            await import_statement(town.context, delivered)
    assert await town.value("SELECT count(*) FROM statement_file") == 0


async def test_twins_are_two(town: Town) -> None:
    twins = [line(FEE, "giong nhau", MONDAY, reference="FT1")] * 3
    await town.statement(MONDAY, twins)
    await town.statement(MONDAY, twins[:1])
    assert await town.value("SELECT max(occurrence) FROM statement_line") == 4
    assert await balances(town.context) == {"bank": 4 * FEE, "suspense": -4 * FEE}


async def test_a_swept_account_does_not_book_a_closed_day_again(town: Town) -> None:
    swept = [
        line(FEE, "nop phi", MONDAY, reference="FT1"),
        replace(line(FEE, "ket chuyen", MONDAY, reference="FT2"), direction=Direction.DEBIT),
    ]
    await town.statement(MONDAY, swept)
    answer = await town.take(town.bank.statement(TUESDAY, [*swept, line(FEE, "x", TUESDAY)]))
    assert [each["verdict"] for each in answer["statements"]] == ["quarantined"]
    assert await open_break_codes(town.context) == ["OVERLAP_CONFLICT"]
    assert await town.value("SELECT count(*) FROM statement_line") == 2


async def test_several_statements_of_one_day_and_one_file_follow_each_other(town: Town) -> None:
    parts = [
        town.bank.statement(MONDAY, [line(FEE, f"lan {number}", MONDAY)])[0] for number in range(6)
    ]
    answer = await town.take((b"".join(parts), town.bank.sign(b"".join(parts))))
    assert [each["verdict"] for each in answer["statements"]] == ["admitted"] * 6
    for number in range(6):
        await town.statement(MONDAY, [line(FEE, f"sau {number}", MONDAY)])
    await town.statement(TUESDAY, [])
    assert await balances(town.context) == {"bank": 12 * FEE, "suspense": -12 * FEE}


async def test_a_file_with_one_stranger_books_none_of_it(town: Town) -> None:
    mine, _ = town.bank.statement(MONDAY, [line(FEE, "x", MONDAY)])
    stranger = Bank(opened=replace(town.bank.opened, account_number="7777777777"))
    other, _ = stranger.statement(MONDAY, [line(FEE, "x", MONDAY)])
    with pytest.raises(Invalid):
        await import_statement(town.context, _signed(town, mine + other))
    there = await open_account(
        town.context, town.officer, town.approver, OTHER_UNIT, account_number="7777777777"
    )
    with pytest.raises(Forbidden):
        await import_statement(town.context, _signed(town, mine + other))
    await open_endpoint(town.context, there, "rsabank")
    answer = await town.take((mine + other, town.bank.sign(mine + other)))
    assert [each["verdict"] for each in answer["statements"]] == ["admitted"] * 2


async def test_an_overdrawn_account_is_still_proven(town: Town) -> None:
    await town.statement(
        MONDAY, [line(FEE, "chuyen nham", MONDAY, direction=Direction.DEBIT, reference="FT1")]
    )
    await town.statement(TUESDAY, [line(FEE, "hoan lai", TUESDAY, reference="FT2")])
    assert await balances(town.context) == {}


async def test_a_closed_day_moves_the_entry_to_the_next_open_one(
    town: Town, database_url: str
) -> None:
    owner = Database(database_url, pool_size=1, role=None)
    book = f"account:{town.account_id}"
    for day, state in ((MONDAY, "closed"), (TUESDAY, "proposed")):
        await run(owner, f"INSERT INTO business_day VALUES ('{book}', '{day}', '{state}')")
    await owner.close()
    await town.statement(MONDAY, [line(FEE, "x", MONDAY)])
    assert await town.value("SELECT business_date FROM journal_entry") == WEDNESDAY


async def test_characters_that_cannot_be_stored_are_refused_not_stumbled_over(town: Town) -> None:
    content, _ = town.bank.statement(MONDAY, [line(FEE, "tien phi", MONDAY, reference="FT1")])
    nul = content.replace(b"tien phi", b"tien\0phi")
    assert nul != content
    for part in (nul, content.replace(b"FT1", b"F\0T1"), content.replace(b":28C:1", b":28C:\0")):
        with pytest.raises((AdapterError, PaymentServiceError)):
            await import_statement(town.context, _signed(town, part))
    [statement] = read_statement_file(content).statements
    csv, camt = write_csv(statement), write_camt053(statement, created_at=town.clock())
    for part in (
        csv.replace(b"tien phi", b"tien\0phi"),
        camt.replace(b"tien phi", b"tien\0phi"),
        camt.replace(b"tien phi", b"tien&#0;phi"),
    ):
        with pytest.raises((AdapterError, PaymentServiceError)):
            await import_statement(town.context, _signed(town, part))
    assert await balances(town.context) == {}


async def test_the_largest_amounts_a_file_can_say(town: Town) -> None:
    huge = line(99_999_999_999_999, "x", MONDAY, reference="FT1")
    content, _ = town.bank.statement(MONDAY, [huge] * 30)
    try:
        verdict, _ = await _verdict(town, content)
    except (AdapterError, PaymentServiceError):
        return
    assert verdict in {"admitted", "quarantined"}

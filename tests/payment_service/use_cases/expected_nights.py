"""What a night must find in `ExpectedBooks`: returns, then notices, refunds, references."""

from collections import Counter

from tests.payment_service.use_cases.expected_books import ExpectedBooks
from tests.payment_service.use_cases.expected_records import Line, Match


def pass_night(books: ExpectedBooks) -> None:
    """Match what is open, name the rest, declare what is in the bank."""
    held = _take_returns(books.lines)
    held |= _show_notices(books, [line for line in books.lines if line not in held])
    held |= _show_refunds(books)
    for line in sorted(books.lines, key=lambda line: line.order):
        is_free = line.is_credit and line not in held and not line.is_off_its_due
        if line.left_minor and line.request and is_free:
            line.pay(line.request, line.left_minor)
    for line in books.lines:
        if line.left_minor:
            plain = "NO_REFERENCE" if line.is_credit else "UNEXPLAINED_DEBIT"
            is_apart = line.is_off_its_due or line.is_off_itself
            line.code = held.get(line, "TAKEN_APART" if is_apart else plain)
    books.declared_minor = sum(
        payment.taken_minor
        for payment in books.payments
        if payment.is_in_bank and payment.request and payment.request.is_covered
    )


def _take_returns(lines: list[Line]) -> dict[Line, str]:
    held, found = {}, []
    returns = [line for line in lines if line.returned and line.shows_key]
    told = Counter((line.returned, line.amount_minor, line.is_credit) for line in returns)
    for line in (line for line in returns if line.left_minor):
        original = next((each for each in lines if _is_returned_by(each, line)), None)
        if original is None or line.matches:
            held[line] = "RETURN_UNMATCHED"
        elif told[line.returned, line.amount_minor, line.is_credit] > 1:
            held[line] = "RETURN_AMBIGUOUS"
        elif not all(map(_is_returnable, original.matches)):
            held[line] = "RETURN_SETTLED"
        else:
            found.append((line, original))
    for line, original in found:
        for match in original.matches:
            match.undo_payment()
        original.matches = []
        original.take("pair", original.amount_minor, opposite=line)
        line.take("pair", line.amount_minor, opposite=original)
    return held


def _is_returned_by(original: Line, line: Line) -> bool:
    is_of_same_size = original.amount_minor == line.amount_minor
    is_payment = not original.returned and original.is_credit != line.is_credit
    return is_payment and is_of_same_size and original.key == line.returned and original.shows_key


def _is_returnable(match: Match) -> bool:
    payment = match.notice.payment if match.notice else match.payment
    return payment is not None and payment.is_whole


def _show_notices(books: ExpectedBooks, lines: list[Line]) -> dict[Line, str]:
    held = {}
    for line in (each for each in lines if each.is_credit and each.shows_key):
        for notice in books.notices:
            if not (notice.is_open and notice.key == line.key and line.left_minor):
                continue
            if line.matches or line.amount_minor != notice.payment.amount_minor:
                held[line] = "NOTICE_AMOUNT"
                continue
            notice.is_open, notice.payment.is_in_bank = False, True
            line.take("notice", line.amount_minor, notice=notice)
    return held


def _show_refunds(books: ExpectedBooks) -> dict[Line, str]:
    held: dict[Line, str] = {}
    for refund in (each for each in books.refunds if each.is_open):
        named = [
            line for line in books.lines if line.left_minor and line.refund == refund.reference
        ]
        exact = [
            line for line in named if not line.matches and line.amount_minor == refund.amount_minor
        ]
        first_day = min((line.order[0] for line in exact), default="")
        first = [line for line in exact if line.order[0] == first_day]
        if len(first) == 1:
            refund.is_open = False
            first[0].take("refund", refund.amount_minor)
            continue
        held |= dict.fromkeys(named, "BATCH_AMOUNT")
        held |= dict.fromkeys(exact, "AMBIGUOUS_REFERENCE")
    return held

"""A life of one town: what the bank, its gateway and its people do, in any order.

Everything is told to plain sums first, and after every act the books must say what those say.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bank_adapters.vocabulary import Direction, StatementLine
from tests.payment_service.copies import copy_of
from tests.payment_service.use_cases import found_books
from tests.payment_service.use_cases.days import broken, line
from tests.payment_service.use_cases.expected_books import ExpectedBooks
from tests.payment_service.use_cases.expected_nights import pass_night
from tests.payment_service.use_cases.expected_records import Line, Request
from tests.payment_service.use_cases.officers import People, one
from tests.payment_service.use_cases.towns import FEE, MONDAY, Town
from tests.postgres import MovableClock

AMOUNTS = (FEE, FEE, 4_000, 6_000, 13_000, 1_000)
_KINDS = ("named", "named", "nameless", "announced", "return", "refund")


class Lives(RuleBasedStateMachine):
    """One life; `done` counts what happened, and what was rightly refused, over all of them."""

    def __init__(
        self,
        town: Town,
        asked: list[dict[str, Any]],
        attempts: list[str],
        done: Counter[str],
    ) -> None:
        super().__init__()
        self.founded, self.asked, self.attempts, self.done = town, asked, attempts, done
        self.loop, self.stack = asyncio.Runner(), AsyncExitStack()
        self.expected = ExpectedBooks([Request(number, FEE) for number, _ in enumerate(asked)])
        self.day, self.done_by_night = MONDAY, 0
        self.statements: list[tuple[bytes, list[Line]]] = []
        self.admitted = 0
        self.balances_told = {0}
        self.outcomes: dict[tuple[str, int, Request | None, date | None], str] = {}
        """Of each message: the same bytes again are told the same."""

    def do(self, act: Awaitable[Any]) -> Any:
        """Wait for an act."""

        async def wait() -> Any:
            return await act

        return self.loop.run(wait())

    @initialize()
    def begin(self) -> None:
        """Copy the town: every life begins alike."""
        founded, clock = self.founded, MovableClock(self.founded.clock.now)
        address = founded.context.database.engine.url.render_as_string(hide_password=False)
        context = replace(founded.context, clock=clock)
        copied = copy_of(context, address, f"life_{self.done.total()}")
        self.town = replace(
            founded,
            context=self.do(self.stack.enter_async_context(copied)),
            clock=clock,
            bank=replace(founded.bank, written=[]),
        )
        self.people = People(self.town, self.asked, self.expected, self.done, self.do)
        self.done["lives"] += 1

    def teardown(self) -> None:
        """Drop the copy."""
        self.do(self.stack.aclose())
        self.loop.close()

    @rule(data=st.data())
    def something_happens(self, data: st.DataObject) -> None:
        """Let the bank, the gateway, people or the night do something."""
        # One rule that weighs them: on its own the framework leaves rules out for a whole life.
        weights = {
            "bank_writes": 3,
            "bank_announces": 2,
            "gateway_announces": 1,
            "bank_delivers": bool(self.statements),
            "people_act": 4 * bool(self.people.possible_acts),
            "night": 3 * (self.done.total() > self.done_by_night),
        }
        names = [name for name, weight in weights.items() for _ in range(weight)]
        getattr(self, data.draw(st.sampled_from(names)))(data)

    def bank_writes(self, data: st.DataObject) -> None:
        """Let the bank write the next statement and deliver what it wrote, or be late with it."""
        kinds = data.draw(st.lists(st.sampled_from(_KINDS), min_size=1, max_size=4))
        then = data.draw(st.sampled_from(("deliver", "deliver", "deliver", "err", "keep")))
        lines = [self._line(kind, data, place) for place, kind in enumerate(kinds)]
        moved_minor = sum(
            each.amount_minor if each.is_credit else -each.amount_minor for each in lines
        )
        while self.town.bank.balance_minor + moved_minor in self.balances_told:
            # That the statement of a day that moved nothing is late, no later one can show.
            lines.append(Line(f"X{len(self.statements)}-{len(lines)}", 500, is_credit=True))
            moved_minor += 500
        content, _ = self.town.bank.statement(self.day, [self._booked(each) for each in lines])
        self.balances_told.add(self.town.bank.balance_minor)
        self.statements.append((content, lines))
        if then == "err":
            self._import_what_does_not_add_up()
        while then != "keep" and self.admitted < len(self.statements):
            self._deliver(self.admitted)

    def _line(self, kind: str, data: st.DataObject, place: int) -> Line:
        key = f"K{len(self.statements)}-{place}"
        amount_minor = data.draw(st.sampled_from(AMOUNTS))
        request = self._request(data)
        written = [each for _, lines in self.statements for each in lines]
        unseen = [each for each in self.expected.notices
                  if each.key not in {other.key for other in written}]  # fmt: skip
        more_minor = 1_000 * (data.draw(st.integers(0, 3)) == 3)
        if kind == "named":
            return Line(key, amount_minor, is_credit=True, request=request)
        if kind == "announced" and unseen and place == 0:
            notice = one(data, unseen)
            amount_minor = notice.payment.amount_minor + more_minor
            return Line(notice.key, amount_minor, is_credit=True, request=request)
        if kind == "return" and written:
            original = one(data, written)
            return Line(key, original.amount_minor, not original.is_credit, returned=original.key)
        if kind == "refund" and self.expected.refunds:
            refund = one(data, self.expected.refunds)
            amount_minor = refund.amount_minor + more_minor
            return Line(key, amount_minor, is_credit=False, refund=refund.reference)
        return Line(key, amount_minor, is_credit=data.draw(st.booleans()))

    def _request(self, data: st.DataObject) -> Request:
        found: Request = one(data, self.expected.requests)
        return found

    def _booked(self, told: Line) -> StatementLine:
        memo = self.asked[told.request.number]["reference"] if told.request else "khong ro"
        return line(
            told.amount_minor,
            f"hoan tien {told.refund}" if told.refund else memo,
            self.day,
            reference=told.key,
            direction=Direction.CREDIT if told.is_credit else Direction.DEBIT,
            returned=told.returned,
        )

    def bank_delivers(self, data: st.DataObject) -> None:
        """Import any statement: one that is late, too early, or an old one, perhaps reformatted."""
        number = data.draw(st.integers(0, len(self.statements) - 1))
        if number < self.admitted and data.draw(st.booleans()):
            content, _ = self.statements[number]
            assert self._import(content + b"\r\n") == ("quarantined", "OVERLAP_CONFLICT")
            self.done["statement reformatted"] += 1
        else:
            self._deliver(number)

    def _deliver(self, number: int) -> None:
        content, lines = self.statements[number]
        is_early, is_next = number > self.admitted, number == self.admitted
        expected = ("quarantined", "GAP") if is_early else ("admitted", "")
        found = self._import(content)
        assert found == expected, (found, expected)
        self.done[f"statement {'early' if is_early else 'next' if is_next else 'again'}"] += 1
        if is_next:
            self.admitted += 1
            orders = self.do(found_books.orders(self.town))
            for each in lines:
                each.order = orders[each.key]
            self.expected.lines += lines

    def _import_what_does_not_add_up(self) -> None:
        content, _ = self.statements[self.admitted]
        head, closing, tail = content.partition(b":62F:")
        wrong = head + closing + tail[:10] + b"9" + tail[10:]
        assert self._import(wrong) == ("quarantined", "PROOF_FAILED")
        self.done["statement wrong"] += 1

    def _import(self, content: bytes) -> tuple[str, str]:
        answer = self.do(self.town.take((content, self.town.bank.sign(content))))
        [told] = answer["statements"]
        return told["verdict"], told["reason_code"]

    def bank_announces(self, data: st.DataObject) -> None:
        """Deliver a bank's notice: of new money, of a line that is there or comes, or again."""
        written = {each.key: each.amount_minor for _, lines in self.statements for each in lines
                   if each.is_credit}  # fmt: skip
        known = written | {each.key: each.payment.amount_minor for each in self.expected.notices}
        key = data.draw(st.sampled_from([f"N{len(self.expected.notices)}", *known]))
        amount_minor = data.draw(st.sampled_from([known.get(key, FEE), *AMOUNTS]))
        request = self._request(data) if data.draw(st.integers(0, 3)) else None
        memo = self.asked[request.number]["reference"] if request else "khong ro"
        said = (key, amount_minor, request, self.day)
        if said not in self.outcomes:
            self.outcomes[said] = self.expected.notify(key, amount_minor, request)
        expected = self.outcomes[said]
        found = self.do(self.town.notify(memo, amount_minor, key, self.day))
        assert found == expected, (found, expected)
        self.done[f"bank notice {expected}"] += 1

    def gateway_announces(self, data: st.DataObject) -> None:
        """Deliver a gateway's notice, perhaps again, perhaps of another amount."""
        amount_minor = data.draw(st.sampled_from(AMOUNTS))
        number = data.draw(st.integers(0, 2))
        request = self._request(data)
        key = f"77{request.number}{number}"
        said = (key, amount_minor, request, None)
        if said not in self.outcomes:
            self.outcomes[said] = self.expected.hear_gateway(key, amount_minor, request)
        expected = self.outcomes[said]
        attempt = self.attempts[request.number]
        found = self.do(self.town.ipn(attempt, amount_minor, key))
        assert found == expected, (found, expected)
        self.done[f"gateway notice {expected}"] += 1

    def night(self, _data: st.DataObject) -> None:
        """Let the night of the day pass."""
        pass_night(self.expected)
        self.do(self.town.night(self.day))
        self.day += timedelta(days=1)
        self.done["night"] += 1
        self.done_by_night = self.done.total()

    def people_act(self, data: st.DataObject) -> None:
        """Let two people do one thing."""
        possible = self.people.possible_acts
        possible[data.draw(st.sampled_from(sorted(possible)))](data)

    @invariant()
    def books_are_sound(self) -> None:
        """See that the books are sound and say what they must."""
        if self.done.total():
            self.town.clock.advance(seconds=1)
            found = self.do(found_books.read(self.town, self.asked))
            told = found_books.told(self.expected)
            differing = {
                key: (value, told[key]) for key, value in found.items() if value != told[key]
            }
            assert not differing, differing
            unsound = self.do(broken(self.town.context))
            assert unsound == {}, unsound

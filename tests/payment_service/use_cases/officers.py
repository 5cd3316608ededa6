"""What two people may do about lines, matches, surplus and requests, told to plain sums as well."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from payment_service.domain.errors import Invalid, StateConflict
from payment_service.domain.resolution import Act, Part
from payment_service.use_cases.cancel_request import cancel_request
from reconciliation.breaks import BREAK_RULES, BreakCode, Resolution
from tests.payment_service.use_cases import found_books
from tests.payment_service.use_cases.expected_books import ExpectedBooks
from tests.payment_service.use_cases.expected_records import Line, Payment, RefusedError, Request
from tests.payment_service.use_cases.proposals import (
    ask_refund,
    carry_out,
    due_part,
    line_of,
    line_part,
    proposed,
    undoing,
)
from tests.payment_service.use_cases.towns import Town


def one(data: st.DataObject, options: Sequence[Any]) -> Any:
    """Draw one of these by its place: a failing life is told in small numbers."""
    return options[data.draw(st.integers(0, len(options) - 1))]


@dataclass(slots=True)
class People:
    """Two people of a town; `do` waits for what they do, `done` counts it."""

    town: Town
    asked: list[dict[str, Any]]
    expected: ExpectedBooks
    done: Counter[str]
    do: Callable[[Awaitable[Any]], Any]

    @property
    def possible_acts(self) -> dict[str, Callable[[st.DataObject], None]]:
        """What there is something to do about; some of it must be refused."""
        requests, payments = self.expected.requests, self.expected.payments
        possible = {
            self.match_by_hand: self._lines_for(Act.MATCH_BY_HAND),
            self.undo: any(each.matches for each in self.expected.lines),
            self.write_off: self._lines_for(Act.WRITE_OFF),
            self.book_as_charge: self._lines_for(Act.BOOK_AS_CHARGE),
            self.write_surplus_off: any(each.surplus_minor for each in payments),
            self.refund_surplus: any(each.surplus_minor for each in payments),
            self.take_surplus_back: any(each.written_off_minor for each in payments),
            self.refund_line: self._lines_for(Act.REFUND),
            self.take_refund_back: self.expected.refunds,
            self.refund_part: any(each.paid_minor % each.amount_minor for each in requests),
            self.cancel: not all(each.is_covered or each.is_cancelled for each in requests),
        }
        return {act.__name__: act for act, is_possible in possible.items() if is_possible}

    def _lines_for(self, act: Act) -> list[Line]:
        return [
            each
            for each in self.expected.lines
            if each.code and Resolution(act.value) in BREAK_RULES[BreakCode(each.code)].resolutions
        ]

    def _act(self, name: str, doing: Awaitable[Any], *telling: Any) -> bool:
        """Do what plain sums allow, or see it refused; return whether it was done."""
        tell, *told = telling
        try:
            tell(*told)
        except RefusedError:
            name += " refused"
        try:
            self.do(doing)
        except (StateConflict, Invalid):
            assert name.endswith("refused"), f"{name} was refused"
        else:
            assert not name.endswith("refused"), f"{name}, but it was done"
        self.done[name] += 1
        return not name.endswith("refused")

    def match_by_hand(self, data: st.DataObject) -> None:
        """Take a line for one or more requests, too little or too much."""
        chosen = one(data, self._lines_for(Act.MATCH_BY_HAND))
        requests = data.draw(st.lists(st.integers(0, len(self.asked) - 1), unique=True, min_size=1))
        paid = {match.payment.request for match in chosen.matches if match.payment}
        named = [self.expected.requests[number] for number in requests]
        amounts = st.sampled_from([chosen.left_minor // len(named), 4_000, 1_000])
        parts = [(each, data.draw(amounts)) for each in named if each not in paid]
        if parts:
            doing = self._match(chosen, parts)
            self._act("match by hand", doing, self.expected.match_by_hand, chosen, parts)

    async def _match(self, chosen: Line, parts: list[tuple[Request, int]]) -> None:
        line_id = await line_of(self.town, chosen.key)
        dues = [
            await due_part(self.town, line_id, self.asked[each.number], minor)
            for each, minor in parts
        ]
        await carry_out(self.town, await proposed(self.town, Act.MATCH_BY_HAND, line_id, *dues))

    def undo(self, data: st.DataObject) -> None:
        """Undo a match of a line."""
        matched = [(each, match) for each in self.expected.lines for match in each.matches]
        chosen, match = one(data, matched)
        group_id = self.do(found_books.group_of(self.town, chosen, match, self.asked))
        self._act(f"undo {match.kind}", self._undo(group_id), self.expected.undo, chosen, match)

    async def _undo(self, group_id: UUID) -> None:
        await carry_out(self.town, await undoing(self.town, group_id))

    def write_off(self, data: st.DataObject) -> None:
        """Give what is left of a line to the budget."""
        self._explain_whole(data, Act.WRITE_OFF, "write_off")

    def book_as_charge(self, data: st.DataObject) -> None:
        """Book what is left of a line as the bank's own."""
        self._explain_whole(data, Act.BOOK_AS_CHARGE, "charge")

    def _explain_whole(self, data: st.DataObject, act: Act, kind: str) -> None:
        chosen = one(data, self._lines_for(act))
        self._act(kind, self._whole(act, chosen), self.expected.explain_whole, chosen, kind)

    async def _whole(self, act: Act, chosen: Line) -> None:
        line_id = await line_of(self.town, chosen.key)
        part = await line_part(self.town, line_id)
        await carry_out(self.town, await proposed(self.town, act, line_id, part))

    def _with_surplus(self, data: st.DataObject) -> tuple[Payment, Any]:
        found = [each for each in self.expected.payments if each.surplus_minor]
        chosen = one(data, found)
        return chosen, self.do(found_books.surplus_of(self.town, chosen, self.asked))

    def write_surplus_off(self, data: st.DataObject) -> None:
        """Give surplus to the budget."""
        chosen, surplus = self._with_surplus(data)
        part = Part(
            item_id=surplus.item_id,
            item_version=surplus.version,
            amount_minor=chosen.surplus_minor,
        )
        self._act("write off surplus", self._propose(part), self.expected.write_off, chosen)

    async def _propose(self, part: Part) -> None:
        assert part.item_id
        await carry_out(self.town, await proposed(self.town, Act.WRITE_OFF, part.item_id, part))

    def take_surplus_back(self, data: st.DataObject) -> None:
        """Undo a write-off of surplus."""
        found = [each for each in self.expected.payments if each.written_off_minor]
        chosen = one(data, found)
        group_id = self.do(found_books.surplus_write_off_of(self.town, chosen, self.asked))
        self._act(
            "undo write-off of surplus", self._undo(group_id), self.expected.take_back, chosen
        )

    def refund_surplus(self, data: st.DataObject) -> None:
        """Order the refund of surplus."""
        chosen, surplus = self._with_surplus(data)
        self._order("surplus", surplus.item_id, self.expected.refund_surplus, chosen)

    def refund_part(self, data: st.DataObject) -> None:
        """Order the refund of a part payment."""
        part = one(data, self.do(found_books.part_payments(self.town)))
        [request] = [
            each
            for each in self.expected.requests
            if self.asked[each.number]["request_id"] == part.request_id
        ]
        own = [each for each in request.payments if each.key == part.key]
        told = (request, part.residual_minor, own[0] if own else None)
        self._order("part", part.item_id, self.expected.refund_part, *told)

    def _order(self, name: str, item_id: UUID, *telling: Any) -> None:
        if self._act(f"refund {name}", self._refund(item_id), *telling):
            self.expected.refunds[-1].reference = self.do(found_books.last_refund(self.town))

    def refund_line(self, data: st.DataObject) -> None:
        """Order what is open of a line back."""
        chosen = one(data, self._lines_for(Act.REFUND))
        doing = self._whole(Act.REFUND, chosen)
        if self._act("refund line", doing, self.expected.refund_line, chosen):
            self.expected.refunds[-1].reference = self.do(found_books.last_refund(self.town))

    def take_refund_back(self, data: st.DataObject) -> None:
        """Undo the order of a refund; of a line it is undone as any match of it."""
        chosen = one(data, self.expected.refunds)
        if not chosen.is_of_line:
            group_id = self.do(found_books.order_of(self.town, chosen))
            doing = self._undo(group_id)
            self._act("undo refund order", doing, self.expected.take_refund_back, chosen)

    async def _refund(self, item_id: UUID) -> None:
        officer = self.town.officer
        await self.town.approve(await ask_refund(self.town.context, officer, item_id, "x"))

    def cancel(self, data: st.DataObject) -> None:
        """Withdraw a request, now and then: nothing much happens to it afterwards."""
        if data.draw(st.integers(0, 3)):
            return
        request = one(data, self.expected.requests)
        request_id = UUID(self.asked[request.number]["request_id"])
        doing = cancel_request(self.town.context, request_id, self.town.client_id, "doi y")
        self._act("cancel", doing, self.expected.cancel, request)

"""What the books must say, by lists and sums: no SQL, no engine, no code of the service.

It knows no journal either: a balance is what the lines, notices, requests and refunds add up to.
"""

from dataclasses import dataclass, field

from tests.payment_service.use_cases.expected_records import (
    Line,
    Match,
    Notice,
    Payment,
    Refund,
    RefusedError,
    Request,
)


@dataclass(slots=True)
class ExpectedBooks:
    """Everything known to happen, and what follows from it."""

    requests: list[Request]
    lines: list[Line] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    gateway: list[Payment] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    declared_minor: int = 0

    @property
    def payments(self) -> list[Payment]:
        """Every payment that stands."""
        by_lines = [match.payment for line in self.lines for match in line.matches]
        by_notices = [notice.payment for notice in self.notices]
        return [payment for payment in (*by_lines, *by_notices, *self.gateway) if payment]

    def notify(self, key: str, amount_minor: int, request: Request | None) -> str:
        """Take a bank's notice; return its outcome."""
        for notice in self.notices:
            if notice.key == key:
                return _again(notice.payment.amount_minor, amount_minor)
        for line in self.lines:
            if line.key == key and line.is_credit and line.matches:
                return _again(line.amount_minor, amount_minor)
        payment = Payment(key, amount_minor, request, is_in_bank=False)
        self.notices.append(Notice(key, payment))
        return _placed(payment)

    def hear_gateway(self, key: str, amount_minor: int, request: Request) -> str:
        """Take a gateway's notice; return its outcome."""
        for payment in self.gateway:
            if payment.key == key:
                return _again(payment.amount_minor, amount_minor)
        self.gateway.append(Payment(key, amount_minor, request, is_in_bank=False))
        return _placed(self.gateway[-1])

    def match_by_hand(self, line: Line, parts: list[tuple[Request, int]]) -> None:
        """Take parts of a credit for requests."""
        if not line.is_credit or sum(minor for _, minor in parts) > line.left_minor:
            raise RefusedError
        for request, amount_minor in parts:
            line.pay(request, amount_minor)

    def undo(self, line: Line, match: Match) -> None:
        """Undo one match of a line, if people may and its money is where it was."""
        if match.notice or match.kind == "refund":
            raise RefusedError
        if match.refund:
            self.take_refund_back(match.refund)
        if match.payment:
            if not match.payment.is_whole:
                raise RefusedError
            match.payment.undo()
            line.is_off_its_due = True
        for each in [line, match.opposite] if match.opposite else [line]:
            each.matches = [
                other
                for other in each.matches
                if other is not match and not (match.opposite and other.kind == "pair")
            ]
            each.is_off_itself |= match.kind in {"pair", "charge"}
            each.code = "TAKEN_APART"

    def explain_whole(self, line: Line, kind: str) -> None:
        """Write off what is left of a line, or book it as the bank's own (a charge)."""
        if kind == "write_off" and not line.is_credit:
            raise RefusedError
        line.take(kind, line.left_minor)

    def write_off(self, payment: Payment) -> None:
        """Give the surplus of a payment to the budget, unless nobody knows what it was for."""
        if payment.request is None:
            raise RefusedError
        payment.written_off_minor, payment.surplus_minor = payment.surplus_minor, 0

    def take_back(self, payment: Payment) -> None:
        """Undo that."""
        payment.surplus_minor, payment.written_off_minor = payment.written_off_minor, 0

    def refund_line(self, line: Line) -> None:
        """Order what is open of a credit back."""
        if not line.is_credit:
            raise RefusedError
        self.refunds.append(Refund(line.left_minor, is_of_line=True))
        line.take("refund_ordered", line.left_minor, refund=self.refunds[-1])

    def refund_surplus(self, payment: Payment) -> None:
        """Order a payment's surplus back."""
        self.refunds.append(Refund(payment.surplus_minor, payment))
        payment.surplus_minor = 0

    def take_refund_back(self, refund: Refund) -> None:
        """Take the order back while no line shows it: not of a part, whose due is open again."""
        if not refund.is_open or not (refund.payment or refund.is_of_line):
            raise RefusedError
        refund.is_open = False
        if refund.payment:
            refund.payment.surplus_minor += refund.amount_minor

    def refund_part(self, request: Request, amount_minor: int, payment: Payment | None) -> None:
        """Take a part payment off its request: what is held stands for one payment or for all."""
        stands_for = [payment] if payment and payment.taken_minor else request.payments
        if sum(each.taken_minor for each in stands_for) != amount_minor:
            raise RefusedError
        for each in stands_for:
            each.taken_minor = 0
        self.refunds.append(Refund(amount_minor))

    def cancel(self, request: Request) -> None:
        """Withdraw a request that nobody paid for."""
        if request.paid_minor:
            raise RefusedError
        request.is_cancelled = True

    def balances(self) -> dict[str, int]:
        """Return debit less credit of each account; the shares of declared fees as one."""
        taken = [match for line in self.lines for match in line.matches]
        covered_minor = sum(each.amount_minor for each in self.requests if each.is_covered)
        written_off_minor = sum(each.amount_minor for each in taken if each.kind == "write_off")
        written_off_minor += sum(each.written_off_minor for each in self.payments)
        charges = [(line, match) for line in self.lines for match in line.matches
                   if match.kind == "charge"]  # fmt: skip
        found = {
            "bank": sum(_signed(line, line.amount_minor) for line in self.lines),
            "suspense": -sum(_signed(line, line.left_minor) for line in self.lines),
            "notices_in_transit": sum(
                notice.payment.amount_minor for notice in self.notices if notice.is_open
            ),
            "gateway_clearing": sum(payment.amount_minor for payment in self.gateway),
            "part_payments_held": -sum(
                each.paid_minor for each in self.requests if not each.is_covered
            ),
            "surplus_to_return": -sum(each.surplus_minor for each in self.payments),
            "refunds_payable": -sum(each.amount_minor for each in self.refunds if each.is_open),
            "fees_collected": self.declared_minor - covered_minor,
            "declared": -self.declared_minor - written_off_minor,
            "interest_due": -sum(match.amount_minor for line, match in charges if line.is_credit),
            "costs_recoverable": sum(
                match.amount_minor for line, match in charges if not line.is_credit
            ),
        }
        return {account: minor for account, minor in found.items() if minor}


def _signed(line: Line, amount_minor: int) -> int:
    return amount_minor if line.is_credit else -amount_minor


def _again(known_minor: int, amount_minor: int) -> str:
    return "already_recorded" if amount_minor == known_minor else "amount_differs"


def _placed(payment: Payment) -> str:
    request = payment.request
    open_minor = request.left_minor if request else 0
    payment.place()
    if request is None:
        return "unknown_reference"
    if not open_minor:
        return "already_covered"
    return "recorded" if open_minor == payment.amount_minor else "amount_differs"

"""What the books must say, by lists and sums: no SQL, no engine, no code of the service.

It knows no journal either: a balance is what the lines, notices, requests and refunds add up to.
"""

from dataclasses import dataclass, field


class RefusedError(Exception):
    """The books must not do this as they stand."""


@dataclass(eq=False, slots=True)
class Request:
    """What was asked for, and the payments that name it."""

    number: int
    amount_minor: int
    is_cancelled: bool = False
    payments: list["Payment"] = field(default_factory=list)

    @property
    def paid_minor(self) -> int:
        """What its payments cover."""
        return sum(payment.taken_minor for payment in self.payments)

    @property
    def is_covered(self) -> bool:
        """Whether nothing is left to pay."""
        return self.paid_minor == self.amount_minor

    @property
    def left_minor(self) -> int:
        """What it still takes."""
        return 0 if self.is_cancelled else self.amount_minor - self.paid_minor


@dataclass(eq=False, slots=True, repr=False)
class Payment:
    """Money for a request or for nobody: what the request takes of it, the rest is surplus."""

    key: str
    amount_minor: int
    request: Request | None
    is_in_bank: bool
    taken_minor: int = 0
    surplus_minor: int = 0
    written_off_minor: int = 0

    def __repr__(self) -> str:
        return f"{self.key} pays {self.amount_minor}"

    def place(self) -> None:
        """Give the request what it still takes."""
        if self.request is not None:
            self.taken_minor = min(self.request.left_minor, self.amount_minor)
            self.request.payments.append(self)
        self.surplus_minor = self.amount_minor - self.taken_minor

    @property
    def is_whole(self) -> bool:
        """Whether all of it is still where it was placed."""
        return self.taken_minor + self.surplus_minor == self.amount_minor

    def undo(self) -> None:
        """Take it off its request."""
        if self.request is not None:
            self.request.payments.remove(self)
        self.taken_minor = self.surplus_minor = 0


@dataclass(eq=False, slots=True)
class Notice:
    """A credit that the bank announced; open until a line shows it."""

    key: str
    payment: Payment
    is_open: bool = True


@dataclass(eq=False, slots=True)
class Refund:
    """A refund that two people ordered; open until a line shows it."""

    reference: str
    amount_minor: int
    is_open: bool = True


@dataclass(eq=False, slots=True, repr=False)
class Match:
    """What an amount of a line was taken for."""

    kind: str
    amount_minor: int
    payment: Payment | None = None
    notice: Notice | None = None
    opposite: "Line | None" = None

    def __repr__(self) -> str:
        return f"{self.kind} {self.amount_minor}"

    def undo_payment(self) -> None:
        """Take off its request what it paid, or announced to have paid."""
        if self.payment:
            self.payment.undo()
        if self.notice:
            self.notice.payment.undo()


@dataclass(eq=False, slots=True, repr=False)
class Line:
    """One booked line; `order` sorts lines as the bank's file told them apart."""

    key: str
    amount_minor: int
    is_credit: bool
    request: Request | None = None
    returned: str = ""
    refund: str = ""
    order: tuple[str, ...] = ()
    matches: list[Match] = field(default_factory=list)
    code: str = ""
    is_off_its_due: bool = False
    is_off_itself: bool = False

    def __repr__(self) -> str:
        return f"{self.key} of {self.amount_minor}"

    @property
    def left_minor(self) -> int:
        """What nothing explains yet."""
        return self.amount_minor - sum(match.amount_minor for match in self.matches)

    @property
    def shows_key(self) -> bool:
        """Whether nights may use the bank's keys: not once people parted it from its pair."""
        return not (self.is_off_itself and self.left_minor)

    def take(self, kind: str, amount_minor: int, **other: object) -> None:
        """Explain an amount of it."""
        self.matches.append(Match(kind, amount_minor, **other))  # type: ignore[arg-type] # by name
        if not self.left_minor:
            self.code = ""

    def pay(self, request: Request, amount_minor: int) -> None:
        """Take an amount of it as a payment."""
        payment = Payment(self.key, amount_minor, request, is_in_bank=True)
        payment.place()
        self.take("payment", amount_minor, payment=payment)


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

    def refund_surplus(self, payment: Payment) -> None:
        """Order the refund of a payment's surplus."""
        payment.surplus_minor = 0

    def refund_part(self, request: Request, amount_minor: int, payment: Payment | None) -> None:
        """Take a part payment off its request: what is held stands for one payment or for all."""
        stands_for = [payment] if payment and payment.taken_minor else request.payments
        if sum(each.taken_minor for each in stands_for) != amount_minor:
            raise RefusedError
        for each in stands_for:
            each.taken_minor = 0

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

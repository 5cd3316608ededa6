"""What the expected books are made of: requests, payments, notices, refunds, lines, matches."""

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
    """A refund that two people ordered: of a line, of surplus (`payment`), or of a part payment.

    Open until a line shows it or people take the order back.
    """

    amount_minor: int
    payment: Payment | None = None
    is_of_line: bool = False
    reference: str = ""
    is_open: bool = True


@dataclass(eq=False, slots=True, repr=False)
class Match:
    """What an amount of a line was taken for."""

    kind: str
    amount_minor: int
    payment: Payment | None = None
    notice: Notice | None = None
    opposite: "Line | None" = None
    refund: Refund | None = None

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

"""The unit's staff at their pages: they register accounts, approve, bring statements, return money.

They see only what the pages show; every form carries the token of its session.
"""

import html
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final
from urllib.parse import urlencode

from payment_service.simulation.bank import StatementFile
from payment_service.simulation.http_client import Answer, Transport
from payment_service.simulation.places import Officer, Place
from payment_service.simulation.stage import Surprise, require

_FORM_TOKEN: Final = re.compile(r'name="form_token"\s+value="([^"]+)"')
_ID: Final = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_APPROVAL: Final = re.compile(rf'action="/staff/approvals/({_ID})')
_BREAK: Final = re.compile(rf'href="/staff/breaks/({_ID})')
_STATEMENT: Final = re.compile(rf'href="/staff/statements/({_ID})')
_HIDDEN: Final = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
_OFFICER, _APPROVER = "finance_officer", "approver"
_FORM: Final = "application/x-www-form-urlencoded"
_BOUNDARY: Final = "a-statement-file-follows"
_OK, _SEE_OTHER = 200, 303


class Officers:
    """A finance officer and an approver; `arrive` comes first, each day."""

    def __init__(self, transport: Transport, people: Sequence[Officer]) -> None:
        self._transport = transport
        self._people = {person.role: person for person in people}
        self._cookies: dict[str, str] = {}
        self._tokens: dict[str, str] = {}

    async def arrive(self) -> None:
        """Log in, everybody; yesterday's sessions are worth nothing."""
        for role, person in self._people.items():
            fields = {"username": person.username, "password": person.password}
            body = urlencode(fields).encode()
            answer = await self._post(role, "/staff/login", _FORM, body)
            cookie = require(answer, _SEE_OTHER, "logging in").header("set-cookie")
            self._cookies[role] = cookie.partition(";")[0]
            found = _FORM_TOKEN.search(await self._read(role, "/staff/approvals"))
            if found is None:
                raise Surprise("the officers' pages carry no form token")
            self._tokens[role] = found[1]

    async def register_account(self, place: Place, decision_number: str, opening_on: date) -> None:
        """Propose a unit's collection account."""
        await self._send(
            _OFFICER,
            "/staff/accounts",
            {
                "unit_code": place.unit_code,
                "bank_bin": place.bank_bin,
                "account_number": place.account_number,
                "holder_name": f"UBND {place.unit_code}",
                "decision_number": decision_number,
                "opening_balance": str(place.balance_minor),
                "opening_on": opening_on.isoformat(),
            },
        )

    async def approve_everything(self) -> int:
        """Approve all that waits; return how much that was."""
        page = await self._read(_APPROVER, "/staff/approvals")
        waiting = list(dict.fromkeys(_APPROVAL.findall(page)))
        for approval_id in waiting:
            await self._approve(approval_id)
        return len(waiting)

    async def bring(self, file: StatementFile) -> None:
        """Bring an unsigned statement."""
        head = (
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="form_token"\r\n\r\n'
            f"{self._tokens[_OFFICER]}\r\n"
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="files"; '
            f'filename="{file.name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
        )
        body = head.encode() + file.content + f"\r\n--{_BOUNDARY}--\r\n".encode()
        kind = f"multipart/form-data; boundary={_BOUNDARY}"
        answer = await self._post(_OFFICER, "/staff/statements", kind, body)
        require(answer, _SEE_OTHER, f"bringing {file.name}")

    async def bring_and_confirm(self, file: StatementFile) -> None:
        """Bring an unsigned statement; a second person confirms it from the bank's screen."""
        await self.bring(file)
        page = await self._read(_APPROVER, "/staff/statements")
        rows = [row for row in page.split("<tr") if file.place.account_number in row]
        found = [_STATEMENT.search(row) for row in rows if file.number in row]
        if not found or found[0] is None:
            raise Surprise(f"the statement {file.name} is not on the page")
        await self._send(
            _APPROVER,
            f"/staff/statements/{found[0][1]}/confirmation",
            {"closing_balance": str(file.closing_minor), "line_count": str(file.line_count)},
        )

    async def return_money(self, unit_code: str, payment_reference: str) -> str:
        """Ask for and approve the return of what is held or too much; return the order's reference.

        Raises `Surprise` when the pages show no such money.
        """
        note = f"Tra lai tien nop {payment_reference}"
        page = await self._read(_OFFICER, f"/staff/breaks?unit={unit_code}")
        for break_id in dict.fromkeys(_BREAK.findall(page)):
            found = await self._read(_OFFICER, f"/staff/breaks/{break_id}")
            path = f"/staff/breaks/{break_id}/refund"
            if payment_reference in found and path in found:
                await self._ask(path, {"reason": "payer_asks", "note": note})
                break
        else:
            raise Surprise(f"no page offers to return the money of {payment_reference}")
        approvals = await self._read(_APPROVER, "/staff/approvals")
        for row in approvals.split("<tr"):
            if note in row and (approval := _APPROVAL.search(row)):
                await self._approve(approval[1])
                return f"HOAN{approval[1].replace('-', '')[-12:].upper()}"
        raise Surprise(f"the refund for {payment_reference} does not wait for approval")

    async def _ask(self, path: str, typed: Mapping[str, str]) -> None:
        """Look at what an act will post, then ask for exactly this."""
        fields = dict(typed) | _hidden(await self._read(_OFFICER, path))
        body = urlencode({**fields, "step": "preview", "form_token": self._tokens[_OFFICER]})
        looked = await self._post(_OFFICER, path, _FORM, body.encode())
        seen = _hidden(require(looked, _OK, f"the form {path}").body.decode())
        await self._send(_OFFICER, path, {**fields, **seen, "step": "ask"})

    async def _approve(self, approval_id: str) -> None:
        await self._send(_APPROVER, f"/staff/approvals/{approval_id}", {"decision": "approve"})

    async def _send(self, role: str, path: str, fields: Mapping[str, str]) -> None:
        body = urlencode({**fields, "form_token": self._tokens[role]}).encode()
        require(await self._post(role, path, _FORM, body), _SEE_OTHER, f"the form {path}")

    async def _post(self, role: str, path: str, kind: str, body: bytes) -> Answer:
        headers = (("Content-Type", kind), ("Cookie", self._cookies.get(role, "")))
        return await self._transport.send("POST", path, headers=headers, body=body)

    async def _read(self, role: str, path: str) -> str:
        headers = (("Cookie", self._cookies[role]),)
        answer = await self._transport.send("GET", path, headers=headers)
        return require(answer, _OK, f"the page {path}").body.decode()


def _hidden(page: str) -> dict[str, str]:
    """Return the hidden fields of the last form of a page, as a browser sends them."""
    found = _HIDDEN.findall(page.rpartition("<form")[2])
    return {name: html.unescape(value) for name, value in found if name != "form_token"}

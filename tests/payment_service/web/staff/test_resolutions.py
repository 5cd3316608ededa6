"""An officer clears a break at the pages: finds, looks ahead, asks; another sees it and decides."""

import re

import httpx
import pytest

from payment_service.context import Context
from tests.builders import add_officers, ask_payment, issue_client, open_account, open_endpoint
from tests.payment_service.use_cases.days import Bank, broken
from tests.payment_service.web.staff.browser import add_auditor, logged_in, words
from tests.payment_service.web.staff.clearing import (
    amounts,
    ask_for,
    decide,
    hidden,
    line_of_break,
    undoings,
    unexplained,
)
from tests.payment_service.web.staff.test_books import Office

pytestmark = pytest.mark.anyio


@pytest.fixture
async def office(context: Context, client: httpx.AsyncClient) -> Office:
    account_id = await open_account(context, *await add_officers(context))
    bank = Bank(opened=await open_endpoint(context, account_id, "rsabank"))
    client_id, _ = await issue_client(context)
    return Office(await logged_in(client, "lan"), await logged_in(client, "minh"), bank, client_id)


async def test_a_line_is_split_at_the_pages_and_taken_apart_again(
    context: Context, office: Office
) -> None:
    one, two = [
        await ask_payment(context, office.client_id, dossier_code=f"H24.11-{n}") for n in (1, 2)
    ]
    path = await unexplained(context, office, 25_000)
    assert "Khớp tay với khoản phải nộp" in words(await office.lan.get(path))
    find = f"{one['reference'].lower()}, h24.11-2 khong-co"
    page = await office.lan.get(f"{path}/match_by_hand?find={find.replace(' ', '+')}")
    label = f"Số tiền lấy từ dòng này (đồng, để trống nếu không dùng) {one['reference']}"
    due = f"{one['reference']} Phường Ngô Quyền H24.11-1 {label} 10.000 đồng 10.000 đồng"
    assert due in words(page)
    names = amounts(page)
    typed = {
        **hidden(page), names[0]: "10000", names[1]: "10000", "reason": "several_dossiers",
        "note": "Giấy nộp tiền số 7",
    }  # fmt: skip
    looked = await office.lan.post(f"{path}/match_by_hand", **typed, step="preview")
    assert "Tiền chưa giải thích 20.000 đồng" in words(looked)
    assert "Phí, lệ phí đã thu chung-thuc-chu-ky 20.000 đồng" in words(looked)
    unseen = await office.lan.post(f"{path}/match_by_hand", **typed, step="ask")
    assert unseen.status_code == 200
    assert "Không có đề nghị nào" in words(await office.minh.get("/staff/approvals"))
    asked = await office.lan.post(f"{path}/match_by_hand", **typed | hidden(looked), step="ask")
    assert asked.headers["location"] == f"{path}?done=resolution"
    assert "đang chờ người khác duyệt" in words(await office.lan.get(path))
    approvals = words(await office.minh.get("/staff/approvals"))
    assert (
        f"10.000 đồng của dòng ngày 23/11/2026 → khoản {two['reference']}, hồ sơ H24.11-2"
        in approvals
    )
    assert "Tiền chưa giải thích 20.000 đồng" in approvals
    assert "Một lần chuyển cho nhiều hồ sơ, theo xác nhận của người nộp Giấy nộp" in approvals
    assert (await decide(office.minh, "approve")).status_code == 303
    rest = await office.first("/staff/breaks")
    assert "5.000 đồng" in words(await office.lan.get(rest))
    line_path = await line_of_break(office, rest)
    shown = await office.lan.get(line_path)
    assert "lan đề nghị, minh duyệt: Một lần chuyển cho nhiều hồ sơ" in words(shown)
    path, _ = undoings(shown)
    page = await office.lan.post(path, reason="wrong_request", step="preview")
    assert "Phí, lệ phí đã thu chung-thuc-chu-ky 10.000 đồng" in words(page)
    assert (await ask_for(office.lan, path, {"reason": "wrong_request"})).status_code == 303
    assert "– Khớp tay" in words(await office.minh.get("/staff/approvals"))
    assert (await decide(office.minh, "approve")).status_code == 303
    assert "Đã gỡ" in words(await office.lan.get(line_path))
    assert "Cán bộ đã gỡ khớp dòng 15.000 VND" in words(
        await office.lan.get(await office.first("/staff/breaks"))
    )
    assert await broken(context) == {}


async def test_a_surplus_is_returned_by_two_people(context: Context, office: Office) -> None:
    asked = await ask_payment(context, office.client_id)
    path = await unexplained(context, office, 15_000, narrative=asked["reference"])
    assert "Hoàn trả tiền" in words(await office.lan.get(path))
    form = {**hidden(await office.lan.get(f"{path}/refund")), "note": "Người nộp chuyển thừa"}
    for reason in ("", "  ", "x" * 501):
        refused = await office.lan.post(f"{path}/refund", **form, reason=reason, step="preview")
        assert refused.status_code == 422
    for reason, sentence in (("bank_advice", "chọn một lý do"), ("write_off", "chọn một lý do")):
        refused = await office.lan.post(f"{path}/refund", **form, reason=reason, step="preview")
        assert sentence in words(refused)
    form |= {"reason": "paid_twice"}
    answer = await ask_for(office.lan, f"{path}/refund", form)
    assert answer.headers["location"] == f"{path}?done=resolution"
    page = words(await office.lan.get(path))
    assert "đang chờ người khác duyệt" in page
    assert "Nguyễn Thị Lan đề nghị: Đã nộp rồi hoặc nộp quá số phải nộp (5.000 đồng)" in page
    looked = await office.lan.post(f"{path}/refund", **form, step="preview")
    again = await office.lan.post(f"{path}/refund", **form | hidden(looked), step="ask")
    assert again.status_code == 409
    approvals = words(await office.minh.get("/staff/approvals"))
    assert f"5.000 đồng, {asked['reference']}, Hồ sơ" in approvals
    assert "Hoàn trả phải trả 5.000 đồng" in approvals
    assert (await decide(office.minh, "approve")).status_code == 303
    shown = await office.lan.get(path)
    assert "Trần Văn Minh – duyệt" in words(shown)
    [key] = re.findall(r'data-copy="(HOAN[0-9A-F]{12})"', shown.text)
    unknown = f"mã này {key} Chép Số tiền 5.000 đồng Chép Tài khoản nhận chưa biết"
    for answer in (shown, await office.lan.get("/staff/approvals")):
        assert unknown in words(answer)
        assert "Trước khi lập lệnh, hỏi kế toán xem đã chuyển khoản này chưa." in words(answer)
    assert f"{path}/refund" not in shown.text
    [undo_path] = undoings(shown)
    assert (await ask_for(office.lan, undo_path, {"reason": "wrong_act"})).status_code == 303
    assert (await decide(office.minh, "approve")).status_code == 303
    assert "5.000 đồng" in words(await office.lan.get(await office.first("/staff/breaks")))
    assert await broken(context) == {}


async def test_small_acts_at_the_pages(context: Context, office: Office) -> None:
    path = await unexplained(context, office, 15_000)
    for act, name, reason in (
        ("write_off", "Phải nộp ngân sách 805/4949", "nobody_found"),
        ("book_as_charge", "Lãi tiền gửi chờ kê khai", "bank_advice"),
    ):
        form = hidden(await office.lan.get(f"{path}/{act}")) | {"reason": reason}
        page = await office.lan.post(f"{path}/{act}", **form, step="preview")
        assert f"{name} 15.000 đồng" in words(page)
        assert (await ask_for(office.lan, f"{path}/{act}", form)).status_code == 303
        approvals = words(await office.minh.get("/staff/approvals"))
        assert "Dòng 15.000 đồng ngày 23/11/2026 (Ghi có)" in approvals
        assert (await decide(office.minh, "decline")).status_code == 303
    assert "pair_lines" not in (await office.lan.get(path)).text


async def test_what_is_not_understood_is_said_beside_the_form(
    context: Context, office: Office
) -> None:
    asked = await ask_payment(context, office.client_id)
    path = f"{await unexplained(context, office, 15_000)}/match_by_hand"
    page = await office.lan.get(f"{path}?find=%00{asked['reference']}")
    [name] = amounts(page)
    right = {**hidden(page), name: "10000", "reason": "payer_proof", "step": "preview"}
    for changes, status, sentence in (
        ({name: "10.000"}, 422, "chỉ gồm các chữ số"),
        ({name: "15001"}, 422, "không quá phần còn mở"),
        ({name: "0"}, 422, "lớn hơn 0"),
        ({name: ""}, 422, "chọn ít nhất một khoản"),
        ({"reason": "because"}, 422, "chọn một lý do"),
        ({"version": "7"}, 409, "Có thay đổi từ lúc xem"),
        ({"version": "x"}, 422, "chỉ gồm các chữ số"),
    ):
        answer = await office.lan.post(path, **right | changes)
        assert answer.status_code == status, changes
        assert sentence in words(answer), changes
    for wrong in ("unmatch", "refuse", "surplus_refund"):
        assert (await office.lan.get(path.replace("match_by_hand", wrong))).status_code == 404


async def test_an_auditor_reads_and_asks_for_nothing(context: Context, office: Office) -> None:
    path = await unexplained(context, office, 15_000)
    await add_auditor(context)
    an = await logged_in(office.lan.client, "an")
    assert "/write_off" not in (await an.get(path)).text
    form = {"version": "1", "amount": "15000", "reason": "nobody_found", "step": "preview"}
    answer = await an.post(f"{path}/write_off", **form)
    assert answer.status_code == 403
    assert "không có quyền" in words(answer)
    assert "chỉ xem" in words(await an.get(f"{path}/write_off"))

"""The receipt block: complete, adding up, cut where the portal cuts."""

from dataclasses import replace

import pytest

from bank_adapters.gateways.receipt_block import cut_name, receipt_block
from bank_adapters.outgoing import FeeLine, Order, RequestRefused
from tests.bank_adapters.gateways.portal import BENEFICIARY, ORDER

FIELDS = [
    "MaDichVu",
    "MaDVC",
    "TenDVC",
    "MaTTHC",
    "TenTTHC",
    "MaDonVi",
    "TenDonVi",
    "MaHoSo",
    "TKThuHuong",
    "MaNHThuHuong",
    "TenTKThuHuong",
    "MaLoaiHinhThuPhat",
    "TenLoaiHinhThuPhat",
    "MaCoQuanQD",
    "TenCoQuanQD",
    "KhoBac",
    "NgayQD",
    "SoQD",
    "ThoiGianViPham",
    "DiaDiemViPham",
    "TenNguoiViPham",
    "TaiKhoanThuNSNN",
    "NoiDungThanhToan",
    "HoTenNguoiNop",
    "SoCMNDNguoiNop",
    "DiaChiNguoiNop",
    "HuyenNguoiNop",
    "TinhNguoiNop",
    "PhiLePhi",
    "DSKhoanNop",
]


def test_every_field_of_the_block_is_there() -> None:
    block = receipt_block(ORDER)
    assert sorted(block) == sorted(FIELDS)
    assert block["MaDichVu"] == "2"
    assert (block["MaDVC"], block["MaTTHC"]) == ("1.001193.01", "1.001193")
    assert (block["HuyenNguoiNop"], block["TinhNguoiNop"]) == ("", "Hải Phòng")
    assert block["MaCoQuanQD"] == block["MaDonVi"] == "000.00.01.H24"
    assert block["PhiLePhi"] == [
        {"LoaiPhiLePhi": "1", "MaPhiLePhi": "P1", "TenPhiLePhi": "Phí bản sao", "SoTien": "5000"},
        {
            "LoaiPhiLePhi": "2",
            "MaPhiLePhi": "L1",
            "TenPhiLePhi": "Lệ phí hộ tịch",
            "SoTien": "3000",
        },
    ]
    assert block["DSKhoanNop"] == [{"NoiDung": "HPFX3F3CZ7GCF nop phi", "SoTien": "8000"}]


def test_an_order_without_lines_gets_one_for_everything() -> None:
    block = receipt_block(replace(ORDER, beneficiary=replace(BENEFICIARY, fee_lines=())))
    assert block["PhiLePhi"] == [
        {
            "LoaiPhiLePhi": "1",
            "MaPhiLePhi": "1.001193.01",
            "TenPhiLePhi": "HPFX3F3CZ7GCF nop phi",
            "SoTien": "8000",
        }
    ]


@pytest.mark.parametrize(
    ("length", "cut"), [(0, 0), (249, 249), (250, 250), (251, 203), (1000, 203)]
)
def test_names_are_cut_at_the_length_of_the_public_client(length: int, cut: int) -> None:
    name = cut_name("ệ" * length)
    assert len(name) == cut
    assert name.endswith("...") == (length > 250)


@pytest.mark.parametrize(
    "order",
    [
        replace(ORDER, amount_minor=7_999),
        replace(ORDER, description=" "),
        replace(ORDER, payer=replace(ORDER.payer, full_name="")),
        *(
            replace(ORDER, beneficiary=replace(BENEFICIARY, **{name: ""}))  # type: ignore[arg-type]  # every one of these is a text
            for name in (
                "account_number",
                "account_name",
                "bank_code",
                "unit_code",
                "unit_name",
                "procedure_code",
                "procedure_name",
                "dossier_code",
            )
        ),
        *(
            replace(
                ORDER,
                beneficiary=replace(
                    BENEFICIARY,
                    fee_lines=tuple(
                        FeeLine(code="P", name="Phí", amount_minor=amount) for amount in amounts
                    ),
                ),
            )
            for amounts in ((8_000, 0), (9_000, -1_000), (4_000, 4_001))
        ),
    ],
)
def test_an_incomplete_block_or_one_that_does_not_add_up_is_refused(order: Order) -> None:
    with pytest.raises(RequestRefused):
        receipt_block(order)

"""`ThongTinBienLai`: payer, procedure, lines and beneficiary as the national portal wants them.

KeyPay calls the same block `bill_info`, and answers to dossier look-ups carry it too. Nothing in it
is signed by any of them.
"""

from typing import Final

from bank_adapters.outgoing import FeeLine, Order, RequestRefused

NAME_LENGTH_MAX: Final = 250
"""A longer name of a procedure is cut by the public client HuanVu201/DichVuCong_KhoaLuan_PASETO."""
NAME_LENGTH_CUT: Final = 200
FEES_AND_CHARGES: Final = "2"
"""`MaDichVu`: fees and charges, as VietOpenCPS/opencps-v2 writes it."""
FEE: Final = "1"
"""`LoaiPhiLePhi` of *phí*, in the same client."""
CHARGE: Final = "2"
"""`LoaiPhiLePhi` of *lệ phí*."""

_SERVICE_SUFFIX: Final = ".01"
_FINE_FIELDS: Final = (
    "MaLoaiHinhThuPhat",
    "TenLoaiHinhThuPhat",
    "KhoBac",
    "NgayQD",
    "SoQD",
    "ThoiGianViPham",
    "DiaDiemViPham",
    "TenNguoiViPham",
    "TaiKhoanThuNSNN",
)
"""They speak of fines; for fees and charges they stay empty."""


def receipt_block(order: Order) -> dict[str, object]:
    """Return the block of one order; amounts are text.

    `MaCoQuanQD` repeats the unit, as OpenCPS notes. The district stays empty: there is none since
    the two-level administration. An order without lines gets one for the whole amount. Raises
    `RequestRefused` when the beneficiary or payer is incomplete or the lines do not add up.
    """
    account, payer = order.beneficiary, order.payer
    name = cut_name(account.procedure_name)
    texts = {
        "MaDichVu": FEES_AND_CHARGES,
        "MaDVC": account.procedure_code + _SERVICE_SUFFIX,
        "TenDVC": name,
        "MaTTHC": account.procedure_code,
        "TenTTHC": name,
        "MaDonVi": account.unit_code,
        "TenDonVi": account.unit_name,
        "MaHoSo": account.dossier_code,
        "TKThuHuong": account.account_number,
        "MaNHThuHuong": account.bank_code,
        "TenTKThuHuong": account.account_name,
        "MaCoQuanQD": account.unit_code,
        "TenCoQuanQD": account.unit_name,
        "NoiDungThanhToan": order.description,
        "HoTenNguoiNop": payer.full_name,
    }
    missing = [field for field, text in texts.items() if not text.strip()]
    if missing or not account.procedure_code:
        raise RequestRefused(f"the receipt block lacks {', '.join(missing) or 'MaTTHC'}")
    return {
        **texts,
        **dict.fromkeys(_FINE_FIELDS, ""),
        "SoCMNDNguoiNop": payer.identity_number,
        "DiaChiNguoiNop": payer.address,
        "HuyenNguoiNop": "",
        "TinhNguoiNop": payer.province,
        "PhiLePhi": [_fee_line(line) for line in _lines(order)],
        "DSKhoanNop": [{"NoiDung": order.description, "SoTien": str(order.amount_minor)}],
    }


def cut_name(name: str) -> str:
    """Shorten a name beyond `NAME_LENGTH_MAX` characters to `NAME_LENGTH_CUT` and dots."""
    return name if len(name) <= NAME_LENGTH_MAX else name[:NAME_LENGTH_CUT] + "..."


def _lines(order: Order) -> tuple[FeeLine, ...]:
    account = order.beneficiary
    lines = account.fee_lines or (
        FeeLine(
            code=account.procedure_code + _SERVICE_SUFFIX,
            name=order.description,
            amount_minor=order.amount_minor,
        ),
    )
    if any(line.amount_minor <= 0 for line in lines):
        raise RequestRefused("a line of the receipt block is not positive")
    if sum(line.amount_minor for line in lines) != order.amount_minor:
        raise RequestRefused("the lines of the receipt block do not add up to the amount")
    return lines


def _fee_line(line: FeeLine) -> dict[str, str]:
    return {
        "LoaiPhiLePhi": CHARGE if line.is_charge else FEE,
        "MaPhiLePhi": line.code,
        "TenPhiLePhi": cut_name(line.name),
        "SoTien": str(line.amount_minor),
    }

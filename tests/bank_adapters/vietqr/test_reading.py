"""Reading: what is wrong with a payload is said by code, tag and character."""

import binascii

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bank_adapters.contract import AdapterError
from bank_adapters.vietqr import NAPAS_GUID, Fault, Method, VietQrError, decode

SAMPLE = (
    "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA"
    "530370454061800005802VN62340107NPS68690819thanh toan don hang63042E2E"
)
VERSION = "000201"
ACCOUNT = "38570010A00000072701270006970403011300110123456780208QRIBFTTA"
SECOND_ACCOUNT = ACCOUNT.replace("38", "39", 1)
FRAME = "53037045802VN"


def sealed(content: str) -> str:
    """Return the content with the CRC that belongs to it."""
    content += "6304"
    return f"{content}{binascii.crc_hqx(content.encode(), 0xFFFF):04X}"


def account(beneficiary: str, *, guid: str = NAPAS_GUID, service: str = "0208QRIBFTTA") -> str:
    """Return a merchant account with this inside its account."""
    inner = f"0010{guid}01{len(beneficiary):02}{beneficiary}{service}"
    return f"38{len(inner):02}{inner}"


def refusal(payload: str) -> VietQrError:
    """Return the error that reading raises."""
    with pytest.raises(VietQrError) as refused:
        decode(payload)
    assert isinstance(refused.value, AdapterError)
    return refused.value


@pytest.mark.parametrize(
    ("content", "fault", "path", "position"),
    [
        (ACCOUNT + FRAME, Fault.NOT_FIRST, "00", 1),
        ("", Fault.NOT_FIRST, "00", 1),
        (ACCOUNT + VERSION + FRAME, Fault.NOT_FIRST, "00", 1),
        ("000202" + FRAME, Fault.VERSION, "00", 1),
        (VERSION + "0102" + "13" + FRAME, Fault.METHOD, "01", 7),
        (VERSION + "010212" + "010212" + FRAME, Fault.DUPLICATE, "01", 13),
        (VERSION + FRAME + "6304ABCD" + "5901A", Fault.AFTER_CRC, "63", 20),
        (VERSION + "53038405802VN", Fault.CURRENCY, "53", 7),
        (VERSION + "53037045802US", Fault.COUNTRY, "58", 14),
        (VERSION + "53037045802vn", Fault.COUNTRY, "58", 14),
        (VERSION + "5802VN", Fault.MISSING, "53", None),
        (VERSION + "5303704", Fault.MISSING, "58", None),
        (VERSION + FRAME + "59AB", Fault.HEADER, "", 20),
        (VERSION + FRAME + "59-1A", Fault.HEADER, "", 20),
        (VERSION + FRAME + "59+1A", Fault.HEADER, "", 20),
        (VERSION + FRAME + "59 1A", Fault.HEADER, "", 20),
        (VERSION + FRAME + "5909HAI PHONG60", Fault.LENGTH, "59", 20),
        (VERSION + FRAME + "5910HAI PHONG", Fault.LENGTH, "59", 20),
        (VERSION + FRAME + "590", Fault.LENGTH, "58", 14),
        (VERSION + FRAME + "5900", Fault.EMPTY_FIELD, "59", 20),
        (VERSION + FRAME + "6200", Fault.EMPTY_FIELD, "62", 20),
        (VERSION + FRAME + "62040100", Fault.EMPTY_FIELD, "62-01", 24),
        (VERSION + FRAME + "62060805hi", Fault.LENGTH, "62-08", 24),
        (VERSION + FRAME + "62020x", Fault.HEADER, "62", 24),
        (VERSION + FRAME + "62120802hi0802ho", Fault.DUPLICATE, "62-08", 30),
        (VERSION + FRAME + "2603abc", Fault.HEADER, "26", 24),
        (
            VERSION + ACCOUNT + FRAME + ACCOUNT.replace("38", "39", 1),
            Fault.TWO_ACCOUNTS,
            "38-00",
            11,
        ),
        (VERSION + account("0006970403") + FRAME, Fault.MISSING, "38-01-01", None),
        (VERSION + account("0103123") + FRAME, Fault.MISSING, "38-01-00", None),
        (VERSION + account("0006970403010312302011") + FRAME, Fault.UNEXPECTED, "38-01-02", 46),
        (VERSION + account("00069704030206QRCASH") + FRAME, Fault.SERVICE_NESTED, "38-01-02", 39),
        (VERSION + account("0005970400103123") + FRAME, Fault.BIN, "38-01-00", 29),
        (VERSION + account("000697040A0103123") + FRAME, Fault.BIN, "38-01-00", 29),
        (VERSION + account("000697040301041 23") + FRAME, Fault.ACCOUNT, "38-01-01", 39),
        (VERSION + account("00069704030120" + "1" * 20) + FRAME, Fault.ACCOUNT, "38-01-01", 39),
        (VERSION + account("00069704030104123") + FRAME, Fault.LENGTH, "38-01-01", 39),
        (VERSION + account("00069704030102123") + FRAME, Fault.LENGTH, "38-01-01", 39),
        (VERSION + account("00069704030103123", service="") + FRAME, Fault.MISSING, "38-02", None),
        (
            VERSION + account("00069704030103123", service="0208QRIBFTTX") + FRAME,
            Fault.SERVICE,
            "38-02",
            46,
        ),
        (VERSION + "38140010A000000727" + FRAME, Fault.MISSING, "38-01", None),
    ],
)
def test_a_sealed_payload_is_refused_at_its_place(
    content: str, fault: Fault, path: str, position: int | None
) -> None:
    error = refusal(sealed(content))
    assert (error.fault, error.path, error.position) == (fault, path, position)


@pytest.mark.parametrize(
    "amount",
    [
        "0",
        "-5",
        "+5",
        "05000",
        "5,000",
        "5.000",
        "5000.00",
        "5000.",
        "5 000",
        "5e3",
        "5000d",
        "9" * 14,
    ],
)
def test_an_amount_is_digits_alone(amount: str) -> None:
    error = refusal(sealed(f"{VERSION}{ACCOUNT}{FRAME}54{len(amount):02}{amount}"))
    assert (error.fault, error.path, error.position) == (Fault.AMOUNT, "54", 81)


@pytest.mark.parametrize(
    ("payload", "fault", "position"),
    [
        ("", Fault.EMPTY, None),
        (SAMPLE * 4, Fault.TOO_LONG, None),
        (SAMPLE.replace("thanh", "thành"), Fault.NOT_ASCII, SAMPLE.index("thanh") + 3),
        (SAMPLE.replace("970403", "97040３"), Fault.NOT_ASCII, 44),
        (SAMPLE.replace("3857", "38５７"), Fault.NOT_ASCII, 15),
        (SAMPLE.replace("3857", "38٥٧"), Fault.NOT_ASCII, 15),
        ("\ufeff" + SAMPLE, Fault.NOT_ASCII, 1),
        (SAMPLE + "\n", Fault.NOT_ASCII, len(SAMPLE) + 1),
        (SAMPLE + " ", Fault.AFTER_CRC, len(SAMPLE) + 1),
        (SAMPLE + SAMPLE, Fault.AFTER_CRC, len(SAMPLE) + 1),
        (SAMPLE[:-4], Fault.CRC_FORM, len(SAMPLE) - 11),
        (SAMPLE[:-1], Fault.CRC_FORM, len(SAMPLE) - 8),
        ("6", Fault.CRC_FORM, 1),
        (SAMPLE[:-1] + "F", Fault.CRC_WRONG, len(SAMPLE) - 7),
    ],
)
def test_what_is_wrong_around_the_content(payload: str, fault: Fault, position: int | None) -> None:
    error = refusal(payload)
    assert (error.fault, error.position) == (fault, position)


def test_the_sentence_can_be_read_by_a_person() -> None:
    content = VERSION + ACCOUNT.replace("0113001", "0112001") + FRAME
    expected = "38-01-01 (character 39): the length says 12, 13 characters follow"
    assert str(refusal(sealed(content))) == expected
    assert str(refusal("")) == "payload: there is nothing to read"
    assert str(refusal(SAMPLE + " x")).endswith(": 2 characters follow the CRC")


@pytest.mark.parametrize("tag", ["26", "38", "45", "51"])
def test_the_identifier_finds_the_account_under_any_tag(tag: str) -> None:
    read = decode(sealed(VERSION + ACCOUNT.replace("38", tag, 1) + FRAME))
    assert (read.bank_bin, read.account_number) == ("970403", "0011012345678")
    assert read.method is Method.UNSTATED


def test_another_scheme_beside_ours_does_not_hide_the_account() -> None:
    other = "26280010A00000077501100105313144"
    read = decode(sealed(VERSION + other + ACCOUNT + FRAME))
    assert (read.guid, read.scheme, read.bank_bin) == (NAPAS_GUID, "VietQR", "970403")


@pytest.mark.parametrize(
    ("template", "guid", "scheme"),
    [
        ("26280010A00000077501100105313144", "A000000775", "VNPAY-QR"),
        ("26170013vn.airpay.www", "vn.airpay.www", "AirPay"),
        ("38140010A000000888", "A000000888", "A000000888"),
        ("26060102hi", "", ""),
        ("", "", ""),
    ],
)
def test_another_scheme_is_named_and_names_no_account(
    template: str, guid: str, scheme: str
) -> None:
    read = decode(sealed(VERSION + template + FRAME))
    assert (read.guid, read.scheme) == (guid, scheme)
    assert (read.bank_bin, read.account_number, read.service) == ("", "", "")


def test_the_crc_may_be_in_either_case() -> None:
    assert decode(SAMPLE[:-4] + "2e2e") == decode(SAMPLE[:-4] + "2E2e") == decode(SAMPLE)


def test_every_change_of_one_character_is_seen() -> None:
    for position, right in enumerate(SAMPLE):
        for code in range(256):
            changed = SAMPLE[:position] + chr(code) + SAMPLE[position + 1 :]
            if chr(code).upper() != right and chr(code) != right:
                refusal(changed)


def test_every_cut_is_seen() -> None:
    for length in range(len(SAMPLE)):
        refusal(SAMPLE[:length])
        refusal(SAMPLE[length + 1 :])


def test_every_cut_of_a_sealed_content_is_refused_or_ends_between_fields() -> None:
    content = SAMPLE[:-8]
    whole = [length for length in range(len(content) + 1) if _is_read(sealed(content[:length]))]
    assert whole == [len(VERSION + "010212" + ACCOUNT + "5406180000" + FRAME), len(content)]


def _is_read(payload: str) -> bool:
    try:
        decode(payload)
    except VietQrError:
        return False
    return True


def test_every_lost_doubled_or_swapped_character_is_seen() -> None:
    for position in range(len(SAMPLE)):
        head, here, tail = SAMPLE[:position], SAMPLE[position], SAMPLE[position + 1 :]
        refusal(head + tail)
        refusal(head + here + here + tail)
        if tail[:1] not in {here, ""}:
            refusal(head + tail[0] + here + tail[1:])


@given(st.text(max_size=120))
@example("6304FFFF")
@example("6304" * 40)
def test_no_text_ends_in_another_error(text: str) -> None:
    refusal(text)


@given(st.text(st.sampled_from("0123456789A"), max_size=120))
def test_no_sealed_text_ends_in_another_error(text: str) -> None:
    position = None
    try:
        decode(sealed(text))
    except VietQrError as error:
        position = error.position
    assert position is None or 1 <= position <= len(text) + 9


def test_the_longest_payload_has_512_characters() -> None:
    filling = "".join(f"{tag}99{'x' * 99}" for tag in range(80, 84))
    longest = sealed(f"{VERSION}{FRAME}{filling}8469{'x' * 69}")
    assert len(longest) == 512
    assert decode(longest).guid == ""
    assert refusal(sealed(f"{VERSION}{FRAME}{filling}8470{'x' * 70}")).fault is Fault.TOO_LONG
    assert refusal("6304" * 250_000).fault is Fault.TOO_LONG

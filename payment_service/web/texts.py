"""Every word of the pages by key, Vietnamese first, English second; no page writes its own.

Words between braces are filled by the page.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from payment_service.web.formats import Language
from payment_service.web.texts_breaks import BREAK_TEXTS
from payment_service.web.texts_citizen import CITIZEN_TEXTS
from payment_service.web.texts_codes import CODE_TEXTS
from payment_service.web.texts_errors import ERROR_TEXTS
from payment_service.web.texts_gateways import GATEWAY_TEXTS
from payment_service.web.texts_ledger import LEDGER_TEXTS
from payment_service.web.texts_records import RECORD_TEXTS
from payment_service.web.texts_refusals import REFUSAL_TEXTS
from payment_service.web.texts_resolutions import RESOLUTION_TEXTS
from payment_service.web.texts_staff import STAFF_TEXTS
from payment_service.web.texts_suggestions import SUGGESTION_TEXTS

SHARED_TEXTS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "service.name": ("Thu phí, lệ phí Hải Phòng", "Hải Phòng public fees"),
        "service.owner": (
            "Ủy ban nhân dân thành phố Hải Phòng",
            "People's Committee of Hải Phòng City",
        ),
        "language.other": ("English", "Tiếng Việt"),
        "skip.to.content": ("Đến nội dung chính", "Skip to the content"),
        "footer.time": ("Giờ trên trang là giờ Việt Nam.", "Times are Vietnam time (UTC+7)."),
    }
)

TEXTS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        **SHARED_TEXTS,
        **CITIZEN_TEXTS,
        **STAFF_TEXTS,
        **BREAK_TEXTS,
        **RECORD_TEXTS,
        **CODE_TEXTS,
        **RESOLUTION_TEXTS,
        **LEDGER_TEXTS,
        **REFUSAL_TEXTS,
        **SUGGESTION_TEXTS,
        **ERROR_TEXTS,
        **GATEWAY_TEXTS,
    }
)
"""Every text in both languages; a test holds that none is missing or used without being here."""


def text(key: str, language: Language, **values: object) -> str:
    """Return a text; raises `KeyError` for a key that nobody wrote."""
    vietnamese, english = TEXTS[key]
    template = vietnamese if language == "vi" else english
    return template.format_map(values) if values else template

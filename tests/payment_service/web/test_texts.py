"""Every word of the pages exists in both languages, and no page asks for one that is missing."""

import re
from pathlib import Path

import pytest

import payment_service.use_cases
import payment_service.web
from bank_adapters.contract import Outcome
from payment_service.domain.chart_of_accounts import Account
from payment_service.domain.resolution import Act, Reason
from payment_service.use_cases.add_people import ROLES
from payment_service.web.staff.breaks import _OUTSIDE
from payment_service.web.texts import TEXTS, text
from reconciliation.breaks import BreakCode, OwnerRole, Resolution, Severity, placeholders
from reconciliation.decision_sentences import DONE, MATCHED
from reconciliation.labels import Label

WEB = Path(str(payment_service.web.__file__)).parent
_ASKED = re.compile(r"""\bt\(\s*["']([a-z0-9.\-_]+)["']""")
_VIETNAMESE = re.compile(
    r"[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]", re.IGNORECASE
)
ITEM_KINDS = (
    "due", "bank_notice", "payout", "cost_top_up", "refund", "surplus", "part_payment", "interest",
    "unit_transfer", "gateway_claim",
)  # fmt: skip
MONEY_KINDS = ("gateway_notice", "bank_notice", "gateway_report", "bank_line", "returned")
_OPENED = re.compile(r'open_group\(\s*"(\w+)"')


def _passes() -> set[str]:
    """Return what a match may be named: by the engine, by our own rules, and by acts of people."""
    acts = Path(str(payment_service.use_cases.__file__)).parent.glob("*.py")
    opened = {name for act in acts for name in _OPENED.findall(act.read_text(encoding="utf-8"))}
    assert {"match_by_hand", "move_to_unit", "unmatch"} <= opened
    return {"suspense", *MATCHED, *DONE, *opened}


@pytest.mark.parametrize("key", TEXTS)
def test_a_text_says_the_same_in_both_languages(key: str) -> None:
    vietnamese, english = TEXTS[key]
    assert vietnamese.strip()
    assert english.strip()
    assert placeholders(vietnamese) == placeholders(english)
    if key != "language.other":
        assert not _VIETNAMESE.search(re.sub(r"[Đđ]ồng|Hải Phòng", "", english))


def test_templates_ask_only_for_texts_that_exist() -> None:
    templates = sorted((WEB / "templates").rglob("*.html"))
    assert templates
    for template in templates:
        for key in _ASKED.findall(template.read_text(encoding="utf-8")):
            assert key in TEXTS or key.endswith("."), f"{template.name}: {key}"


def test_every_word_chosen_by_a_record_exists() -> None:
    chosen = [
        *(f"code.{code.value}" for code in BreakCode),
        *(f"severity.{each.value}" for each in Severity),
        *(f"owner.{each.value}" for each in OwnerRole),
        *(f"resolution.{each.value}" for each in _OUTSIDE),
        *(f"allowed.{each.value}" for each in Resolution),
        *(f"outcome.{each.value}" for each in Outcome),
        *(f"act.{act.value}" for act in Act),
        *(f"resolve.hint.{act.value}" for act in Act),
        *(f"reason.{reason.value}" for reason in Reason),
        *(f"ledger.{account.value}" for account in Account),
        *(f"role.{role}" for role in ROLES),
        *(f"kind.{kind}" for kind in ITEM_KINDS),
        *(f"channel.{kind}" for kind in MONEY_KINDS),
        *(f"pass.{name}" for name in _passes()),
        *(f"order.{kind}" for kind in ("refund", "unit_transfer")),
        *(f"bucket.{name}" for name in ("settled", "paired", "surplus", "open")),
        *(f"verdict.{name}" for name in ("waiting", "admitted", "quarantined")),
        *(f"state.{name}" for name in ("proposed", "live", "refused", "closed")),
        *(f"light.state.{name}" for name in ("done", "part", "waiting", "needless")),
    ]
    assert [key for key in chosen if key not in TEXTS] == []


def test_templates_bring_no_words_of_their_own() -> None:
    for template in (WEB / "templates").rglob("*.html"):
        content = template.read_text(encoding="utf-8")
        bare = re.sub(r"\{[{%#].*?[}%#]\}|<[^>]*>", "", content, flags=re.DOTALL)
        assert not _VIETNAMESE.search(bare), template.name


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        text("no.such.key", "vi")


def test_every_label_has_a_next_step_or_needs_none() -> None:
    without = {Label.EXEMPT, Label.SETTLED_ELSEWHERE, Label.PAID_NOT_COLLECTED, Label.REPORTED}
    assert all(f"next.{label.value}" in TEXTS for label in Label if label not in without)

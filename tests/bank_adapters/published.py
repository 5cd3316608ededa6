"""Finds the published vectors beside the checkout; tests that need them skip when they are gone."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def gateway_vectors(*, scheme: str) -> list[dict[str, Any]]:
    """Return the published signature vectors whose scheme holds this text."""
    vectors = json.loads(_open("gateway_vectors.json"))["vectors"]
    return [vector for vector in vectors if scheme in vector["scheme"]]


def published_secrets() -> set[str]:
    """Return every HMAC or digest secret of the vectors."""
    vectors = json.loads(_open("gateway_vectors.json"))["vectors"]
    return {vector["secret"] for vector in vectors if "RSA" not in vector["algorithm"]}


def vietqr_vectors() -> list[dict[str, str]]:
    """Return the rows of the VietQR vectors."""
    return list(csv.DictReader(_open("vietqr_vectors.csv").splitlines()))


def _open(name: str) -> str:
    path = DATA / name
    if not path.is_file():
        pytest.skip(f"the published vectors are not beside this checkout: shared/data/{name}")
    return path.read_text(encoding="utf-8")

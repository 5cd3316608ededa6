"""Attempts on the keys of callback addresses, with the refusal that is due."""


def _key(begins: str, ends: str) -> str:
    return f"""
        INSERT INTO endpoint_key (key_id, endpoint_id, algorithm, material_sealed, valid_from,
          valid_to)
        SELECT gen_random_uuid(), endpoint_id, 'x', 'x', '{begins}', {ends} FROM endpoint
        ORDER BY endpoint_id LIMIT 1;
    """


_THIRD_KEY = _key("2030-01-01", "NULL") + _key("2030-01-02", "NULL")
_KEY_BETWEEN = _key("2030-01-02", "NULL") + _key("2030-01-01", "'2030-01-03'")

KEY_ATTACKS: dict[str, tuple[str, str]] = {
    "a third live key of an endpoint": (_THIRD_KEY, "23000"),
    "a third live key between two others": (_KEY_BETWEEN, "23000"),
    "a key that ends before it begins": (_key("2030-01-01", "'2029-01-01'"), "23514"),
}

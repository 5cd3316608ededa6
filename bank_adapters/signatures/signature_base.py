"""The text that an HTTP Message Signature signs (RFC 9421 §2), from request and parameters."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, quote

from bank_adapters.contract import CallbackRejected, CallbackRequest
from bank_adapters.signatures.structured_fields import items_of, parameters_of, read_field

COMPONENTS_MAX: Final = 32

_METHOD: Final = re.compile(r"[A-Z]{1,20}")
_AUTHORITY: Final = re.compile(r"[A-Za-z0-9.:\[\]-]{1,255}")
_PATH: Final = re.compile(r"/[!-~]{0,2000}")
_QUERY: Final = re.compile(rb"[!-~]*")
_QUERY_FIELDS_MAX: Final = 64
_FIELD_NAME: Final = re.compile(r'"[a-z0-9!#$%&\'*+.^_`|~-]+"')
_QUERY_PARAMETER: Final = re.compile(r'"@query-param";name="([A-Za-z0-9*._%-]*)"')
_PARAMETER_TYPES: Final = {
    "created": int,
    "expires": int,
    "keyid": str,
    "alg": str,
    "nonce": str,
    "tag": str,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureInput:
    """What one signature says it covers: the components as written, and its parameters."""

    text: str
    components: tuple[str, ...]
    parameters: Mapping[str, str | int]


def read_signature_input(text: str) -> SignatureInput:
    """Read the inner list of one member of `Signature-Input`, which is well-formed already.

    Refused: more than `COMPONENTS_MAX` components, one named twice, unknown parameters.
    """
    components = items_of(text)
    parameters = parameters_of(text)
    if len(components) > COMPONENTS_MAX or len(set(components)) < len(components):
        raise CallbackRejected("too many components are signed, or one twice")
    for name, value in parameters.items():
        if type(value) is not _PARAMETER_TYPES.get(name):
            raise CallbackRejected(f"the signature has an unknown parameter or type: {name}")
    return SignatureInput(text=text, components=components, parameters=parameters)


def signature_base(request: CallbackRequest, given: SignatureInput) -> bytes:
    """Return the text that is signed (RFC 9421 §2.5): one line a component, then the parameters.

    Components that are missing, given twice or not understood are `CallbackRejected`; of component
    parameters only the name of a `@query-param` is. The scheme is always https.
    """
    lines = [f"{component}: {_value_of(request, component)}" for component in given.components]
    return "\n".join([*lines, f'"@signature-params": {given.text}']).encode("ascii")


def target_uri(request: CallbackRequest) -> str:
    """Return the configured address with the query of the request."""
    query = _query(request) if request.query else ""
    return f"https://{_authority(request)}{_path(request)}{query}"


def _value_of(request: CallbackRequest, component: str) -> str:
    if component in _DERIVED:
        return _DERIVED[component](request)
    if named := _QUERY_PARAMETER.fullmatch(component):
        return _query_parameter(request, named[1])
    if not _FIELD_NAME.fullmatch(component):
        raise CallbackRejected(f"a component is signed that is not understood: {component[:64]}")
    return read_field(request, component.strip('"'))


def _method(request: CallbackRequest) -> str:
    if not _METHOD.fullmatch(request.method):
        raise CallbackRejected("the method is not in capital letters")
    return request.method


def _authority(request: CallbackRequest) -> str:
    if not _AUTHORITY.fullmatch(request.authority):
        raise CallbackRejected("no host is configured that a signature could name")
    return request.authority.lower()


def _path(request: CallbackRequest) -> str:
    if not _PATH.fullmatch(request.path):
        raise CallbackRejected("no path is configured that a signature could name")
    return request.path


def _query(request: CallbackRequest) -> str:
    if not _QUERY.fullmatch(request.query):
        raise CallbackRejected("the query is not printable ASCII")
    return "?" + request.query.decode("ascii")


def _query_parameter(request: CallbackRequest, name: str) -> str:
    query = _query(request)[1:]
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=_QUERY_FIELDS_MAX)
    except ValueError as error:
        raise CallbackRejected("the query has too many fields") from error
    values = [value for key, value in pairs if _percent_encode(key) == name]
    if len(values) != 1:
        raise CallbackRejected("a signed query parameter is missing or given twice")
    return _percent_encode(values[0])


def _percent_encode(text: str) -> str:
    return quote(text, safe="*-._").replace("~", "%7E")


_DERIVED: Final[Mapping[str, Callable[[CallbackRequest], str]]] = {
    '"@method"': _method,
    '"@authority"': _authority,
    '"@scheme"': lambda _: "https",
    '"@path"': _path,
    '"@query"': _query,
    '"@target-uri"': target_uri,
}

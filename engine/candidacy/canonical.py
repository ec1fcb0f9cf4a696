"""The one way to write data down: I-JSON with sorted keys and no spaces (RFC 8785 for the subset we use).

No floats, keys in ASCII, integers of at most 53 bits. Equal data gives equal bytes on every machine.
"""

import json
from hashlib import sha256

CAN_BE_WRITTEN = "only objects with ASCII keys, arrays, strings, booleans, null and integers up to 2**53 - 1"
LARGEST = 2**53 - 1


def canonical(data: object) -> bytes:
    """The bytes of *data*.

    Raises:
        TypeError: for floats, non-string or non-ASCII keys, integers beyond 53 bits, or other types.
    """
    _refuse_other_types(data)
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest(data: object) -> str:
    """SHA-256 of the canonical bytes of *data*, in hexadecimal."""
    return sha256(canonical(data)).hexdigest()


def _refuse_other_types(data: object) -> None:
    kind = type(data)
    if kind is dict:
        for key, value in data.items():  # type: ignore[attr-defined]
            if type(key) is not str or not key.isascii():
                raise TypeError(f"found a key of type {type(key).__name__}; needed {CAN_BE_WRITTEN}")
            _refuse_other_types(value)
    elif kind is list or kind is tuple:
        for value in data:  # type: ignore[attr-defined]
            _refuse_other_types(value)
    elif kind is int:
        if abs(data) > LARGEST:  # type: ignore[arg-type]
            raise TypeError(f"found an integer beyond 53 bits; needed {CAN_BE_WRITTEN}")
    elif not (kind is str or kind is bool or data is None):
        raise TypeError(f"found {kind.__name__}; needed {CAN_BE_WRITTEN}")

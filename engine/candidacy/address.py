"""What a ledger is called: a path, or the address of a PostgreSQL database, which is told without its password."""

import re

SCHEMES = ("postgresql://", "postgres://")
_PARTS = re.compile(r"(postgres(?:ql)?://)(?:([^:@/?#]*)(?::[^@/?#]*)?@)?([^@/?#]*)(/[^?@#]*)?(?:\?([^#@]*))?")
_TOLD = ("options=", "host=", "port=", "dbname=", "user=", "service=")
"""Which of the parameters of an address may be told: those that say which ledger it is."""


UNREADABLE = "postgresql://..."
"""What is shown of an address that cannot be taken apart, such as one with an @ in its password in place of %40."""


def is_address(ledger: object) -> bool:
    """Whether it is the address of a database, and not a path."""
    return str(ledger).startswith(SCHEMES)


def shown(ledger: object) -> str:
    """A path as it is, an address without its password; an address that cannot be taken apart is not shown at all."""
    text = str(ledger)
    if not is_address(text):
        return text
    parts = _PARTS.fullmatch(text)
    if parts is None:
        return UNREADABLE
    scheme, user, host, path, query = parts.groups()
    told = "&".join(p for p in (query or "").split("&") if p.startswith(_TOLD))
    return f"{scheme}{f'{user}@' if user else ''}{host}{path or ''}{f'?{told}' if told else ''}"

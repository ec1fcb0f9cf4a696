"""What a ledger is called: a path, or the address of a PostgreSQL database, which is told without its password."""

import re

SCHEMES = ("postgresql://", "postgres://")
_HOST = r"(?:[^@/?#:\s\[\]]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]*)?"
_PARTS = re.compile(rf"(postgres(?:ql)?://)(?:([^:@/?#\s]*)(?::[^@/?#]*)?@)?({_HOST}(?:,{_HOST})*)(/[^?@#\s]*)?(?:\?([^#@\s]*))?")
_TOLD = re.compile(
    r"options=-c(?:%20)?search_path(?:%3D|=)(?:[\w,-]|%2C|%5F|%22)*|(?:user|port|dbname|service)=[\w.-]*|host=[\w.,/%-]*",
    re.ASCII | re.IGNORECASE,
)
"""Which of the parameters of an address may be told: those that say which ledger it is."""
_ALIKE = re.compile(r"[a-z0-9+.-]{2,}:/|password\s*=|://|(?::|%3a)[^/\\]*@", re.IGNORECASE)
"""What looks like an address of another kind, or a connection string: it may hold a password."""

UNREADABLE = "postgresql://..."
"""What is shown of an address that cannot be taken apart, such as one with an @ in its password in place of %40."""
NO_ADDRESS = f"{UNREADABLE}: found an address that cannot be read; needed postgresql://USER@HOST/DATABASE"


def is_address(ledger: object) -> bool:
    """Whether it is the address of a database, and not a path."""
    return str(ledger).startswith(SCHEMES)


def looks_like_another(ledger: object) -> bool:
    """Whether what should be a path looks like an address that is none here, or one that was miswritten."""
    return not is_address(ledger) and _ALIKE.search(str(ledger)) is not None


def shown(ledger: object) -> str:
    """A path as it is, an address without its password; an address that cannot be taken apart is not shown at all."""
    text = str(ledger)
    if looks_like_another(text):
        return UNREADABLE
    if not is_address(text):
        return text
    parts = _PARTS.fullmatch(text)
    if parts is None:
        return UNREADABLE
    scheme, user, host, path, query = parts.groups()
    told = "&".join(p for p in (query or "").split("&") if _TOLD.fullmatch(p))
    return f"{scheme}{f'{user}@' if user else ''}{host}{path or ''}{f'?{told}' if told else ''}"

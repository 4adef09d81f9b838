"""Which addresses Telegram accepts behind buttons and linked words (TDLib ``LinkManager``)."""

import re

from playground.telegram.errors import ApiError, bad_request

_USER = re.compile(r"tg:(?://)?user\?id=(\d+)", re.IGNORECASE)
_TG = re.compile(r"(?:tg|ton):(?://)?([^/?#]*)(.*)", re.IGNORECASE | re.DOTALL)
_HTTP = re.compile(
    r"(?:(?P<scheme>https?)://)?(?:[^/?#@]*@)?"
    r"(?P<host>\[[0-9a-f:.]+\]|[^/?#:]*)(?::(?P<port>[^/?#]*))?(?P<rest>[/?#].*)?",
    re.IGNORECASE | re.DOTALL,
)


def mentioned_user(link: str) -> int | None:
    """The user id in ``tg://user?id=...``."""
    found = _USER.fullmatch(link.strip())
    return int(found.group(1)) if found else None


def checked_link(link: str) -> str:
    """The address as Telegram keeps it, or "" when it would not make a link."""
    fault, address = _check(link)
    return "" if fault else address


def require_link(link: str, what: str) -> str:
    """The address as Telegram keeps it.

    Raises:
        ApiError: 400 "``what`` URL '...' is invalid: ...".
    """
    fault, address = _check(link)
    if fault:
        raise invalid_link(link, what, fault)
    return address


def invalid_link(link: str, what: str, fault: str) -> ApiError:
    return bad_request(f"{what} URL '{link}' is invalid: {fault}")


def _check(link: str) -> tuple[str, str]:
    link = link.strip()
    if found := _TG.fullmatch(link):
        host, rest = found.groups()
        if not re.fullmatch(r"[A-Za-z0-9_-]+", host):
            return "Unallowed characters in URL host", ""
        return "", f"{link.split(':')[0].lower()}://{host}{rest}"
    found = _HTTP.fullmatch(link)
    if found is None or (":" in link.split("/")[0] and "://" not in link and not found["port"]):
        return "Unsupported URL protocol", ""
    host, port, rest = found["host"], found["port"], found["rest"] or "/"
    if "://" in link and not found["scheme"]:
        return "Unsupported URL protocol", ""
    if not host:
        return "URL host is empty", ""
    if re.search(r"[\s\x00-\x20]", host + rest):
        return "Wrong HTTP URL", ""
    if port is not None and not (port.isdigit() and 0 < int(port) < 65536):
        return "Wrong port number specified in the URL", ""
    if "." not in host and not host.startswith("["):
        return "Wrong HTTP URL", ""
    scheme = (found["scheme"] or "http").lower()
    return "", f"{scheme}://{host.lower()}{':' + port if port else ''}{_slashed(rest)}"


def _slashed(rest: str) -> str:
    return rest if rest.startswith("/") else f"/{rest}"

"""Faults: rules that change responses before they are sent.

A rule has a pattern for URLs and an action; all matching rules are applied in order.
"""

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

from replica.markup import shell as shell_page
from replica.messages import HTML, JSON, Answer, Request

Action = Callable[[Request, Answer], Answer]

_CHARSET = re.compile(r'(; )?charset=("?)utf-8\2')


@dataclass(slots=True)
class Fault:
    """An action for every URL in which ``pattern`` is found (path and query).

    ``times``: number of uses, unlimited if None. ``probability``: for each request, from the seed.
    """

    pattern: str
    action: Action
    times: int | None = None
    probability: float = 1.0
    used: int = field(default=0, init=False)

    def strikes(self, request: Request, random: Random) -> bool:
        """Return whether the rule applies to this request, and count it if so."""
        if not re.search(self.pattern, request.target):
            return False
        if self.times is not None and self.used >= self.times:
            return False
        if random.random() >= self.probability:
            return False
        self.used += 1
        return True


def status(code: int) -> Action:
    """Respond with a status and hardly any body."""
    return lambda request, answer: _page(f"<h1>{code}</h1>", code)


def busy(retry_after: int | str = 1, code: int = 429) -> Action:
    """Ask the client to wait, with Retry-After in seconds or as an HTTP date."""
    headers = {"Content-Type": HTML, "Retry-After": str(retry_after)}
    return lambda request, answer: Answer(code, {**headers}, f"<h1>{code}</h1>".encode())


def delay(seconds: float) -> Action:
    """Respond later."""
    return lambda request, answer: replace(answer, delay=answer.delay + seconds)


def truncated(part: float = 0.5) -> Action:
    """Send only part of the body announced in Content-Length, and close the connection."""
    return lambda request, answer: replace(answer, sent=part, ending="cut")


def truncated_chunked(part: float = 0.5) -> Action:
    """Send part of a chunked body, without the last chunk."""
    return lambda request, answer: replace(answer, sent=part, ending="cut", chunked=True)


def chunked() -> Action:
    """Send the complete body in chunks."""
    return lambda request, answer: replace(answer, chunked=True)


def reset(part: float = 0.0) -> Action:
    """Reset the connection (RST), before the header or after part of the body."""
    return lambda request, answer: replace(answer, sent=part, ending="reset")


def hang() -> Action:
    """Never respond."""
    return lambda request, answer: replace(answer, ending="hang")


def redirect(location: str, code: int = 302) -> Action:
    """Redirect the client to any URL."""
    return lambda request, answer: Answer(code, {"Location": location})


def redirect_loop(code: int = 302) -> Action:
    """Redirect the client to the same URL."""
    return lambda request, answer: Answer(code, {"Location": request.target})


def charset(name: str | None) -> Action:
    """Declare a wrong charset in the header, or none."""

    def act(request: Request, answer: Answer) -> Answer:
        if kind := answer.headers.get("Content-Type", "").partition(";")[0]:
            answer.headers["Content-Type"] = f"{kind}; charset={name}" if name else kind
        return answer

    return act


def recoded(encoding: str, *, declared: bool = True) -> Action:
    """Send the page in another encoding, declared in header and meta, or nowhere."""
    codecs.lookup(encoding)
    meta = rf"\1charset=\2{encoding}\2" if declared else ""

    def act(request: Request, answer: Answer) -> Answer:
        text = _CHARSET.sub(meta, answer.body.decode())
        answer.body = text.encode(encoding, errors="xmlcharrefreplace")
        return charset(encoding if declared else None)(request, answer)

    return act


def uncompressed() -> Action:
    """Send the body without gzip, whatever the client accepts."""
    return lambda request, answer: replace(answer, coded=True)


def shell() -> Action:
    """A page without an article, with status 200."""
    return lambda request, answer: _page(shell_page())


def html() -> Action:
    """An HTML page in place of any response."""
    return lambda request, answer: _page("<html><body><p>Maintenance</p></body></html>")


def json_text(text: str) -> Action:
    """A given text as JSON: ``{"status": "ok"}`` is no paginator, ``{`` is no JSON."""
    return lambda request, answer: Answer(200, {"Content-Type": JSON}, text.encode())


def empty_list() -> Action:
    """A paginator without posts."""
    return json_text(
        '{"current_page": 1, "data": [], "last_page": 1, "per_page": 15, "total": 0, '
        '"next_page_url": null, "prev_page_url": null}'
    )


def _page(text: str, code: int = 200) -> Answer:
    return Answer(code, {"Content-Type": HTML}, text.encode())

"""``python -m replica``: serve the replica until SIGTERM or SIGINT."""

import argparse
import re
import shlex
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from typing import get_args

from replica import faults, payloads
from replica.faults import Action, Fault
from replica.options import Missing, Options
from replica.replica import Replica
from replica.world import World

_EPILOG = """\
examples:
  python -m replica
  python -m replica --port 8099 --posts 2000 --seed 7
  python -m replica --now 2026-11-24T00:40:00 --shift 2
  python -m replica --fault 'status:503 /api/v1/posts times=3' --fault 'delay:0.2 / p=0.1'
  python -m replica --changed --missing shell

The site's address and the API's are printed on one line:
  site http://127.0.0.1:8099 api http://127.0.0.1:8099/api/v1

faults: ACTION[:VALUE] PATTERN [times=N] [p=PROBABILITY]; PATTERN is a regular expression that is
searched in path and query. Actions, each with its usual value:
  {actions}
"""


def action(text: str) -> Action:
    """Parse ``NAME`` or ``NAME:VALUE``; ValueError describes an error."""
    name, _, value = text.partition(":")
    if name in _WITH_NUMBER:
        make, default = _WITH_NUMBER[name]
        return make(float(value) if value else default)
    if name in _WITH_TEXT:
        if not value:
            raise ValueError(f"{name} needs a value, as in {name}:...")
        return _WITH_TEXT[name](value)
    if name in _PLAIN and not value:
        return _PLAIN[name]()
    raise ValueError(f"unknown fault {text!r}")


_WITH_NUMBER: dict[str, tuple[Callable[[float], Action], float]] = {
    "status": (lambda value: faults.status(int(value)), 500.0),
    "busy": (lambda value: faults.busy(int(value)), 1.0),
    "delay": (faults.delay, 1.0),
    "truncated": (faults.truncated, 0.5),
    "truncated_chunked": (faults.truncated_chunked, 0.5),
    "reset": (faults.reset, 0.0),
    "gzip_bomb": (lambda value: payloads.gzip_bomb(int(value)), float(1 << 30)),
    "large": (lambda value: payloads.large(int(value)), 50e6),
    "nested": (lambda value: payloads.nested(int(value)), 100e3),
}
_WITH_TEXT: dict[str, Callable[[str], Action]] = {
    "redirect": faults.redirect,
    "charset": faults.charset,
    "recoded": faults.recoded,
    "json_text": faults.json_text,
}
_PLAIN: dict[str, Callable[[], Action]] = {
    "no_charset": lambda: faults.charset(None),
    "chunked": faults.chunked,
    "hang": faults.hang,
    "redirect_loop": faults.redirect_loop,
    "uncompressed": faults.uncompressed,
    "shell": faults.shell,
    "html": faults.html,
    "empty_list": faults.empty_list,
    "garbled": payloads.garbled,
    "invalid_utf8": payloads.invalid_utf8,
    "broken_gzip": payloads.broken_gzip,
    "false_gzip": payloads.false_gzip,
    "external_entity": payloads.external_entity,
    "billion_laughs": payloads.billion_laughs,
}


def fault(text: str) -> Fault:
    """Parse a rule: ``ACTION[:VALUE] PATTERN [times=N] [p=PROBABILITY]``."""
    try:
        parts = shlex.split(text)
        extra = dict(part.partition("=")[::2] for part in parts[2:])
        if len(parts) < 2 or extra.keys() - {"times", "p"}:
            raise ValueError("expected ACTION[:VALUE] PATTERN [times=N] [p=PROBABILITY]")
        act, pattern = parts[:2]
        re.compile(pattern)
        times = int(extra["times"]) if "times" in extra else None
        return Fault(pattern, action(act), times, float(extra.get("p", 1.0)))
    except (ValueError, LookupError, re.error) as wrong:
        raise argparse.ArgumentTypeError(f"{text!r}: {wrong}; see --help") from wrong


def whole(text: str, most: int = 1_000_000) -> int:
    """Parse a whole number that is not negative."""
    if not text.isdecimal() or int(text) > most:
        raise argparse.ArgumentTypeError(f"{text!r}: expected a whole number from 0 to {most}")
    return int(text)


def port(text: str) -> int:
    """Parse a port number."""
    return whole(text, 65_535)


def arguments() -> argparse.ArgumentParser:
    """Parse the command line."""
    numbers = (f"{name}:{usual:.15g}" for name, (_, usual) in _WITH_NUMBER.items())
    actions = "\n  ".join(sorted([*numbers, *(f"{name}:TEXT" for name in _WITH_TEXT), *_PLAIN]))
    parser = argparse.ArgumentParser(
        prog="python -m replica",
        description="A stand-in for uza.uz and api.uza.uz on 127.0.0.1.",
        epilog=_EPILOG.format(actions=actions),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_world(parser)
    parser.add_argument("--port", type=port, default=0, help="default: any free port")
    parser.add_argument("--shift", type=whole, default=0, help="posts published per list request")
    parser.add_argument(
        "--missing",
        choices=get_args(Missing),
        default="404",
        help="the response for a missing post",
    )
    parser.add_argument("--changed", action="store_true", help="redesigned markup, no API")
    parser.add_argument("--sitemap", action="store_true", help="serve a sitemap")
    parser.add_argument("--fault", type=fault, action="append", default=[], metavar="RULE")
    return parser


def _add_world(parser: argparse.ArgumentParser) -> None:
    """Add the options for the generated posts."""
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same posts")
    parser.add_argument("--posts", type=whole, default=200, help="how many posts")
    parser.add_argument("--imported", type=whole, default=12, help="how many imported posts")
    parser.add_argument("--legacy", type=whole, default=8, help="how many legacy articles")
    parser.add_argument("--now", type=datetime.fromisoformat, help="newest time, ISO 8601")


def options_of(given: argparse.Namespace) -> Options:
    """The switches set on the command line."""
    return Options(
        shift=given.shift,
        missing=given.missing,
        sitemap=given.sitemap,
        changed=given.changed,
        api=not given.changed,
    )


def main() -> int:
    """Serve until a signal is received."""
    given = arguments().parse_args()
    for ending in (signal.SIGTERM, signal.SIGINT):  # a shell's background job ignores SIGINT
        signal.signal(ending, signal.default_int_handler)
    world = World(given.seed, given.posts, given.now, given.imported, given.legacy)
    replica = Replica(world, port=given.port, options=options_of(given), faults=given.fault)
    try:
        with replica:
            print(f"site {replica.site_url} api {replica.api_url}", flush=True)
            signal.pause()
    except KeyboardInterrupt:
        return 0
    except OSError as error:
        print(f"port {given.port}: {error.strerror}; choose another --port", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

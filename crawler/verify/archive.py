"""All checks of an archive, one after the other. A failing check does not stop the others."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

from crawler.errors import OutOfReach, StorageError
from crawler.store.reader import ArchiveReader
from crawler.verify.captures import CaptureCheck
from crawler.verify.context import Context
from crawler.verify.derived import check_derived
from crawler.verify.journal import JournalCheck
from crawler.verify.ledger import check_ledger
from crawler.verify.proofs import ProofCheck

# Damaged ledger pages cause these, besides SQLite's own errors: values of a wrong type.
_DAMAGE = (sqlite3.Error, TypeError, ValueError, LookupError)


def verify(context: Context) -> Iterator[str]:
    """Yield what is wrong in an archive, one line each, with file and place. Changes nothing."""
    # Runs rewrite files made from ledger and journal, so these are read first.
    yield from _guarded(context, _check_derived)
    yield from _guarded(context, check_ledger)
    yield from _guarded(context, lambda context: JournalCheck(context).problems())
    yield from _guarded(context, lambda context: CaptureCheck(context).problems())
    yield from _guarded(context, lambda context: ProofCheck(context).problems())


def _guarded(context: Context, check: Callable[[Context], Iterator[str]]) -> Iterator[str]:
    try:
        yield from check(context)
    except OutOfReach:
        raise
    except StorageError as error:
        yield str(error)
    except _DAMAGE as error:
        path = context.folder / "ledger.sqlite"
        yield f"{path}: cannot be read to its end ({type(error).__name__}: {error})"


def _check_derived(context: Context) -> Iterator[str]:
    """Check the files that runs rewrite, twice if necessary: one may just have done so."""
    problems = list(check_derived(context))
    if problems:
        with ArchiveReader(context.folder, checked=True) as reader:
            again = replace(context, database=reader.database, checked=Counter(), notes=[])
            problems = list(check_derived(again))
    yield from problems

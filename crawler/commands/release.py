"""``scrapy release``: write a self-contained, citable data set into a folder."""

from __future__ import annotations

from argparse import ArgumentParser, BooleanOptionalAction, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli import (
    AgencyCommand,
    add_pool,
    add_selection,
    pool_of,
    read_selection,
    signer,
    spider_named,
)
from crawler.errors import UsageError

if TYPE_CHECKING:
    from crawler.model.rules import AgencyRules
    from crawler.release.build import Order
    from crawler.release.documents.maker import Maker
    from crawler.store.reader import ArchiveReader
    from crawler.store.selection import Selection

_SELECTION = ("since", "until", "editions", "only")
_REMEDY = "install what the release can use by: make data"

_MANUAL = """\
The same journal and code give the same bytes. The version is the day of the last fetch, and a
digest of the rows; all descriptions name the code by its version and commit. The folder is
data/AGENCY/releases/AGENCY-DAY, unless --out names another. OPERATOR and CONTACT name
its maker, RELEASE_LICENSE and RELEASE_DOI what is cited. PROOF_KEY (an SSH key) signs the
checksums, and so all of it: SHA256SUMS.sig. A release that is interrupted leaves
nothing; run the same command again. In a bucket (see scrapy offload) nothing is written over, and
a folder is a release once SHA256SUMS is there. With --previous, files of years that did not change
are hard links to that release: do not edit them in place.

examples:
  scrapy release AGENCY
  scrapy release AGENCY --previous data/AGENCY/releases/AGENCY-2026-10-01
  scrapy release AGENCY --out s3://BUCKET/AGENCY-2026-11-30
  scrapy release AGENCY --out minable --only usage=tdm
  scrapy release AGENCY --out english-2024 --since 2024-01-01 --until 2024-12-31 --editions en

exit codes: 0 done; 1 a worker process or the cluster was lost; 2 usage, no article matches, or
the folder exists; 7 the archive is damaged, or a file cannot be written; 130 interrupted"""


class Command(AgencyCommand):
    """Releases committed data, also during a run."""

    usage = "[options] AGENCY"
    summary = "Make a data set that can be cited: rows, checksums, a data card"
    manual = _MANUAL

    after_interrupt = "nothing is left of the release; run it again"

    def add_options(self, parser: ArgumentParser) -> None:
        """Add the options for folder and content."""
        super().add_options(parser)
        parser.add_argument(
            "--out", metavar="DIR", help="the folder to write, or the address of a bucket"
        )
        add_selection(parser)
        parser.add_argument(
            "--parquet",
            action=BooleanOptionalAction,
            default=None,
            help="write the rows as Parquet, too (default: where pyarrow is installed)",
        )
        parser.add_argument(
            "--only",
            choices=["usage=tdm"],
            help="leave out the articles whose text and data mining the site reserved",
        )
        parser.add_argument(
            "--previous",
            metavar="DIR",
            help="list the changes since this one, and link its years that did not change",
        )
        add_pool(parser)

    def work(self, args: list[str], opts: Namespace) -> None:
        """Make the release."""
        # Scrapy loads all commands for each call, so large imports are made here.
        from crawler.crawl.check_settings import check_contact
        from crawler.model.arrow import has_arrow
        from crawler.release.build import build
        from crawler.release.documents.maker import maker_of
        from crawler.release.publish import room_for
        from crawler.store.reader import ArchiveReader
        from crawler.store.selection import check_editions

        rules = spider_named(self.settings, args).rules
        if opts.parquet and not has_arrow():
            raise UsageError(f"--parquet: pyarrow is not installed; {_REMEDY}")
        if opts.out is not None and not opts.out.strip():
            raise UsageError("--out is empty; expected a folder to make")
        selection = read_selection(opts.since, opts.until, opts.editions)
        maker = maker_of(self.settings)
        check_contact(maker.contact)
        with (
            ArchiveReader(self.folder(rules.name)) as reader,
            pool_of(opts.cluster, opts.jobs) as pool,
            _previous(opts.previous) as previous,
        ):
            check_editions(reader.database, selection)
            place = opts.out or self._usual_place(rules.name, reader, selection)
            with room_for(place, reader.folder) as out:
                order = self._order(rules, opts, selection, out, previous, maker)
                release = build(reader, order, pool)
        print(f"{place}: {release.figures.articles:,} articles, release {release.version}")
        if not order.parquet and opts.parquet is None:
            print(f"It contains no Parquet: pyarrow is not installed; {_REMEDY}")
        if not order.plots:
            print(f"There are no pictures in it: matplotlib is not installed; {_REMEDY}")

    def _usual_place(self, agency: str, reader: ArchiveReader, selection: Selection) -> str:
        from crawler.release.build import last_fetch

        day = last_fetch(reader, selection.published | selection.of_editions)[:10]
        return str(self.folder(agency) / "releases" / f"{agency}-{day}")

    def _order(
        self,
        rules: AgencyRules,
        opts: Namespace,
        selection: Selection,
        out: Path,
        previous: Path | None,
        maker: Maker,
    ) -> Order:
        from crawler.model.arrow import has_arrow
        from crawler.release.build import Order
        from crawler.release.documents.plots import can_plot

        return Order(
            agency=rules.name,
            site=rules.address.site,
            out=out,
            conditions=selection.published | selection.of_editions,
            chosen={name: getattr(opts, name) for name in _SELECTION if getattr(opts, name)},
            only=opts.only,
            parquet=has_arrow() if opts.parquet is None else opts.parquet,
            plots=can_plot(),
            previous=previous,
            image_size=rules.image_size,
            dates=rules.timestamp,
            sign=signer(self.settings),
            maker=maker,
        )


@contextmanager
def _previous(place: str | None) -> Iterator[Path | None]:
    from crawler.release.documents.changelog import check_previous
    from crawler.release.publish import local_copy

    if place is None:
        yield None
        return
    with local_copy(place) as folder:
        check_previous(folder)
        yield folder

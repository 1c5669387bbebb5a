"""``scrapy offload``: move files that are complete into a bucket."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli import AgencyCommand, agency_named
from crawler.errors import StorageError, UsageError

if TYPE_CHECKING:
    from crawler.maintenance.offload import Offload

_MANUAL = """\
Moves captures of earlier days, journals up to the month before last and files of earlier years
into a bucket: S3 or a compatible service, Google Cloud, Azure, or a folder, as on a network disk.
A local file is removed once its object was read back and has its digest. All commands read the
files there. Run it between crawls: while it moves a file, a run ends with 5.

If it is interrupted, nothing is lost; run the same command again. On a new disk, it finds the
files in the bucket: then run scrapy rebuild. Credentials, region and endpoint come from the
environment variables of the service's own tools, such as AWS_ACCESS_KEY_ID and AWS_ENDPOINT_URL.

examples:
  scrapy offload AGENCY --to s3://BUCKET/news --dry-run
  scrapy offload AGENCY --to s3://BUCKET/news       moves to s3://BUCKET/news/AGENCY
  scrapy offload AGENCY                             moves to where files were moved before
  scrapy offload AGENCY --back                      brings all files back
  scrapy offload AGENCY --releases                  moves the releases that are on this disk
  scrapy offload AGENCY --back --releases           brings the releases back

exit codes: 0 done; 2 usage, or obstore is not installed; 5 a run holds the data folder; 7 the
bucket cannot be reached or denies access, or an object was changed; 130 interrupted"""


class Command(AgencyCommand):
    """Moves complete files."""

    usage = "[options] AGENCY"
    summary = "Move finished files into a bucket, where all commands read them"
    manual = _MANUAL

    after_interrupt = "what was moved stays moved; run it again to continue"

    def add_options(self, parser: ArgumentParser) -> None:
        """Add the options for the bucket."""
        super().add_options(parser)
        parser.add_argument(
            "--to", metavar="ADDRESS", help="s3://, gs://, az:// with bucket and folder; file:///"
        )
        parser.add_argument(
            "--releases", action="store_true", help="work on releases, not on the archive's files"
        )
        parser.add_argument("--back", action="store_true", help="bring all of them back")
        parser.add_argument(
            "--dry-run", action="store_true", help="show what would be moved; move nothing"
        )

    def work(self, args: list[str], opts: Namespace) -> None:
        """Move the files, or list them."""
        from crawler.maintenance.offload import Offload

        if opts.releases and opts.dry_run:
            raise UsageError("--releases cannot be combined with --dry-run")
        folder = self.folder(agency_named(self.settings, args))
        offload = Offload(folder, _address(folder, opts.to), _say)
        try:
            if opts.dry_run:
                _show(offload, back=opts.back)
            elif opts.back and opts.releases:
                _bring_releases_back(offload)
            elif opts.back:
                offload.bring_all_back()
            elif opts.releases:
                _move_releases(offload)
            else:
                offload.work()
                if not offload.moved:
                    _say(f"{offload.bucket.address}: there is nothing to move now")
        except OSError as error:
            raise StorageError(
                f"{folder}: cannot be read or written ({error}); free disk space or repair the "
                "disk, then run the same command again"
            ) from error
        finally:
            if offload.moved:
                _say(f"{offload.moved} files moved, {offload.moved_bytes:,} bytes")


def _address(folder: Path, to: str | None) -> str:
    """Return the URL for the archive's files: below ``to``, or the one used before."""
    from crawler.system.offloaded import read_manifest

    if to is not None:
        return f"{to.rstrip('/')}/{folder.name}"
    if before := read_manifest(folder).to:
        return before
    raise UsageError("--to ADDRESS is missing: nothing was moved before; try s3://BUCKET/FOLDER")


def _move_releases(offload: Offload) -> None:
    from crawler.release.publish import move_release, releases_in

    offload.expect_releases(expected=True)
    for release in releases_in(offload.folder):
        address = f"{offload.bucket.address}/releases/{release.name}"
        move_release(release, address)
        _say(f"{release}: moved to {address}")


def _bring_releases_back(offload: Offload) -> None:
    from crawler.release.publish import bring_release_back, moved_releases

    offload.check()
    for address in moved_releases(offload.folder):
        _say(f"{address}: brought back to {bring_release_back(address, offload.folder)}")
    offload.expect_releases(expected=False)


def _show(offload: Offload, *, back: bool) -> None:
    from crawler.system.offloaded import read_manifest, size_of

    names = sorted(read_manifest(offload.folder).files) if back else offload.finished()
    for name in names:
        print(f"{size_of(offload.folder / name):>15,}  {name}")
    print(f"{len(names)} files would be {'brought back' if back else 'moved'}")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)

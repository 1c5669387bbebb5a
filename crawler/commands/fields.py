"""``scrapy fields``: the fields of a row."""

import sys
from argparse import ArgumentParser, Namespace

from crawler.cli import AgencyCommand
from crawler.errors import UsageError

_MANUAL = """\
examples:
  scrapy fields > docs/fields.md
  scrapy fields --schema > schema.json

exit codes: 0 done; 2 usage"""


class Command(AgencyCommand):
    """Prints the field reference, or the same as JSON Schema."""

    usage = "[--schema]"
    summary = "Explain every field of a row, as Markdown or JSON Schema"
    manual = _MANUAL

    def add_options(self, parser: ArgumentParser) -> None:
        """Add the option for the form."""
        super().add_options(parser)
        parser.add_argument("--schema", action="store_true", help="print JSON Schema 2020-12")

    def work(self, args: list[str], opts: Namespace) -> None:
        """Print the requested form."""
        from msgspec import json

        from crawler.model.schema import row_schema

        if args:
            raise UsageError(f"expected no argument, not {args[0]!r}")
        text = json.format(json.encode(row_schema())).decode() + "\n"
        sys.stdout.write(text if opts.schema else self._reference())

    def _reference(self) -> str:
        # Scrapy loads all commands for each call, so large imports are made here.
        from crawler.model.schema import field_reference
        from crawler.scaffold.agencies import image_sizes

        sizes = image_sizes(self.settings)
        return field_reference({name: size and size.pattern for name, size in sizes.items()})

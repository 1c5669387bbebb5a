"""The maker of a release and its terms: names, licence, contact."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from crawler.errors import UsageError
from crawler.system.software import NAME

TEXTS = "The texts and pictures belong to their publisher."
_OWN_WORK = "The archive's own work, which is the structure, the dates, names and links it read"
_DOI = re.compile(r"10\.\d{4,9}/[!-~]+")


@dataclass(frozen=True, slots=True)
class Maker:
    """Who makes a release, how to reach them, and the licence of their own work."""

    name: str = NAME
    contact: str = ""  # URL or e-mail address
    license: str = "CC0-1.0"  # SPDX
    doi: str = ""

    @property
    def terms(self) -> str:
        """Address of the licence's text."""
        return f"https://spdx.org/licenses/{self.license}.html"

    @property
    def rights(self) -> str:
        """Who owns which part, in two sentences."""
        return f"{TEXTS} {_OWN_WORK}, and this description, is under {self.license}."

    def reached_by(self, url: str) -> dict[str, str]:
        """Return the contact under its kind. Empty if there is none. ``url``: the key for a URL."""
        is_web = self.contact.startswith(("http://", "https://"))
        return {url if is_web else "email": self.contact} if self.contact else {}


def maker_of(settings: Mapping[str, Any]) -> Maker:
    """Return the maker that the settings name. Raises ``UsageError`` if they are wrong."""
    name, doi = settings["OPERATOR"], settings["RELEASE_DOI"]
    if name and not (name.isprintable() and name.strip()):
        raise UsageError("OPERATOR: expected the name of a person or an institution, in one line")
    if doi and not _DOI.fullmatch(doi):
        raise UsageError(f"RELEASE_DOI={doi}: expected a DOI, such as 10.5281/zenodo.1234567")
    return Maker(name or NAME, settings["CONTACT"], _spdx(settings["RELEASE_LICENSE"]), doi)


def _spdx(name: str) -> str:
    """Return the id of one licence, in SPDX's spelling. Raises ``UsageError`` for others."""
    try:
        found = str(canonicalize_license_expression(name))
    except InvalidLicenseExpression:
        found = ""
    if not found or " " in found or found.startswith("LicenseRef-"):
        raise UsageError(
            f"RELEASE_LICENSE={name}: expected one id of https://spdx.org/licenses, such as "
            "CC0-1.0 or CC-BY-4.0"
        )
    return found


def license_text(maker: Maker) -> str:
    """Return ``LICENSE``."""
    return "\n".join(
        [
            TEXTS,
            "These are `title`, `summary`, `body`, `byline_raw` and the captions of pictures, "
            "and the pictures and videos that addresses lead to.",
            "",
            f"{_OWN_WORK}, and the descriptions in this folder, is under this licence:",
            "",
            f"SPDX-License-Identifier: {maker.license}",
            maker.terms,
            "",
        ]
    )

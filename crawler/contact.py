"""How a crawl names itself: honestly, with an address where a site can reach a person."""

import logging

from scrapy.settings import BaseSettings

logger = logging.getLogger(__name__)


def name_contact(settings: BaseSettings) -> None:
    """Add the operator's contact to the User-Agent; warn while there is none.

    A User-Agent set on the command line or by a spider stays as it is.
    """
    contact = settings["CONTACT"]
    if contact:
        settings.set("USER_AGENT", f"{settings['USER_AGENT']} (+{contact})", priority="project")
    elif "+" not in settings["USER_AGENT"]:
        logger.warning(
            "the site cannot reach you: set CONTACT to an address or e-mail, such as "
            "-s CONTACT=https://example.org/our-archive"
        )

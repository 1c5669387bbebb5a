"""The pipelines that read an article, as the settings name them. Operators may replace some."""

import inspect

from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object

from crawler.extract.article import Normaliser
from crawler.model.rules import AgencyRules


def load_normalisers(settings: BaseSettings, rules: AgencyRules) -> list[Normaliser]:
    """Return the pipelines that are built from an agency's rules, in order.

    The others compare and store; they have no part in reading.
    """
    orders = settings.getdict("ITEM_PIPELINES")
    paths = sorted((path for path in orders if orders[path] is not None), key=orders.__getitem__)
    classes = [load_object(path) for path in paths]
    return [
        normaliser(rules)
        for normaliser in classes
        if "rules" in inspect.signature(normaliser).parameters
    ]

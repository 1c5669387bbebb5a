"""Finds an agency's spider by name, without importing all spiders."""

from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from scrapy import Request, Spider
from scrapy.settings import BaseSettings
from scrapy.spiderloader import SpiderLoader, SpiderLoaderProtocol
from scrapy.utils.misc import load_object


class AgencyLoader(SpiderLoader):
    """Lists spiders by their module names, and imports only the one that is asked for.

    Every module inside a package of ``SPIDER_MODULES`` has the name of its spider. Anything else
    that the setting names (a plain module, a nested package) is imported at once, as Scrapy does.
    """

    def _load_all_spiders(self) -> None:
        self._modules: dict[str, str] = {}
        packages, self.spider_modules = self.spider_modules, []
        for package in packages:
            spec = find_spec(package)
            if spec is None or spec.submodule_search_locations is None:
                self.spider_modules.append(package)
                continue
            for _, name, is_package in iter_modules(spec.submodule_search_locations):
                if is_package:
                    self.spider_modules.append(f"{package}.{name}")
                else:
                    self._modules[name] = f"{package}.{name}"
        super()._load_all_spiders()

    def load(self, spider_name: str) -> type[Spider]:
        """Return the spider class. Raises ``KeyError`` if no spider has this name."""
        if spider_name in self._modules:
            self._load_spiders(import_module(self._modules[spider_name]))
            del self._modules[spider_name]
        return super().load(spider_name)

    def find_by_request(self, request: Request) -> list[str]:
        """Return the spiders that can handle the request. This imports all of them."""
        return [name for name in self.list() if self.load(name).handles_request(request)]

    def list(self) -> list[str]:
        """Return the names of all spiders."""
        return [*self._spiders, *self._modules]


def spider_loader(settings: BaseSettings) -> SpiderLoaderProtocol:
    """Return the loader that the settings name.

    Scrapy's own function copies all settings first, which takes longer than to list the spiders.
    """
    loader: SpiderLoaderProtocol = load_object(settings["SPIDER_LOADER_CLASS"]).from_settings(
        settings
    )
    return loader

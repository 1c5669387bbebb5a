"""Where Scrapy finds the spiders of agencies, without an import of all of them."""

from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from scrapy import Request, Spider
from scrapy.spiderloader import SpiderLoader


class AgencyLoader(SpiderLoader):
    """Lists spiders by the names of their modules, and imports the one that is asked for.

    A module in a package of ``SPIDER_MODULES`` has the name of its spider; what is there besides,
    modules outside of a package and packages within one, is imported at once, as by Scrapy.
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
        """Return the spider; raise ``KeyError`` if there is none of this name."""
        if spider_name in self._modules:
            self._load_spiders(import_module(self._modules[spider_name]))
            del self._modules[spider_name]
        return super().load(spider_name)

    def find_by_request(self, request: Request) -> list[str]:
        """Return the spiders that say they can handle the request; this takes all of them."""
        return [name for name in self.list() if self.load(name).handles_request(request)]

    def list(self) -> list[str]:
        """Return the names of all spiders."""
        return [*self._spiders, *self._modules]

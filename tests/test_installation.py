"""The project installs as a package: what is in it, and that it works away from the checkout."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
PACKAGES = ("crawler", "pages", "pipelines", "probes", "spiders")
ONLY_READ = ("pyproject.toml", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder into which pip has installed the project, from a copy: it builds in place."""
    folder = tmp_path_factory.mktemp("installation")
    source, target = folder / "source", folder / "target"
    for name in PACKAGES:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ONLY_READ:
        shutil.copy(ROOT / name, source)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    command += ["--no-build-isolation", "--target", str(target), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return target


def run(installed: Path, code: str, folder: Path) -> str:
    """Run a program elsewhere, with the installed packages before all others."""
    program = f"import sys; sys.path.insert(0, {str(installed)!r}); {code}"
    command = [sys.executable, "-I", "-c", program]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_file_of_the_packages_is_installed(installed: Path) -> None:
    files = [
        path.relative_to(ROOT)
        for name in PACKAGES
        for path in (ROOT / name).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    ]
    assert [path for path in files if not (installed / path).is_file()] == []
    assert (installed / "crawler" / "py.typed").is_file()
    assert not (installed / "tests").exists()
    assert not (installed / "replica").exists()


def test_all_spiders_are_found_wherever_it_is_run(installed: Path, tmp_path: Path) -> None:
    code = (
        "import json; from scrapy.settings import Settings; "
        "from scrapy.spiderloader import get_spider_loader; "
        "settings = Settings(); settings.setmodule('crawler.settings'); "
        "print(json.dumps([sys.modules['crawler'].__file__, get_spider_loader(settings).list()]))"
    )
    file, names = json.loads(run(installed, code, tmp_path))
    assert file == str(installed / "crawler" / "__init__.py")
    assert sorted(names) == sorted(path.stem for path in ROOT.glob("spiders/[!_]*.py"))

"""Templates that are compiled once for all servers of the tests: it takes longer than an answer."""

from datasette import hookimpl
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket


class CompiledTemplates(BytecodeCache):
    """A cache in memory, and the plugin by which Datasette uses it."""

    __name__ = "compiled_templates"  # Datasette expects plugins to be modules

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()

    @hookimpl  # type: ignore[untyped-decorator]  # Datasette has no types
    def prepare_jinja2_environment(self, env: Environment) -> None:
        env.bytecode_cache = self

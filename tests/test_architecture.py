"""The shape of the program, held by reading its source. A new module takes one word in LAYERS."""

import ast
import hashlib
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# From the top down: a module imports only from layers below its own. A package stands for all within it.
LAYERS = (
    {"bot.__main__"},
    {"bot.doctor"},
    {"bot.app", "bot.check"},
    {"bot.gemini", "cogs"},
    {"bot.backlog", "bot.blocks", "bot.recall"},
    {"bot.studio"},
    {"bot.reception"},
    {"bot.admission", "bot.delivery"},
    {"bot.parcel"},
    {"bot.health", "bot.owners", "bot.painting"},
    {"bot.audit", "bot.backup", "bot.watch", "bot.words"},
    {"bot.deleting", "bot.life", "bot.limits"},
    {
        "bot.asking",
        "bot.insistence",
        "bot.manners",
        "bot.promises",
        "bot.recognition",
        "bot.rotation",
        "bot.status",
        "bot.views",
    },
    {"bot.receipt", "bot.store"},
    {"bot.quota"},
    {"bot.cookbook", "bot.finishing", "bot.preferences", "bot.rules"},
    {
        "bot.automod",
        "bot.config",
        "bot.downloads",
        "bot.letters",
        "bot.pictures",
        "bot.price",
        "bot.sitting",
        "bot.tidings",
    },
    {"bot.alarm", "bot.catalogue", "bot.gallery", "bot.kept", "bot.lock", "bot.model", "bot.wordlist"},
    {
        "bot.breaker",
        "bot.chores",
        "bot.errors",
        "bot.filled",
        "bot.fingerprint",
        "bot.forward",
        "bot.lanes",
        "bot.inventory",
        "bot.language",
        "bot.openings",
        "bot.memory",
        "bot.moments",
        "bot.reason",
        "bot.recent",
        "bot.rights",
        "bot.sealing",
        "bot.size",
        "bot.standing",
        "bot.tokens",
        "bot.turnstile",
    },
)

# Each foreign library comes in by one door.
DOORS = {
    "discord": {"cogs"},
    "google": {"bot.gemini"},
    "ahocorasick_rs": {"bot.wordlist"},
    "aiosqlite": {"bot.store"},
    "cryptography": {"bot.sealing"},
    "sqlite3": {"bot.store"},
    "PIL": {"bot.pictures", "bot.sandbox"},
    "pillow_heif": {"bot.pictures", "bot.sandbox"},
    "matplotlib": {"bot.pictures.charting"},
    "obstore": {"bot.gallery"},
    "aiohttp": {
        "bot.app",
        "bot.check",
        "bot.downloads",
        "bot.gemini",
        "bot.health",
        "bot.sandbox",
        "cogs.ajar",  # discord.py lets its errors through
        "cogs.answers",  # likewise
        "cogs.client",  # likewise
        "cogs.gateway",  # likewise
        "cogs.postman",  # likewise
        "cogs.telling",  # likewise
    },
    "aiohttp.web": {"bot.health", "bot.sandbox"},
    "prometheus_client": {"bot.watch.metrics"},
    "pydantic": {"bot.config", "bot.config.rules", "bot.config.recipes"},
    "pytest": set(),
    "re2": {"bot.automod"},
    "skimage": set(),
}

MODULE_LINES, FUNCTION_LINES, PARAMETERS = 300, 40, 5
DEFINITIONS = (
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Assign,
    ast.AnnAssign,
)
WORK = {"open", "connect", "run", "read_text", "read_bytes", "getenv", "get_event_loop", "install", "basicConfig"}
CONDITIONS = re.compile(r"TYPE_CHECKING|__name__ == '__main__'|sys\.(platform|version_info) .*")


@dataclass(frozen=True)
class Module:
    path: Path

    @property
    def where(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def name(self) -> str:
        return ".".join(self.path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))

    def imports(self, tree: ast.AST | None = None) -> Iterator[str]:
        """Dotted names; `from a import b` is `a.b`, whether b is a module or not."""
        for node in ast.walk(tree or self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from (f"{self._source(node)}.{alias.name}" for alias in node.names)

    def _source(self, node: ast.ImportFrom) -> str:
        package = self.name.split(".") + (["__init__"] if self.path.stem == "__init__" else [])
        above = package[: -node.level] if node.level else []
        return ".".join([*above, *([node.module] if node.module else [])])


def nothing(found: Iterable[str], remedy: str) -> None:
    lines = sorted(found)
    assert not lines, "\n".join([remedy, *lines])


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def within_any(name: str, packages: set[str]) -> bool:
    return any(within(name, package) for package in packages)


def layer(name: str) -> int | None:
    return next((depth for depth, packages in enumerate(LAYERS) if within_any(name, packages)), None)


def home(name: str) -> str:
    """The module or package in LAYERS that a name belongs to."""
    return next((package for packages in LAYERS for package in packages if within(name, package)), name)


MODULES = [Module(path) for folder in ("bot", "cogs") for path in sorted((ROOT / folder).rglob("*.py"))]
SANDBOX = [module for module in MODULES if within(module.name, "bot.sandbox")]
PROGRAM = [module for module in MODULES if module not in SANDBOX and module.name != "bot"]


def test_every_module_has_its_layer():
    nothing((module.where for module in PROGRAM if layer(module.name) is None), "put it into LAYERS")


def test_arrows_point_only_downwards():
    wrong = [
        f"{module.where} imports {name}"
        for module in PROGRAM
        for name in module.imports()
        if (below := layer(name)) is not None and home(name) != home(module.name)
        if below <= (layer(module.name) or 0)
    ]
    nothing(wrong, "imports go to lower LAYERS only")


@pytest.mark.parametrize("library", DOORS)
def test_a_foreign_library_comes_in_by_its_own_door(library: str):
    wrong = [
        f"{module.where} imports {name}"
        for module in MODULES
        for name in module.imports()
        if within(name, library) and not within_any(module.name, DOORS[library])
    ]
    nothing(wrong, "DOORS has its door")


def test_the_sandbox_is_a_leaf_that_knows_nothing_of_the_program():
    wrong = [
        f"{module.where} imports {name}"
        for module in SANDBOX
        for name in module.imports()
        if within_any(name, {"bot", "cogs"}) and not within(name, "bot.sandbox")
    ]
    nothing(wrong, "it must run alone")


def test_only_the_command_imports_the_sandbox_and_only_when_it_runs():
    importers = {module.name for module in PROGRAM for name in module.imports() if within(name, "bot.sandbox")}
    at_once = [
        f"{module.where}:{node.lineno}"
        for module in PROGRAM
        for node in module.tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        if any(within(name, "bot.sandbox") for name in module.imports(node))
    ]
    assert importers <= {"bot.__main__"}
    nothing(at_once, "import it within the function")


def test_modules_stay_short():
    counts = {module.where: len(module.text.splitlines()) for module in MODULES}
    long = [f"{where}: {lines} lines" for where, lines in counts.items() if lines > MODULE_LINES]
    nothing(long, f"{MODULE_LINES} lines at most: is there a second noun in it?")


def test_functions_stay_short():
    long = [
        f"{module.where}:{function.lineno} {function.name}"
        for module in MODULES
        for function in module.functions
        if (function.end_lineno or 0) - function.lineno >= FUNCTION_LINES
    ]
    nothing(long, "too long: name a part of it")


def test_functions_take_few_parameters():
    greedy = [
        f"{module.where}:{function.lineno} {function.name}"
        for module in MODULES
        for function in module.functions
        if len(parameters(function.args)) > PARAMETERS and not is_slash_command(function)
    ]
    nothing(greedy, "too many parameters: some of them are one thing")


def is_slash_command(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Its parameters are the options that members see."""
    return any("app_commands.command" in ast.unparse(decorator) for decorator in function.decorator_list)


def parameters(args: ast.arguments) -> list[str]:
    every = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
    return [one.arg for one in every if one and one.arg not in {"self", "cls"}]


def test_nobody_waits_in_a_way_that_swallows_being_cut_off():
    """Before Python 3.12 `asyncio.wait_for` does, where what it waits for is done in the same moment."""
    sources = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "cogs").rglob("*.py")]
    deaf = [path.name for path in sources if "asyncio.wait_for(" in path.read_text("utf-8")]
    assert not deaf, f"asyncio.timeout does not: {deaf}"


def test_first_answers_go_out_by_one_door_that_knows_of_broken_lines():
    wrong = [
        f"{module.where}:{node.lineno}"
        for module in MODULES
        if module.name != "cogs.answers"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "interaction.response"
    ]
    nothing(wrong, "cogs.answers has a function for it")


def test_nothing_is_global():
    found = [
        f"{module.where}:{node.lineno}"
        for module in MODULES
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Global)
    ]
    nothing(found, "hand it in instead")


def test_importing_a_module_only_defines():
    work = [f"{module.where}:{node.lineno}" for module in MODULES for node in module.tree.body if not defines(node)]
    nothing(work, "do that in a function")


def defines(node: ast.stmt) -> bool:
    if isinstance(node, ast.If):
        return bool(CONDITIONS.fullmatch(ast.unparse(node.test)))
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Assign | ast.AnnAssign):
        return not {called(call) for call in ast.walk(node) if isinstance(call, ast.Call)} & WORK
    return isinstance(node, DEFINITIONS)


def called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)


def test_the_heart_of_the_program_loads_neither_discord_nor_google():
    heart = [module.name for module in PROGRAM if (layer(module.name) or 0) > (layer("cogs") or 0)]
    script = f"import sys, {', '.join(heart)}; print({{'discord', 'google.genai'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("set()", "")


# Brackets keep this file from finding itself.
PLACES = re.compile(
    r"pypi[.]org|pythonhosted[.]org|npmjs[.](?:org|com)|deb[.]debian[.]org|security[.]debian[.]org|docker[.]io|ghcr[.]io"
    r"|/wor[k]/|/roo[t]/|/opt/(?:wheel[s]|pyp[i])|\b[A-Z]:\\Users"
)
# Words without a place here, as digests for the same reason.
STRANGERS = {"c857d09d", "c70eca6b", "94a168d2", "d298391b", "3ea125d0"}


def tracked() -> dict[str, str]:
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    paths = [ROOT / name for name in listed.split("\0") if name]
    return {
        str(path.relative_to(ROOT)): path.read_bytes().decode("utf-8", "ignore") for path in paths if path.is_file()
    }


def test_no_file_names_a_registry_or_a_place_on_somebodys_machine():
    found = [f"{name}: {hit[0]}" for name, text in tracked().items() for hit in PLACES.finditer(text)]
    nothing(found, "installs follow the settings of the machine")


def test_every_file_speaks_of_the_project_alone():
    words = {name: set(re.findall(r"[a-z]{5,}", text.lower())) for name, text in tracked().items()}
    digests = {word: hashlib.sha256(word.encode()).hexdigest()[:8] for word in set().union(*words.values())}
    strange = [f"{name}: {word}" for name, found in words.items() for word in found if digests[word] in STRANGERS]
    nothing(strange, "no file needs that word")

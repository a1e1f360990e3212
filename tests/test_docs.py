"""What the pages say is true of the program: its modules, its keys, its targets, its files."""

import ast
import re
import tomllib
from pathlib import Path

from bot import config

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
MAP_LINE = re.compile(r"(?m)^\| `((?:bot|cogs)/[^`]+)` \| \S")
TESTS = sorted((ROOT / "tests").rglob("test_*.py"))
KEY_LINE = re.compile(r"(?m)^\| `([a-z_0-9]+\.[a-z_0-9.]+)` \| [^|]+ \| \S")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def modules() -> dict[str, Path]:
    """Modules and packages right under `bot/` and `cogs/`; a package's line speaks for all within it."""
    found = {}
    for path in sorted([*(ROOT / "bot").iterdir(), *(ROOT / "cogs").iterdir()]):
        if path.is_dir() and next(path.rglob("*.py"), None):
            found[f"{path.relative_to(ROOT).as_posix()}/"] = path / "__init__.py"
        elif path.suffix == ".py" and path.stem != "__init__":
            found[path.relative_to(ROOT).as_posix()] = path
    return found


def line_for(name: str, path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) if path.exists() else None
    return f"| `{name}` | {(docstring or 'what it is').splitlines()[0]} |"


def test_the_map_has_a_line_for_every_module():
    mapped = set(MAP_LINE.findall(read("docs/architecture.md")))
    missing = [line_for(name, path) for name, path in modules().items() if name not in mapped]
    assert not missing, "docs/architecture.md lacks:\n" + "\n".join(missing)


def test_the_map_has_no_line_for_a_module_that_is_gone():
    gone = [name for name in MAP_LINE.findall(read("docs/architecture.md")) if not (ROOT / name).exists()]
    assert not gone, "docs/architecture.md has lines too many:\n" + "\n".join(gone)


def test_every_key_is_explained_to_operators_and_no_other():
    explained = KEY_LINE.findall(read("docs/operating.md"))
    assert sorted(explained) == sorted(config.keys())


def test_every_default_told_to_operators_is_the_default():
    file = config.File().model_dump(mode="json")
    rows = re.findall(r"(?m)^\| `(\w+)\.(\w+)` \| `([^`]+)` \|", read("docs/operating.md"))
    told = {(section, key): default for section, key, default in rows if key != "safety"}
    assert told
    for (section, key), default in told.items():
        assert tomllib.loads(f"x = {default}")["x"] == file[section][key], f"{section}.{key}"


def test_links_between_pages_lead_somewhere():
    links = [(page, link) for page in PAGES for link in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))]
    broken = [
        f"{page.relative_to(ROOT)}: {link}"
        for page, link in links
        if not re.match(r"[a-z]+:", link) and not (page.parent / link).exists()
    ]
    assert not broken, "\n".join(broken)


def test_links_to_a_part_of_a_page_find_its_heading():
    for page in PAGES:
        for target, part in re.findall(r"\]\(([^)#:\s]*)#([^)\s]+)\)", page.read_text(encoding="utf-8")):
            text = (page.parent / target if target else page).read_text(encoding="utf-8")
            headings = {re.sub(r"[^\w\- ]", "", each).strip().lower() for each in re.findall(r"(?m)^#+ (.+)$", text)}
            assert part in {each.replace(" ", "-") for each in headings}, f"{page.relative_to(ROOT)}: {target}#{part}"


def test_every_make_target_that_a_page_names_can_be_made():
    named = {
        name for page in PAGES for name in re.findall(r"(?m)(?:`|^)make ([a-z]+)", page.read_text(encoding="utf-8"))
    }
    assert named <= set(re.findall(r"(?m)^([a-z]+):", read("Makefile")))


def test_every_make_target_is_told_by_help():
    rules = set(re.findall(r"(?m)^([a-z]+):", read("Makefile")))
    assert rules == set(re.findall(r"(?m)^([a-z]+):.*## \S", read("Makefile")))


def test_what_proves_a_promise_is_run_by_the_command_beside_it():
    told, missing = "", list[str]()
    promises = read("docs/reliability.md").split("\n## ")[0]
    for promise, proofs, command in re.findall(r"(?m)^\| (\S.*?) \| (.*test_.*|.*tests/.*) \| (.+?) \|$", promises):
        told = told if command == "the same" else command
        missing += [f"{promise[:50]}…: {file}" for file in proving(proofs) if not is_run(file, told)]
    assert not missing, "\n".join(missing)


def proving(proofs: str) -> set[str]:
    """The files that are linked, and those that have the tests that are named."""
    linked = set(re.findall(r"\]\(\.\./(tests/(?:\w+|(?:\w+/)*test_\w+\.py))/?\)", proofs))
    return linked | {file for name in re.findall(r"`(test_\w+)…`", proofs) for file in holding(name)}


def holding(name: str) -> list[str]:
    found = [path for path in TESTS if re.search(rf"def {name}", path.read_text(encoding="utf-8"))]
    assert found, f"there is no {name}"
    return [found[0].relative_to(ROOT).as_posix()]


def is_run(file: str, command: str) -> bool:
    modules = (f"{each.replace('.', '/')}.py" for each in re.findall(r"python -m (tests[.\w]+)", command))
    run = {*re.findall(r"\btests(?:/[\w/.]+)?", command), *modules, *re.findall(r"make (\w+)", command)}
    return any(file == each or file.startswith(f"{each}/") or file == f"tests/{each}" for each in run)

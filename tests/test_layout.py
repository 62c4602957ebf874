"""What the import linter cannot see: the shape of the tree, foreign keys, names, and words that must not be here."""

import ast
import re
import statistics
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

BASE = Path(__file__).resolve().parent.parent
# From the bottom up; rehearsal and operations stand side by side.
APPS = ["realtime", "organisations", "accounts", "interview", "moderation", "archive", "rehearsal", "operations"]
ROOT = {"asgi.py", "manage.py", "settings.py", "urls.py"}
# What they hold is data: names of apps, tables of addresses.
WITHOUT_TESTS = {"__init__.py", "apps.py", "urls.py"}
NO_NAMES = {"utils", "util", "helpers", "helper", "common", "services", "service", "misc", "manager", "managers", "tools", "lib", "base"}
SIGNALS = {
    "django.dispatch",
    "django.db.models.signals",
    "django.core.signals",
    "django.contrib.auth.signals",
    "django.db.backends.signals",
}
GENERATED = {".git", ".venv", ".tools", "var", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"}
# Spelt so that this file does not find itself.
WORKPLACE = re.compile("|".join([r"(?<![\w.])/" + "work/", r"\.\./" + "shared", "file:///" + "opt", r"(?<![\w.])/" + "root/"]))


def modules() -> list[Path]:
    """Every module that we wrote by hand."""
    return sorted(path for app in APPS for path in (BASE / app).rglob("*.py") if "migrations" not in path.parts)


def name(path: Path) -> str:
    return path.relative_to(BASE).as_posix()


def length(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def homes(module: Path) -> list[str]:
    """Return where the tests of a module may stand: the same path under tests, or flat in the folder of its app."""
    app, *folders, stem = module.relative_to(BASE).with_suffix("").parts
    if folders[:1] == ["management"]:
        return [f"tests/{app}/test_{stem}_command.py"]
    if folders == ["templatetags"]:
        return [f"tests/{app}/test_templatetags.py"]
    same = "/".join(["tests", app, *folders, f"test_{stem}.py"])
    flat = f"tests/{app}/test_{'_'.join([*folders, stem])}.py"
    return [same, flat, f"tests/{app}/test_{stem}.py"]


def test_every_module_has_its_tests():
    untested = {
        name(module): homes(module)
        for module in modules()
        if module.name not in WITHOUT_TESTS and not any((BASE / candidate).exists() for candidate in homes(module))
    }
    assert untested == {}


def test_no_module_is_long():
    assert {name(module): length(module) for module in modules() if length(module) > 300} == {}


def test_the_usual_module_is_short():
    assert statistics.median(length(module) for module in modules() if module.name != "__init__.py") < 100


def test_files_are_named_by_their_nouns():
    assert [name(module) for module in modules() if module.stem in NO_NAMES] == []


def test_the_top_level_holds_the_composition_root_and_nothing_else():
    assert {path.name for path in BASE.glob("*.py")} == ROOT


def test_every_module_says_what_it_is_for():
    silent = [name(m) for m in [*modules(), *BASE.glob("*.py")] if m.name != "__init__.py" and not ast.get_docstring(parsed(m))]
    assert silent == []


def test_nothing_flows_through_signals():
    users = [
        (name(module), imported)
        for module in modules()
        for imported in imports(module)
        if any(f"{imported}.".startswith(f"{s}.") for s in SIGNALS)
    ]
    assert users == []


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> list[str]:
    """Return the dotted names that a module imports, wherever in it: `from a.b import c` as a.b.c."""
    found = []
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


def test_foreign_keys_point_down():
    upward = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in APPS
        for field in model._meta.get_fields(include_hidden=True)
        if field.is_relation and not field.auto_created and field.related_model and field.related_model._meta.app_label in APPS
        if APPS.index(field.related_model._meta.app_label) > APPS.index(model._meta.app_label)
    ]
    assert upward == []


def test_every_app_is_installed_and_stands_in_the_contracts():
    contracts = tomllib.loads((BASE / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = [word for layer in reversed(contracts["contracts"][0]["layers"]) for word in re.findall(r"\w+", layer)]
    assert layers == APPS
    assert sorted(contracts["root_packages"]) == sorted(APPS)
    assert [config.label for config in apps.get_app_configs() if Path(config.path).parent == BASE] == APPS
    assert sorted(path.parent.name for path in BASE.glob("*/__init__.py")) == sorted([*APPS, "tests"])


@pytest.mark.parametrize("folder", ["realtime", "interview", "moderation"])
def test_inner_layers_are_exhaustive(folder):
    contracts = tomllib.loads((BASE / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    assert [contract["exhaustive"] for contract in contracts if contract.get("containers") == [folder]] == [True]


def text_files() -> list[Path]:
    paths = (path for path in BASE.rglob("*") if not GENERATED & set(path.relative_to(BASE).parts) and path.is_file())
    return sorted(path for path in paths if path.suffix not in {".png", ".jpg", ".ico", ".mo", ".woff2", ".gz"})


def test_nothing_tells_where_it_was_made():
    told = [name(path) for path in text_files() if WORKPLACE.search(path.read_text(encoding="utf-8", errors="replace"))]
    assert told == []


def test_lock_files_name_no_host():
    hosts = [
        (lock.name, line)
        for lock in BASE.glob("requirements*.txt")
        for line in lock.read_text(encoding="utf-8").splitlines()
        if "//" in line
    ]
    assert hosts == []


def test_locks_hold_every_requirement_with_a_hash():
    for lock in BASE.glob("requirements*.txt"):
        pinned = re.findall(r"^[\w.\[\],-]+==\S+.*?(?=^\S|\Z)", lock.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        assert pinned != []
        assert [entry.split()[0] for entry in pinned if "--hash=sha256:" not in entry] == []


def test_languages_have_their_folder():
    assert [path for path in settings.LOCALE_PATHS if not path.is_dir()] == []

"""Import every module of every package that pyproject.toml asks for, and of this one.

`.ci/run` calls it in an environment made anew.
"""

import importlib
import pkgutil
import re
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import smartgov

PROJECT = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]


def normalised(name: str) -> str:
    return re.split(r"[<>=~!\[; ]", name)[0].lower().replace("_", "-")


groups = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
asked = {normalised(requirement) for group in groups for requirement in group}
modules = {
    module
    for module, distributions in packages_distributions().items()
    if asked & set(map(normalised, distributions)) and module.isidentifier()
}
found = {normalised(name) for module in modules for name in packages_distributions()[module]}
if missing := asked - found:
    raise SystemExit(f"not installed, though pyproject.toml asks for it: {sorted(missing)}")
own = [module.name for module in pkgutil.walk_packages(smartgov.__path__, "smartgov.")]
for name in [*sorted(modules), *own]:
    if not name.endswith("__main__"):
        importlib.import_module(name)
print(f"{len(modules)} modules of {len(asked)} packages and {len(own)} of smartgov imported")

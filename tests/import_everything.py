"""Import every package that pyproject.toml asks for, and every module of this one.

`.ci/run` calls it in an environment made anew.
"""

import importlib
import pkgutil
import re
import tomllib
from pathlib import Path

import smartgov

IMPORT_NAMES = {"pyyaml": "yaml", "python_docx": "docx", "pytest_xdist": "xdist"}

project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
groups = [project["dependencies"], *project["optional-dependencies"].values()]
names = [re.match(r"[\w-]+", text)[0].replace("-", "_") for group in groups for text in group]
asked = {IMPORT_NAMES.get(name, name) for name in names}
own = {module.name for module in pkgutil.walk_packages(smartgov.__path__, "smartgov.")}
for name in sorted(asked | own - {"smartgov.__main__"}):
    importlib.import_module(name)
print(f"{len(asked)} packages and {len(own) - 1} modules of smartgov imported")

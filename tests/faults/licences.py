"""Under which licences do the locked packages stand? `make licences` writes LICENCES.md.

A licence is read from an installed package's own metadata. Of a package that another system or
Python needs, the line is kept as long as its version is locked; a new one is to be filled in.
"""

import re
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LISTED = ROOT / "LICENCES.md"
LOCKS = {"requirements.lock": "make", "requirements-test.lock": "make test"}
HEAD = """# Licences of the locked packages

The code of this repository is MIT ([LICENSE](LICENSE)), its data CC BY 4.0
([data/LICENSE.md](data/LICENSE.md)). It copies no other package: each is installed by name from
the locks and stays under its own licence. None asks that what uses it be published under its terms;
MPL-2.0 asks it of changed files of the package itself only. Where two are named with *or*, you
choose. Written by `make licences`.

| package | version | licence | installed by |
|---|---|---|---|
"""
UNKNOWN = "to be filled in"


def locked() -> dict[str, tuple[str, str]]:
    """Every locked package: its version, and the target that installs it."""
    return {
        name: (version, target)
        for lock, target in reversed(LOCKS.items())
        for name, version in re.findall(
            r"^([\w.-]+)==([^\s;]+)", (ROOT / lock).read_text(encoding="utf-8"), re.M
        )
    }


def listed() -> dict[str, tuple[str, str, str]]:
    """The lines of LICENCES.md: package → version, licence, target."""
    text = LISTED.read_text(encoding="utf-8") if LISTED.exists() else ""
    rows = re.findall(r"^\| ([\w.-]+) \| (\d\S*) \| (.+) \| (make.*) \|$", text, re.M)
    return {name: tuple(rest) for name, *rest in rows}


def licence(name: str, version: str) -> str | None:
    """What an installed package says of itself; None where this version is not installed."""
    try:
        package = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None
    if package.version != version:
        return None
    about = package.metadata
    classes = [
        text.split(" :: ")[-1] for text in about.get_all("Classifier", ()) if "Licen" in text
    ]
    words = about.get("License", "").strip()
    if about.get("License-Expression"):
        return about["License-Expression"].replace(" OR ", " *or* ")
    if classes:
        return " *or* ".join(dict.fromkeys(classes))
    if words and "\n" not in words:
        return words
    (path,) = [path for path in package.files if "LICENSE" in path.name.upper()][:1]
    bsd = "Redistribution and use in source and binary forms" in " ".join(path.read_text().split())
    return "BSD License" if bsd else UNKNOWN


def lines() -> dict[str, tuple[str, str, str]]:
    """What LICENCES.md should say, as far as it can be read here."""
    kept = {name: row for name, row in listed().items() if row[0] == locked().get(name, ("",))[0]}
    return {
        name: (version, licence(name, version) or kept.get(name, ("", UNKNOWN))[1], target)
        for name, (version, target) in sorted(locked().items())
    }


if __name__ == "__main__":
    rows = (" | ".join([name, *row]) for name, row in lines().items())
    LISTED.write_text(HEAD + "".join(f"| {row} |\n" for row in rows), encoding="utf-8")
    print(f"wrote {LISTED.name}")

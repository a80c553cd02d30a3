"""What goes to an archive: the last commit as an RO-Crate, with what archives and checkers ask for.

The zip holds every file of the commit, the passports of its figures, and four files made here:
``ro-crate-metadata.json`` (RO-Crate 1.2), ``codecheck.yml``, ``codemeta.json`` and ``DEPOSIT.md``,
the sections that data editors ask for. What only an author can give is left empty.
"""

from __future__ import annotations

import io
import json
import tarfile
import tomllib
import zipfile
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import yaml

from smartgov.app.doctor import other_outputs
from smartgov.app.trace import stale
from smartgov.files.archives import EPOCH
from smartgov.files.layout import ROOT
from smartgov.files.writing import staged
from smartgov.present.codebook import read_package
from smartgov.present.exhibits import exhibits
from smartgov.present.page import render

COMMIT, UNCOMMITTED = ROOT / ".make" / "commit.tar", ROOT / ".make" / "uncommitted"
"""The last commit as ``git archive`` writes it, and what is not in it: `make` asks git for both."""
MEASURED = "tests/bench/measured.json"
CRATE = "https://w3id.org/ro/crate/1.2"
CODEMETA = "https://w3id.org/codemeta/3.0"
CODECHECK = "https://codecheck.org.uk/spec/config/2.0/"
LICENCES = {
    "https://spdx.org/licenses/MIT": "MIT",
    "https://creativecommons.org/licenses/by/4.0/": "CC BY 4.0",
}
"""Of the code, and of the data."""
KINDS = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".md": "text/markdown",
    ".py": "text/x-python",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".json": "application/json",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
    ".ipynb": "application/x-ipynb+json",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
"""Of files by the ends of their names, which a system's own list may not know; others are text."""


def write_deposit(folder: Path) -> Path:
    """Write the last commit as ``smartgov-VERSION.zip`` into a folder; the same bytes each time.

    Raises
    ------
    ValueError
        If the folder is no clone, something is not committed, or a figure is stale.
    """
    if not COMMIT.is_file():
        raise ValueError("make deposit writes the last commit: run it in a clone, with git.")
    if UNCOMMITTED.read_text(encoding="utf-8"):
        raise ValueError("not all is committed; commit or stash it first (git status lists it).")
    if old := [*stale(), *other_outputs()]:
        raise ValueError(f"{old[0]}. {len(old)} such in all; make trace and make doctor list them.")
    with tarfile.open(COMMIT) as archive:
        members = [member for member in archive if member.isfile()]
        files = {member.name: archive.extractfile(member).read() for member in members}
        commit = archive.pax_headers["comment"]
    executable = {member.name for member in members if member.mode & 0o100}
    for path in (ROOT / "figures").glob("*_passport.json"):
        files[path.relative_to(ROOT).as_posix()] = path.read_bytes()
    day = datetime.fromtimestamp(members[0].mtime, UTC).date().isoformat()
    about = _about(files) | {"commit": commit, "day": day}
    texts = {
        "DEPOSIT.md": render("deposit.md", **about),
        "codecheck.yml": yaml.safe_dump(
            _codecheck(about), explicit_start=True, allow_unicode=True, sort_keys=False, width=100
        ),
        "codemeta.json": _json(_codemeta(about)),
    }
    files |= {name: text.encode() for name, text in texts.items()}
    files["ro-crate-metadata.json"] = _json(_crate(about, files)).encode()
    name = f"smartgov-{about['version']}.zip"
    with staged(folder) as new:
        (new / name).write_bytes(_zipped(files, executable))
    return folder / name


def _about(files: dict[str, bytes]) -> dict:
    """What the metadata say, read from the commit itself."""
    project = tomllib.loads(files["pyproject.toml"].decode())["project"]
    cited = yaml.safe_load(files["CITATION.cff"])
    return {
        "cited": cited,
        "article": cited["references"][0],
        "version": project["version"],
        "python": project["requires-python"],
        "requirements": project["dependencies"],
        "description": project["description"],
        "measured": json.loads(files[MEASURED]),
        "exhibits": (drawn := exhibits()),
        "figures": {
            f"figures/{each.name}.{kind}": each for each in drawn for kind in ("svg", "png", "csv")
        },
        "tables": read_package()["resources"],
        "megabytes": sum(map(len, files.values())) / 1e6,
    }


def _codecheck(about: dict) -> dict:
    """The manifest of what a checker should find again; the rest is for authors and checkers."""
    figures = [
        {"file": name, "comment": f"{each.section} ({each.notebook.name})"}
        for name, each in about["figures"].items()
    ]
    tables = [
        {"file": f"data/{each['path']}", "comment": each["description"]}
        for each in about["tables"]
        if each["path"].startswith("derived/")
    ]
    empty = dict.fromkeys(("codechecker", "summary", "check_time", "certificate", "report"))
    paper = {"title": about["article"]["title"], "authors": None, "reference": None}
    return {"version": CODECHECK, "paper": paper, "manifest": figures + tables, **empty}


def _codemeta(about: dict) -> dict:
    cited = about["cited"]
    return {
        "@context": CODEMETA,
        "@type": "SoftwareSourceCode",
        "name": cited["title"],
        "description": about["description"],
        "version": about["version"],
        "dateModified": about["day"],
        "license": next(iter(LICENCES)),
        "author": [{"@type": "Organization", **author} for author in cited["authors"]],
        "keywords": cited["keywords"],
        "programmingLanguage": {"@type": "ComputerLanguage", "name": "Python"},
        "runtimePlatform": f"Python {about['python']}",
        "softwareRequirements": about["requirements"],
        "memoryRequirements": f"{about['measured']['peak_mib']} MiB",
        "buildInstructions": "README.md",
        "referencePublication": {"@type": "ScholarlyArticle", "name": about["article"]["title"]},
    }


def _crate(about: dict, files: dict[str, bytes]) -> dict:
    """Every file with its size and hash, below one data set."""
    described = {f"data/{each['path']}": each["description"] for each in about["tables"]}
    described |= {name: each.section for name, each in about["figures"].items()}
    code, data = LICENCES
    authors = [
        {"@id": f"#author-{number}", "@type": "Organization", **author}
        for number, author in enumerate(about["cited"]["authors"], 1)
    ]
    listed = [
        {
            "@id": quote(name),
            "@type": "File",
            "contentSize": str(len(content)),
            "encodingFormat": KINDS.get(Path(name).suffix, "text/plain"),
            "sha256": sha256(content).hexdigest(),
            **({"description": described[name]} if name in described else {}),
            **({"license": {"@id": data}} if name.startswith("data/") else {}),
        }
        for name, content in sorted(files.items())
    ]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": about["cited"]["title"],
        "description": about["description"],
        "version": about["version"],
        "datePublished": about["day"],
        "license": {"@id": code},
        "author": [{"@id": each["@id"]} for each in authors],
        "keywords": about["cited"]["keywords"],
        "citation": {"@id": "#article"},
        "hasPart": [{"@id": each["@id"]} for each in listed],
    }
    article = {"name": about["article"]["title"], "inLanguage": "kk"}
    head = {"@id": "ro-crate-metadata.json", "@type": "CreativeWork", "about": {"@id": "./"}}
    graph = [
        head | {"conformsTo": {"@id": CRATE}},
        root,
        {"@id": "#article", "@type": "ScholarlyArticle", **article},
        *authors,
        *(
            {"@id": address, "@type": "CreativeWork", "name": name}
            for address, name in LICENCES.items()
        ),
        *listed,
    ]
    return {"@context": f"{CRATE}/context", "@graph": graph}


def _json(content: dict) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _zipped(files: dict[str, bytes], executable: set[str]) -> bytes:
    """An archive with fixed dates, uncompressed: the same bytes whatever the zlib."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system, mode = 3, 0o755 if name in executable else 0o644
            entry.external_attr = (0o100000 | mode) << 16
            archive.writestr(entry, content)
    return written.getvalue()

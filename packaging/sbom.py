"""Writes the bill of materials of the frozen program: CycloneDX, by its own tool, for what is shipped and nothing else.

The tool (`cyclonedx-py`) describes the whole environment that built; here the parts that are in the program are kept,
and those that are no Python packages are added: Python, Qt, the system's libraries, ICU, fonts. Standard library only.
"""

from __future__ import annotations

import importlib.metadata
import json
import platform
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import bundle
from building import BUILD, DIST, INSIDE, PACKAGING, ROOT, BuildError, run, version


def make_sbom(tools: Path, target: Path = DIST) -> Path:
    """Write the bill of materials and return its path.

    Args:
        tools: the folder of programs in which `cyclonedx-py` lies. target: the folder it goes into.

    Raises:
        BuildError: the tool failed, or a part of the program is not in its list.
    """
    whole = BUILD / "environment.cdx.json"
    tool = tools / ("cyclonedx-py.exe" if sys.platform == "win32" else "cyclonedx-py")
    command = [str(tool), "environment", sys.executable, "--pyproject", str(ROOT / "pyproject.toml")]
    command += ["--mc-type", "application", "--output-reproducible", "--short-PURLs", "-o", str(whole)]
    run(command, trouble="The bill of materials could not be written.")
    told = json.loads(whole.read_text(encoding="utf-8"))
    table = tomllib.loads((PACKAGING / "notices.toml").read_text(encoding="utf-8"))
    owners = bundle.owners(INSIDE, table)
    shipped = {_plain(each.name) for each in owners if each.kind == bundle.PACKAGE} - {"annotator-desktop"}
    told["components"] = [each for each in told["components"] if _plain(each["name"]) in shipped]
    lost = shipped - {_plain(each["name"]) for each in told["components"]}
    if lost:
        raise BuildError(f"The bill of materials lacks {', '.join(sorted(lost))}.")
    told["components"] += _others(owners)
    told["components"].sort(key=lambda each: each["bom-ref"])
    main = told["metadata"]["component"]
    main["version"] = version()
    references = {each["bom-ref"] for each in told["components"]} | {main["bom-ref"]}
    told["dependencies"] = [
        {**each, "dependsOn": [other for other in each.get("dependsOn", []) if other in references]}
        for each in told.get("dependencies", [])
        if each["ref"] in references
    ]
    for each in (*told["components"], main):  # where a build lay is nobody's business
        each["externalReferences"] = [
            other for other in each.get("externalReferences", []) if not other["url"].startswith("file:")
        ]
    target.mkdir(parents=True, exist_ok=True)
    file = target / f"annotator-{version()}-{sys.platform}.cdx.json"
    file.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return file


def _others(owners: dict[bundle.Owner, set[str]]) -> list[dict[str, Any]]:
    qt = importlib.metadata.version("PySide6-Essentials")
    found = [
        _component("Python", platform.python_version(), "PSF-2.0", kind="platform"),
        _component("Qt", qt, "LGPL-3.0-only"),
    ]
    for each in sorted(owners):
        if each.kind == bundle.SYSTEM:
            number = bundle.debian_version(each.name)
            found.append(_component(each.name, number, "", purl=f"pkg:deb/debian/{each.name}@{number}"))
        elif each.kind in (bundle.LIBRARY, bundle.FONT):
            found.append(_component(each.name, "", "OFL-1.1" if each.kind == bundle.FONT else "Unicode-3.0"))
    return found


def _component(
    name: str, number: str, licence: str, *, kind: str = "library", purl: str = ""
) -> dict[str, Any]:
    return {
        "type": kind,
        "bom-ref": f"{name}=={number}" if number else name,
        "name": name,
        **({"version": number} if number else {}),
        **({"licenses": [{"license": {"id": licence}}]} if licence else {}),
        **({"purl": purl} if purl else {}),
    }


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()

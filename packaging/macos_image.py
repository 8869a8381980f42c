"""Makes the disk image for macOS from annotator.app, signed and notarised where the environment says by whom.

    ANNOTATOR_SIGN_AS        "Developer ID Application: ...", as the keychain names it; without it nothing is signed
    ANNOTATOR_NOTARISE_AS    a profile that `xcrun notarytool store-credentials` has kept; without it no notarisation

Standard library only.
"""

from __future__ import annotations

import os
import platform
import shutil
from pathlib import Path

from building import BUILD, DIST, FROZEN, PACKAGING, BuildError, run, version

BUNDLE = FROZEN / "annotator.app"
_RIGHTS = PACKAGING / "macos" / "entitlements.plist"


def make(target: Path = DIST) -> Path:
    """Make the image and return its path.

    Raises:
        BuildError: a tool failed, or there is no bundle.
    """
    if not BUNDLE.is_dir():
        raise BuildError("There is no annotator.app yet; PyInstaller makes it on macOS.")
    identity, profile = os.environ.get("ANNOTATOR_SIGN_AS"), os.environ.get("ANNOTATOR_NOTARISE_AS")
    if identity:
        _sign(identity)
    stage = BUILD / "image"
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    shutil.copytree(BUNDLE, stage / BUNDLE.name, symlinks=True)
    (stage / "Applications").symlink_to("/Applications")
    file = target / f"annotator-{version()}-macos-{platform.machine()}.dmg"
    command = [
        "hdiutil",
        "create",
        "-volname",
        "annotator",
        "-srcfolder",
        str(stage),
        "-ov",
        "-format",
        "UDZO",
    ]
    run([*command, str(file)], trouble="The disk image could not be made.")
    if identity:
        run(["codesign", "--sign", identity, "--timestamp", str(file)], trouble="The image was not signed.")
    if identity and profile:
        submit = ["xcrun", "notarytool", "submit", str(file), "--keychain-profile", profile, "--wait"]
        run(submit, trouble="Apple did not notarise the image.")
        run(["xcrun", "stapler", "staple", str(file)], trouble="The notarisation could not be attached.")
    return file


def _sign(identity: str) -> None:
    """Sign the bundle: first what lies deepest in it, at last the whole."""
    sign = ["codesign", "--force", "--sign", identity, "--timestamp", "--options", "runtime"]
    inner = [path for path in BUNDLE.rglob("*") if path.suffix in {".so", ".dylib"} and not path.is_symlink()]
    frameworks = [path for path in BUNDLE.rglob("*.framework") if not path.is_symlink()]
    deepest = sorted([*inner, *frameworks], key=lambda path: len(path.parts), reverse=True)
    for path in deepest:
        run([*sign, str(path)], trouble=f"{path.name} was not signed.")
    run([*sign, "--entitlements", str(_RIGHTS), str(BUNDLE)], trouble="The bundle was not signed.")
    run(["codesign", "--verify", "--deep", "--strict", str(BUNDLE)], trouble="The signature does not hold.")

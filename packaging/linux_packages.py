"""Makes the packages for Linux of the frozen program: a .deb, and a .tar.gz that runs from any folder.

The same commit gives the same bytes: files in the order of their names, with the time of the commit, owned by root.
Standard library only, but for the icons and the manual page, which the program's own libraries draw and write.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import io
import os
import platform
import shutil
import subprocess
import tarfile
import tomllib
from pathlib import Path

import bundle
import depends
import icons
import man_page
import notices
from building import (
    BUILD,
    DIST,
    FOLDER,
    PACKAGING,
    ROOT,
    BuildError,
    commit_time,
    files_in,
    run,
    version,
)

LINUX = PACKAGING / "linux"
NAME = "annotator"
#: Debian's and the kernel's names of the same machines.
_MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}
_SIZES = (16, 24, 32, 48, 64, 128, 256, 512)


def make_deb(target: Path = DIST, *, number: str = "", packing: str = "xz") -> Path:
    """Make the .deb and return its path.

    Args:
        target: the folder it goes into. number: its version, by default the program's.
        packing: as dpkg-deb names it; `none` takes seconds, `xz` minutes.

    Raises:
        BuildError: a tool failed or is missing.
    """
    machine = _MACHINES.get(platform.machine())
    if machine is None or shutil.which("dpkg-deb") is None:
        raise BuildError("A .deb is made on Debian or Ubuntu, on x86-64 or arm64.")
    number = number or version()
    root = BUILD / "deb" / "root"
    shutil.rmtree(root, ignore_errors=True)
    _lay_out(root, number)
    program = root / "usr" / "lib" / NAME
    control = root / "DEBIAN"
    control.mkdir()
    size = sum(path.stat().st_size for path in files_in(root) if not path.is_symlink()) // 1024
    fields = {
        "Package": NAME,
        "Version": number,
        "Architecture": machine,
        "Maintainer": "The developers of annotator <developers@annotator.invalid>",
        "Installed-Size": str(size),
        "Depends": ", ".join(depends.depends(program)),
        "Recommends": ", ".join(depends.RECOMMENDS),
        "Section": "text",
        "Priority": "optional",
        "Description": "label articles with entities and relations\n"
        " Shows a whole article with its candidate spans highlighted; entities and\n"
        " relations are confirmed or fixed, mostly from the keyboard. The result\n"
        " trains a model as it is, as spaCy DocBin or JSONL, or leaves in the format\n"
        " of another tool. An English pipeline for the first candidates is included.\n"
        " .\n"
        " Everything stays on this computer: no server, no browser, no account.",
    }
    text = "".join(f"{name}: {value}\n" for name, value in fields.items())
    (control / "control").write_text(text, encoding="utf-8")
    sums = [
        f"{hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}  {path.relative_to(root)}\n"
        for path in files_in(root)
        if not path.is_symlink() and control not in path.parents
    ]
    (control / "md5sums").write_text("".join(sums), encoding="utf-8")
    _set_times(root)
    target.mkdir(parents=True, exist_ok=True)
    file = target / f"{NAME}_{number}_{machine}.deb"
    # One thread: how several share the work decides what comes out.
    command = ["dpkg-deb", "--build", f"-Z{packing}", "--threads-max=1", "--root-owner-group"]
    run([*command, str(root), str(file)], trouble="The .deb could not be made.")
    return file


def make_tar(target: Path = DIST) -> Path:
    """Make the .tar.gz and return its path."""
    top = f"{NAME}-{version()}-linux-{platform.machine()}"
    stage = BUILD / "tar" / top
    shutil.rmtree(stage.parent, ignore_errors=True)
    shutil.copytree(FOLDER, stage, symlinks=True)
    needs = "\n".join(f"    {each}" for each in depends.depends(stage) if each not in depends.ALWAYS)
    readme = _filled((LINUX / "README.txt").read_text(encoding="utf-8")).replace("@NEEDS@", needs)
    (stage / "README.txt").write_text(readme, encoding="utf-8")
    shutil.copy(ROOT / "LICENSE", stage / "LICENSE")
    target.mkdir(parents=True, exist_ok=True)
    file = target / f"{top}.tar.gz"
    with (
        file.open("wb") as raw,
        gzip.GzipFile("", "wb", 9, raw, mtime=commit_time()) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path in (stage, *sorted(stage.rglob("*"))):
            tar.add(path, arcname=path.relative_to(stage.parent), recursive=False, filter=_plain)
    return file


def _plain(each: tarfile.TarInfo) -> tarfile.TarInfo:
    each.uid = each.gid = 0
    each.uname = each.gname = "root"
    each.mtime = commit_time()
    if each.isdir():
        each.mode = 0o755
    return each


def _lay_out(root: Path, number: str) -> None:
    """Put everything where Debian wants it; what Debian's own packages bring is left to them."""
    program = root / "usr" / "lib" / NAME
    shutil.copytree(FOLDER, program, symlinks=True)
    inside = program / "_internal"
    table = tomllib.loads((PACKAGING / "notices.toml").read_text(encoding="utf-8"))
    for owner, files in bundle.owners(inside, table).items():
        if owner.kind == bundle.SYSTEM:
            for name in files:
                (inside / name).unlink()
    notices.write(inside)
    share = root / "usr" / "share"
    _write(share / "applications" / "annotator.desktop", (LINUX / "annotator.desktop").read_text("utf-8"))
    _write(share / "mime" / "packages" / "annotator.xml", (LINUX / "annotator.xml").read_text("utf-8"))
    about = "org.annotator.desktop.metainfo.xml"
    _write(share / "metainfo" / about, _filled((LINUX / about).read_text("utf-8"), number))
    pictures = icons.draw()
    for size in _SIZES:
        folder = share / "icons" / "hicolor" / f"{size}x{size}" / "apps"
        folder.mkdir(parents=True)
        shutil.copy(pictures / f"{size}.png", folder / "annotator.png")
    scalable = share / "icons" / "hicolor" / "scalable" / "apps"
    scalable.mkdir(parents=True)
    shutil.copy(icons.SOURCE, scalable / "annotator.svg")
    _write_packed(share / "man" / "man1" / "annotator.1.gz", man_page.page())
    documents = share / "doc" / NAME
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    _write(documents / "copyright", f"{licence}\n{_OTHERS}")
    _write_packed(documents / "NEWS.gz", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    starter = root / "usr" / "bin" / NAME
    starter.parent.mkdir(parents=True)
    starter.symlink_to(f"../lib/{NAME}/annotator")


_OTHERS = """All other parts have their own licences: their texts, Qt's under the LGPL-3 among them, are in
/usr/lib/annotator/_internal/annotator/notices, and in the window under Help, About.
"""


def _filled(text: str, number: str = "") -> str:
    day = dt.datetime.fromtimestamp(commit_time(), dt.UTC).date().isoformat()
    return text.replace("@VERSION@", number or version()).replace("@DATE@", day)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _write_packed(path: Path, text: str) -> None:
    packed = io.BytesIO()
    with gzip.GzipFile("", "wb", 9, packed, mtime=0) as target:
        target.write(text.encode())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(packed.getvalue())


def _set_times(root: Path) -> None:
    when = commit_time()
    program = root / "usr" / "lib" / NAME
    for path in sorted(root.rglob("*"), reverse=True):
        if path.is_symlink():
            os.utime(path, (when, when), follow_symlinks=False)
            continue
        if path.is_dir():
            path.chmod(0o755)
        elif program not in path.parents:
            path.chmod(0o644)
        elif path.name != "annotator" and os.access(path, os.X_OK):
            path.chmod(0o644)  # Debian's libraries are not programs
        os.utime(path, (when, when))
    root.chmod(0o755)
    os.utime(root, (when, when))


def is_debian() -> bool:
    """Tell whether this system makes .deb packages."""
    return (
        shutil.which("dpkg-deb") is not None
        and subprocess.run(["dpkg", "--version"], capture_output=True, check=False).returncode == 0
    )

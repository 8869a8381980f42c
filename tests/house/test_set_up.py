"""The set-up: when it does its work again, what it says instead of a traceback, and what it installs."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import set_up
import system_packages
import with_display

from tests.house import source


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that looks like a checkout to the set-up."""
    (tmp_path / "annotator").mkdir()
    (tmp_path / "annotator" / "__init__.py").write_text('__version__ = "1.0"\n')
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    (tmp_path / "constraints.txt").write_text("click==8.1\n")
    monkeypatch.setattr(set_up, "ROOT", tmp_path)
    monkeypatch.setattr(set_up, "ENVIRONMENT", tmp_path / ".venv")
    monkeypatch.setattr(set_up, "STAMP", tmp_path / ".venv" / "set-up.stamp")
    monkeypatch.setattr(set_up, "LOG", tmp_path / "build" / "set-up.log")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", "[project]\nname = 'b'\n"),
        ("constraints.txt", "click==8.2\n"),
        ("annotator/__init__.py", '__version__ = "1.1"\n'),
    ],
)
def test_what_decides_the_installation_changes_the_key(checkout: Path, name: str, text: str) -> None:
    before = set_up.key()
    (checkout / name).write_text(text)
    assert set_up.key() != before


def test_other_lines_of_the_package_do_not_change_the_key(checkout: Path) -> None:
    before = set_up.key()
    (checkout / "annotator" / "__init__.py").write_text('"""New words."""\n__version__ = "1.0"\n')
    assert set_up.key() == before


def test_an_environment_with_the_right_stamp_is_left_alone(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (checkout / ".venv").mkdir()
    set_up.STAMP.write_text(set_up.key() + "\n")
    monkeypatch.setattr(set_up, "environment_works", lambda: True)
    monkeypatch.setattr(set_up, "run_logged", lambda *_, **__: pytest.fail("installed again"))
    set_up.provide_environment()


def test_an_environment_that_works_is_told_from_one_that_does_not(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not set_up.environment_works()
    monkeypatch.setattr(set_up, "ENVIRONMENT", Path(sys.prefix))
    assert set_up.environment_works() == (sys.prefix != sys.base_prefix)
    broken = checkout / ".venv" / "bin" / "python"
    broken.parent.mkdir(parents=True)
    broken.write_text("#!/no/such/interpreter\n")
    broken.chmod(0o755)
    monkeypatch.setattr(set_up, "ENVIRONMENT", checkout / ".venv")
    assert not set_up.environment_works()


def test_a_failed_installation_leaves_no_stamp(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (checkout / ".venv").mkdir()
    set_up.STAMP.write_text("an older key")
    monkeypatch.setattr(set_up, "environment_works", lambda: True)
    monkeypatch.setattr(set_up, "python", lambda: Path(sys.executable))
    monkeypatch.setattr(set_up, "EXTRAS", "no such thing")
    with pytest.raises(set_up.SetUpError, match=r"could not be installed.*set-up\.log"):
        set_up.provide_environment()
    assert not set_up.STAMP.exists()


def test_a_folder_that_is_no_environment_is_never_removed(checkout: Path) -> None:
    (checkout / ".venv").mkdir()
    (checkout / ".venv" / "thesis.txt").write_text("the only copy")
    with pytest.raises(set_up.SetUpError, match="no virtual environment"):
        set_up.make_environment()
    assert (checkout / ".venv" / "thesis.txt").read_text() == "the only copy"


def test_a_python_without_ensurepip_gets_advice(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("set_up.importlib.util.find_spec", lambda _name: None)
    with pytest.raises(set_up.SetUpError, match="python3-venv"):
        set_up.make_environment()
    assert not (checkout / ".venv").exists()


def test_without_a_new_enough_python_the_script_says_what_to_do(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit 0\nexit 1\n')
    old.chmod(0o755)
    for tool in ("sh", "dirname"):
        (tmp_path / tool).symlink_to(Path("/bin") / tool)
    run = subprocess.run(
        ["/bin/sh", str(source.ROOT / "packaging" / "setup.sh")],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert "Python 3.11 or newer is needed, and here is Python 3.9.2" in run.stderr
    assert "PYTHON=" in run.stderr


def test_constraints_hold_names_and_versions_only() -> None:
    lines = (source.ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert [line for line in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line)] == []
    assert len(pins) > 50


def test_missing_system_packages_are_named_to_whoever_may_not_install_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said: list[str] = []
    monkeypatch.setattr("system_packages.sys.platform", "linux")
    monkeypatch.setattr("system_packages.shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(system_packages, "_missing", lambda _wanted: [("libxcb-cursor0",), ("new", "old")])
    monkeypatch.setattr("system_packages.os.geteuid", lambda: 1000)
    system_packages.provide(said.append, log=tmp_path / "set-up.log")
    assert said[-1].split() == ["sudo", "apt-get", "install", "libxcb-cursor0", "old"]


def test_what_apt_could_not_install_is_not_tried_at_every_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tries: list[object] = []
    said: list[str] = []
    monkeypatch.setattr("system_packages.sys.platform", "linux")
    monkeypatch.setattr("system_packages.shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(system_packages, "_missing", lambda _wanted: [("openbox",)])
    monkeypatch.setattr("system_packages.os.geteuid", lambda: 0)
    monkeypatch.setattr(system_packages, "_install", lambda missing, *_, **__: tries.append(missing))
    for _ in range(2):
        system_packages.provide(said.append, log=tmp_path / "set-up.log")
    assert len(tries) == 1
    assert "Still not installed: openbox" in said[-1]


def test_a_command_gets_a_screen_of_its_own_and_its_exit_code_is_kept(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("QT_QPA_PLATFORM")
    program = "import os, sys; print(os.environ['QT_QPA_PLATFORM'], os.environ.get('DISPLAY')); sys.exit(7)"
    assert with_display.main([sys.executable, "-c", program]) == 7
    said = capfd.readouterr().out
    if shutil.which("Xvfb"):
        assert re.search(r"^xcb :\d+$", said, re.MULTILINE)
    else:
        assert "without a screen" in said


def test_without_xvfb_the_command_runs_offscreen_and_says_so(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("with_display.shutil.which", lambda _name: None)
    program = "import os; print(os.environ['QT_QPA_PLATFORM'])"
    assert with_display.main([sys.executable, "-c", program]) == 0
    assert capfd.readouterr().out.splitlines() == [
        "with_display: Xvfb is not there; running without a screen (offscreen).",
        "offscreen",
    ]

"""What the figures were measured on."""

import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent.parent


def _first_line(command):
    if shutil.which(command[0]) is None:
        return "absent"
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
    lines = (result.stdout + result.stderr).strip().splitlines()
    return lines[0].strip() if lines else "unknown"


def _search(path, pattern):
    try:
        found = re.search(pattern, Path(path).read_text(encoding="utf-8"))
    except OSError:
        return "unknown"
    return found.group(1).strip() if found else "unknown"


def commit():
    """The commit, with a + when the tree differs from it."""
    head = _first_line(["git", "-C", str(HOME), "rev-parse", "--short=12", "HEAD"])
    changed = subprocess.run(
        ["git", "-C", str(HOME), "status", "--porcelain", "--untracked-files=no"],
        capture_output=True, text=True, check=False,
    ).stdout.strip()
    return head + ("+" if changed else "")


def facts():
    """Pairs of name and value."""
    memory = int(_search("/proc/meminfo", r"MemTotal:\s+(\d+)") or 0) / 1e6
    return [
        ("commit", commit()),
        ("kernel", platform.release()),
        ("CPU", f"{_search('/proc/cpuinfo', r'model name.*: (.*)')}, {os.cpu_count()} cores"
                + (", virtual machine" if "hypervisor" in _search("/proc/cpuinfo", r"flags.*: (.*)") else "")),
        ("memory", f"{memory:.0f} GB"),
        ("load before", " ".join(f"{x:.2f}" for x in os.getloadavg())),
        ("compiler of the limit", _first_line(["gcc", "--version"])),
        ("wrk", _first_line(["wrk", "-v"]).split(" Copyright")[0]),
        ("ab", _first_line(["ab", "-V"])),
    ]

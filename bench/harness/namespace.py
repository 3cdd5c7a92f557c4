"""A network namespace for each measurement, so that none finds the TIME_WAITs of the one before."""

import ctypes
import fcntl
import json
import os
import shutil
import signal
import socket
import struct
import sys

_LIBC = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1

PORT = 9000
SYSCTLS = {
    "ipv4/tcp_tw_reuse": "1",
    "ipv4/ip_local_port_range": "1024 65535",
    "ipv4/ip_local_reserved_ports": str(PORT),
    "core/somaxconn": "65535",
}
_INSIDE = "TCPLAB_BENCH_INSIDE"


def enter():
    """Executes this program again in a private namespace: as root by unshare -n, else with a user namespace around it."""
    if os.environ.get(_INSIDE):
        return
    unshare = shutil.which("unshare")
    if unshare is None:
        sys.exit("bench: unshare(1) of util-linux is needed")
    os.environ[_INSIDE] = "1"
    _come_first()
    options = ["-n"] if os.geteuid() == 0 else ["-Urn"]
    os.execv(unshare, [unshare, *options, sys.executable, *sys.argv])


def _come_first():
    """The session's processes run before those of other sessions, where permitted (autogroup, sched(7))."""
    try:
        with open("/proc/self/autogroup", "w", encoding="ascii") as file:
            file.write("-20")
    except OSError:
        pass


def die_with_parent():
    """For a child between fork and exec: it must not outlive the bench."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _unshare():
    if _LIBC.unshare(_CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "unshare(CLONE_NEWNET)")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        request = struct.pack("16sH14x", b"lo", 0)
        flags = struct.unpack("16sH14x", fcntl.ioctl(handle, _SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(handle, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | _IFF_UP))
    for key, value in SYSCTLS.items():
        with open(f"/proc/sys/net/{key}", "w", encoding="ascii") as file:
            file.write(value)


def inside_fresh(work):
    """Calls `work` in a child process with a network namespace of its own; returns what it returns (JSON carries it)."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(reading)
            die_with_parent()
            _unshare()
            with os.fdopen(writing, "w") as pipe:
                json.dump(work(), pipe)
            status = 0
        except Exception as error:  # the parent reports it: a child must not go on
            print(f"bench: {error}", file=sys.stderr)
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    if os.waitpid(child, 0)[1] != 0:
        return None
    return json.loads(text)

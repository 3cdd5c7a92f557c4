"""How each load generator is started, and how its figures are read. Every one gives rate, cpu (µs per unit) and what else it knows."""

import ctypes
import functools
import json
import os
import platform
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from .namespace import PORT, die_with_parent

BENCH = Path(__file__).resolve().parent.parent
HOME = BENCH.parent
LIMIT = BENCH / "target"
SERVER_CORE, CLIENT_CORE = "0", "1"
BOTH_CORES = f"{SERVER_CORE},{CLIENT_CORE}"
HOST = "127.0.0.1"


class Failed(Exception):
    """A contender did not do its work."""


def _pinned(core, command):
    return ["taskset", "-c", core, *map(str, command)]


def _finish(command, limit_seconds, environment=None, core=CLIENT_CORE):
    """Runs the client on its core; returns its output and its CPU seconds (its own and its children's)."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        client = subprocess.Popen(
            _pinned(core, command),
            stdout=output,
            stderr=errors,
            preexec_fn=die_with_parent,
            env={**os.environ, **(environment or {})},
        )
        deadline = time.monotonic() + limit_seconds
        while True:
            done, status, usage = os.wait4(client.pid, os.WNOHANG)
            if done:
                break
            if time.monotonic() > deadline:
                client.kill()
                os.wait4(client.pid, 0)
                raise Failed(f"{command[0]} did not end within {limit_seconds} s")
            time.sleep(0.02)
        client.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if client.returncode not in (0, 3, 4):
            raise Failed(f"{Path(command[0]).name} ended with {client.returncode}: {errors.read().strip()[-300:]}")
        return output.read(), usage.ru_utime + usage.ru_stime


class Target:
    """The limit's server on its core, in the namespace of the caller."""

    def __init__(self, options):
        command = [LIMIT / "limit-server", "--port", PORT, "--backlog", 32768, *options]
        self.process = subprocess.Popen(
            _pinned(SERVER_CORE, command), stdout=subprocess.PIPE, text=True, preexec_fn=die_with_parent
        )
        if not self.process.stdout.readline().startswith("listening"):
            raise Failed("the limit's server does not listen")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.communicate(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def limit(cell, seconds, warmup, rule):
    """
    The limit's client: plain epoll, or under tcplab's rule, with a look right after connect(2) and one start a poll. Warmed up as long
    as tcplab: the TIME_WAITs that this leaves are work for each later connect(2).
    """
    text, _ = _finish(
        [LIMIT / "limit-client", "--port", PORT, "--slots", cell.slots, "--optimistic", int(rule), "--starts", int(rule),
         "--warmup-millis", round(warmup * 1000), "--millis", round(seconds * 1000), *cell.client],
        seconds + warmup + 10,
    )
    return limit_figures(json.loads(text), cell.unit)


def limit_figures(figures, unit):
    """The bench's figures out of what a client of the limit prints."""
    count = figures[unit]
    cpu = figures["cpuUserSeconds"] + figures["cpuSysSeconds"]
    return {
        "rate": count / figures["seconds"],
        "cpu": cpu / count * 1e6,
        "connectP50": figures["connectP50Micros"],
        "connectP99": figures["connectP99Micros"],
        "busy": cpu / figures["seconds"],
    }


def limit_ring(cell, seconds, warmup, more=()):
    """The limit's io_uring client: each connect alone in its system call, everything else by batches; `more` are options of its."""
    text, _ = _finish(
        [LIMIT / "limit-ring", "--port", PORT, "--slots", cell.slots,
         "--warmup-millis", round(warmup * 1000), "--millis", round(seconds * 1000), *cell.client, *more],
        seconds + warmup + 10,
    )
    return limit_figures(json.loads(text), cell.unit)


@functools.cache
def has_ring():
    """Whether the kernel gives an io_uring, and knows all operations that are used (Linux 6.11)."""
    libc = ctypes.CDLL(None, use_errno=True)
    ring = libc.syscall(425, 1, ctypes.create_string_buffer(120))  # io_uring_setup(2), the same number everywhere
    if ring >= 0:
        os.close(ring)
    release = [int(number) for number in re.findall(r"\d+", platform.release())[:2]]
    return ring >= 0 and release >= [6, 11]


def system_call_nanos():
    """What a system call costs on the client's core."""
    return int(_finish([LIMIT / "limit-call"], 60)[0])


def lateness(rate, seconds, warmup):
    """How late the limit's client starts its connections at so many a second: p50 and p99 in µs."""
    text, _ = _finish(
        [LIMIT / "limit-client", "--port", PORT, "--mode", "cc", "--close", "fin-await", "--slots", 1000, "--rate", rate,
         "--warmup-millis", round(warmup * 1000), "--millis", round(seconds * 1000)],
        seconds + warmup + 10,
    )
    figures = json.loads(text)
    return {"p50": figures["lateP50Micros"], "p99": figures["lateP99Micros"]}


def build(launcher):
    """Builds what is out of date, before anything is measured; without a launcher the C programs alone."""
    subprocess.run(["make", "-s", "-C", str(BENCH / "limit")], check=True)
    if launcher is not None:
        subprocess.run([launcher, "--version"], check=True, stdout=subprocess.DEVNULL)


def summary(launcher, profile, warmup, seconds, sets, core=CLIENT_CORE):
    """Runs tcplab as a user does, everything recorded; returns its summary."""
    with tempfile.TemporaryDirectory(prefix="tcplab-bench-") as out:
        text, _ = _finish(
            [launcher, "run", BENCH / "profiles" / f"{profile}.yaml", "--target", f"{HOST}:{PORT}",
             "--json", "--quiet", "--out", Path(out) / "run",
             "--set", f"warmup={round(warmup * 1000)}ms", "--set", f"duration={round(seconds * 1000)}ms",
             *(word for key in sets for word in ("--set", key))],
            seconds + warmup + 30,
            {"TCPLAB_NO_BUILD": "1"},
            core,
        )
    return json.loads(text)


def start_tcplab(launcher, profile, out, sets):
    """Starts tcplab, with the client's core for its event loop alone; its output is piped."""
    return subprocess.Popen(
        _pinned(BOTH_CORES, [launcher, "run", BENCH / "profiles" / f"{profile}.yaml", "--target", f"{HOST}:{PORT}",
                              "--json", "--quiet", "--out", out, "--set", "client.pinCpu=true",
                              *(word for key in sets for word in ("--set", key))]),
        stdout=subprocess.PIPE, text=True, preexec_fn=die_with_parent, env={**os.environ, "TCPLAB_NO_BUILD": "1"},
    )


def hold_limit(connections):
    """Connections per second at which the limit's client opens so many."""
    text, _ = _finish(
        [LIMIT / "limit-client", "--port", PORT, "--mode", "hold", "--slots", connections, "--millis", 100], 70
    )
    figures = json.loads(text)
    return figures["connections"] / figures["seconds"]


def tcplab(cell, seconds, warmup, launcher, transport):
    sets = [f"load.closed.concurrency={cell.slots}", f"client.transport={transport}", *cell.sets]
    return summary_figures(summary(launcher, cell.profile, warmup, seconds, sets), cell.unit)


def summary_figures(result, unit):
    """The bench's figures out of a summary.json; refuses one in which connections failed."""
    outcomes = result["outcomes"]
    failed = {key: outcomes[key] for key in outcomes
              if outcomes[key] and key not in ("started", "completed", "openAtEnd")}
    if failed:
        raise Failed(f"tcplab: {failed} {result.get('causes')}")
    rate = result["rates"]["achieved" if unit == "connections" else "exchanges"]
    cpu = result["generator"]["cpuSeconds"]
    connect = result["latencies"].get("connect") or {}
    return {
        "rate": rate,
        "cpu": cpu / (rate * result["durationSeconds"]) * 1e6,
        "connectP50": connect.get("p50Micros") or 0,
        "connectP99": connect.get("p99Micros") or 0,
        "busy": cpu / result["durationSeconds"],
    }


def wrk(cell, seconds):
    """wrk, one thread. It takes no source address."""
    text, cpu = _finish(
        ["wrk", "-t1", f"-c{cell.slots}", f"-d{max(1, round(seconds))}s", *cell.peers["wrk"]], seconds + 10
    )
    count = int(re.search(r"(\d+) requests in", text).group(1))
    rate = float(re.search(r"Requests/sec:\s+([0-9.]+)", text).group(1))
    return {"rate": rate, "cpu": cpu / count * 1e6}


def ab(cell, seconds):
    """ApacheBench, a fixed count in place of a time: about what it manages."""
    count = round((15_000 if cell.unit == "connections" else 40_000) * seconds)
    text, cpu = _finish(["ab", "-q", "-n", str(count), "-c", str(cell.slots), *cell.peers["ab"]], seconds * 10 + 10)
    if int(re.search(r"Failed requests:\s+(\d+)", text).group(1)):
        raise Failed("ab: failed requests")
    rate = float(re.search(r"Requests per second:\s+([0-9.]+)", text).group(1))
    return {"rate": rate, "cpu": cpu / count * 1e6}


def for_cell(cell, options):
    """Name and measurement of each contender that is present, in the order in which they run."""
    seconds, warmup = cell.seconds or options.seconds, options.warmup
    found = {"limit": lambda: limit(cell, seconds, warmup, False)}
    ring = options.transport != "epoll" and has_ring()
    if cell.ring and ring:
        found["limit-ring"] = lambda: limit_ring(cell, seconds, warmup)
        for more in options.ring_with:
            found[f"limit-ring {more}"] = lambda more=more: limit_ring(cell, seconds, warmup, more.split())
    if options.transport in ("both", "epoll"):
        found["tcplab"] = lambda: tcplab(cell, seconds, warmup, options.tcplab, "epoll")
    if ring and options.transport != "none":
        found["tcplab-ring"] = lambda: tcplab(cell, seconds, warmup, options.tcplab, "io_uring")
    if options.rule:
        found["limit+rule"] = lambda: limit(cell, seconds, warmup, True)
    if options.against:
        found["against"] = lambda: tcplab(cell, seconds, warmup, options.against, options.against_transport)
    for name, run in (("wrk", wrk), ("ab", ab)):
        if name in cell.peers and shutil.which(name):
            found[name] = lambda run=run: run(cell, seconds)
    return found

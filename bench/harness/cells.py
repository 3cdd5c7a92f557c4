"""What is compared: one cell for each kind of load."""

from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Cell:
    """One kind of load, in the words of each contender.

    unit is what is counted: connections or requests. goal is the required ratio to the limit's epoll client, of
    `goal_figure`: cpu (work per CPU second) or rate.
    """

    name: str
    profile: str
    slots: int
    client: tuple = ()
    server: tuple = ()
    sets: tuple = ()
    unit: str = "connections"
    goal: float = 0.0
    goal_figure: str = "cpu"
    ring_goal: float = 0.0  # the same for tcplab over io_uring
    ring_goal_cheap: float = 0.0  # where a system call costs less than 0.3 µs; 0 = the same
    peers: dict = field(default_factory=dict)
    smoke: bool = False
    extra: bool = False  # only on demand
    seconds: float = 0.0  # measured time of one run; 0 = the option's
    once: bool = False  # in the first round alone

    @property
    def ring(self):
        """Whether the limit has an io_uring client for it."""
        return "--http" not in self.client and "fin-await" not in self.client


CLOSES = {
    # close: (the limit's client, its server, the profile's close)
    "fin": (("--close", "fin"), (), "{by: client, how: fin, awaitPeer: false}"),
    "fin-await": (("--close", "fin-await"), (), "{by: client, how: fin}"),
    "rst": (("--close", "rst"), (), "{by: client, how: rst}"),
    "server": (("--close", "server"), (), "{by: server, how: fin}"),
}


# Ratio per CPU second to the limit's epoll client that io_uring should reach, and where system calls are cheap.
RING_GOALS = {
    ("cc", "fin"): (1.5, 1.2),
    ("cc", "rst"): (1.5, 1.2),
    ("cc", "server"): (1.1, 1.1),
    ("crr", "fin"): (1.25, 1.25),
    ("crr", "rst"): (1.25, 1.25),
    ("crr", "server"): (1.1, 1.1),
}


def _short(mode, close, slots, goal, smoke=False, extra=False):
    client, server, profile_close = CLOSES[close]
    if close == "server":
        server = ("--close-after", "0" if mode == "cc" else "1")
    return Cell(
        name=f"{mode}-{close} @{slots}",
        profile=mode,
        slots=slots,
        client=("--mode", mode, *client),
        server=server,
        sets=(f"mix.0.close={profile_close}",),
        goal=goal,
        ring_goal=RING_GOALS.get((mode, close), (0.0, 0.0))[0],
        ring_goal_cheap=RING_GOALS.get((mode, close), (0.0, 0.0))[1],
        smoke=smoke,
        extra=extra,
    )


def _keepalive(slots, smoke=False):
    return Cell(
        name=f"keepalive @{slots}",
        profile="keepalive",
        slots=slots,
        client=("--mode", "keepalive"),
        unit="requests",
        goal=0.92,
        goal_figure="rate",
        ring_goal=1.0 if slots > 1 else 0.0,
        smoke=smoke,
    )


def _long(cell, seconds):
    """The same for a minute: garbage, compilation and TIME_WAITs have their time."""
    return replace(cell, name=f"{cell.name} {seconds:.0f} s", seconds=seconds, once=True, smoke=False, extra=False)


URL = "http://127.0.0.1:9000/"


def _http_short(name, close, peers, smoke=False):
    return Cell(
        name=name,
        profile="http-short",
        slots=100,
        client=("--mode", "crr", "--http", "1", "--sources", "0", *CLOSES[close][0]),
        server=("--http", "1"),
        sets=(f"mix.0.close={CLOSES[close][2]}",),
        peers=peers,
        smoke=smoke,
    )


CELLS = (
    _short("cc", "fin", 1, 1.00),
    _short("cc", "fin", 100, 1.00, smoke=True),
    _short("cc", "fin", 1000, 0.95, extra=True),
    _short("cc", "rst", 1, 1.00),
    _short("cc", "rst", 100, 1.00),
    _short("cc", "fin-await", 100, 0.97, extra=True),
    _short("cc", "server", 100, 0.97),
    _short("crr", "fin", 1, 0.95),
    _short("crr", "fin", 100, 0.97, smoke=True),
    _short("crr", "fin", 1000, 0.95),
    _short("crr", "rst", 1, 0.95, extra=True),
    _short("crr", "rst", 100, 0.97),
    _short("crr", "rst", 1000, 0.95, extra=True),
    _short("crr", "server", 1, 0.95, extra=True),
    _short("crr", "server", 100, 0.97),
    _short("crr", "server", 1000, 0.95),
    _keepalive(1),
    _keepalive(10),
    _keepalive(100, smoke=True),
    _keepalive(1000),
    _long(_short("cc", "fin", 100, 1.00), 60),
    _http_short("http-short @100", "fin", {"wrk": ("-H", "Connection: close", URL)}, smoke=True),
    _http_short("http-server @100", "server", {"ab": (URL,)}),
    Cell(
        name="http-keepalive @100",
        profile="http-keepalive",
        slots=100,
        client=("--mode", "keepalive", "--http", "1", "--sources", "0"),
        server=("--http", "1"),
        unit="requests",
        peers={"wrk": (URL,), "ab": ("-k", URL)},
        extra=True,
    ),
)

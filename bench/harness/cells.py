"""What is compared: one cell for each kind of load."""

from dataclasses import dataclass, field


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
    peers: dict = field(default_factory=dict)
    smoke: bool = False
    extra: bool = False  # only on demand: the full table has ten minutes


CLOSES = {
    # close: (the limit's client, its server, the profile's close)
    "fin": (("--close", "fin"), (), "{by: client, how: fin, awaitPeer: false}"),
    "fin-await": (("--close", "fin-await"), (), "{by: client, how: fin}"),
    "rst": (("--close", "rst"), (), "{by: client, how: rst}"),
    "server": (("--close", "server"), (), "{by: server, how: fin}"),
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
        smoke=smoke,
    )


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

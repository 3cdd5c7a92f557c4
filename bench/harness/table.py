"""Medians, ratios and the table."""

from statistics import median

CHEAP_CALL_NANOS = 300
RING_LIMIT_GOAL = 0.85  # per CPU second, to the limit's io_uring client


def spread(values, form):
    """median (least–most)"""
    return f"{form(median(values))} ({form(min(values))}–{form(max(values))})"


def ratios(cell_results, contender, base, figure):
    """Work per CPU second (figure cpu) or rate of a contender over that of `base`, for each round in which both ran."""
    pairs = [
        (round_[contender], round_[base]) for round_ in cell_results if round_.get(contender) and round_.get(base)
    ]
    if figure == "cpu":
        return [b["cpu"] / c["cpu"] for c, b in pairs]
    return [c["rate"] / b["rate"] for c, b in pairs]


def _rate(value):
    return f"{value:,.0f}"


def _micros(value):
    return f"{value:.1f}"


def _ratio(value):
    return f"{value:.2f}"


def rows(cell, rounds, bases, call_nanos):
    order = ("limit", "limit+rule", "limit-ring", "tcplab", "tcplab-ring", "against", "wrk", "ab")
    measured = {name: None for round_ in rounds for name in round_ if round_[name]}
    names = sorted(measured, key=lambda name: order.index(name.split()[0]))  # limit-ring with options behind limit-ring
    for name in names:
        figures = [r[name] for r in rounds if r.get(name)]
        row = [
            cell.name if name == names[0] else "",
            name,
            spread([f["rate"] for f in figures], _rate),
            spread([f["cpu"] for f in figures], _micros),
        ]
        for base in bases:
            for figure in ("cpu", "rate"):
                found = ratios(rounds, name, base, figure)
                row.append(spread(found, _ratio) if found and name != base and name != "limit" else "")
        row.append(
            f"{median(f['connectP50'] for f in figures):.0f} / {median(f['connectP99'] for f in figures):.0f}"
            if figures[0].get("connectP50")
            else ""
        )
        row.append(verdict(cell, rounds, name, call_nanos))
        yield row


def goal_of(cell, name, call_nanos):
    """What this contender should reach; 0 = nothing."""
    if name == "tcplab-ring":
        cheap = call_nanos < CHEAP_CALL_NANOS and cell.ring_goal_cheap
        return cell.ring_goal_cheap if cheap else cell.ring_goal
    return cell.goal if name == "tcplab" else 0.0


def verdict(cell, rounds, name, call_nanos):
    """How the goal stands, in a few words."""
    said = [one_verdict(rounds, name, "limit", cell.goal_figure, goal_of(cell, name, call_nanos))]
    if name == "tcplab-ring":
        said.append(one_verdict(rounds, name, "limit-ring", "cpu", RING_LIMIT_GOAL if cell.ring else 0.0))
    return "; ".join(filter(None, said))


def one_verdict(rounds, name, base, figure, goal):
    found = ratios(rounds, name, base, figure) if goal else []
    if not found:
        return ""
    reached = median(found)
    return f"{figure} ÷ {base} ≥ {goal:.2f}: " + ("reached" if reached >= goal else f"missed by {goal - reached:.2f}")


def markdown(results, call_nanos):
    """The whole table; `results` is a list of (cell, rounds), `call_nanos` what a system call costs."""
    measured = {name for _, rounds in results for round_ in rounds for name in round_ if round_[name]}
    bases = [base for base in ("limit", "limit+rule", "limit-ring") if base in measured]
    header = ["load @slots", "who", "per second", "client CPU µs each"]
    for base in bases:
        header += [f"per CPU second ÷ {base}", f"rate ÷ {base}"]
    header += ["connect p50 / p99 µs", "goal"]
    body = [header] + [row for cell, rounds in results for row in rows(cell, rounds, bases, call_nanos)]
    widths = [max(len(row[i]) for row in body) for i in range(len(header))]

    def line(row):
        return "| " + " | ".join(text.ljust(width) for text, width in zip(row, widths)) + " |"

    return "\n".join([line(header), "|" + "|".join("-" * (w + 2) for w in widths) + "|", *map(line, body[1:])])

"""Plots as SVG."""

from html import escape

import candidates as known

BAR = 18
GAP = 8
LEFT = 190
WIDTH = 460
COLOURS = {"pushwire": "#0b6e4f", "limit": "#555555"}
OTHER = "#9fb4c7"


def svg(width, height, parts):
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
            f'font-family="sans-serif" font-size="12"><rect width="{width}" height="{height}" fill="#ffffff"/>'
            + "".join(parts) + "</svg>\n")


def label(x, y, text, anchor="start", weight="normal"):
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" font-weight="{weight}" fill="#222222">{escape(text)}</text>'


def bars(title, unit, values):
    """One bar for each candidate; values: (name, value), in the order from above."""
    most = max(value for _, value in values)
    parts = [label(10, 22, title, weight="bold")]
    for i, (name, value) in enumerate(values):
        y = 36 + i * (BAR + GAP)
        width = WIDTH * value / most
        parts.append(label(LEFT - 8, y + BAR - 5, known.ALL[name].title, "end"))
        parts.append(f'<rect x="{LEFT}" y="{y}" width="{width:.1f}" height="{BAR}" fill="{COLOURS.get(name, OTHER)}"/>')
        parts.append(label(LEFT + width + 6, y + BAR - 5, f"{value:,.0f} {unit}" if value >= 100 else f"{value:.2f} {unit}"))
    return svg(LEFT + WIDTH + 130, 44 + len(values) * (BAR + GAP), parts)


def lines(title, unit, points):
    """One line for each candidate; points: name → [(x, y)]."""
    xs = sorted({x for line in points.values() for x, _ in line})
    top = max(y for line in points.values() for _, y in line) * 1.15
    left, height, bottom = 60, 240, 285

    def at(x, y):
        return left + WIDTH * x / xs[-1], bottom - y / top * height

    parts = [label(10, 22, f"{title}, {unit}", weight="bold")]
    for i in range(5):
        y = bottom - i * height / 4
        parts.append(f'<path d="M{left} {y:.0f}H{left + WIDTH}" stroke="#dddddd"/>'
                     + label(left - 6, y + 4, f"{top * i / 4:.1f}", "end"))
    parts += [label(at(x, 0)[0], bottom + 18, f"{x:,}", "middle") for x in xs]
    for name, line in points.items():
        path = " ".join(f"{x:.0f},{y:.0f}" for x, y in (at(*point) for point in line))
        parts.append(f'<polyline points="{path}" fill="none" stroke="{COLOURS.get(name, OTHER)}" stroke-width="2.5"/>')
        x, y = at(*line[-1])
        parts.append(label(x + 8, y + 4, known.ALL[name].title))
    return svg(left + WIDTH + 190, bottom + 30, parts)


def by_rate(work, figures):
    values = [(name, figures.median(work, name, "deliveries_per_second")) for name in figures.candidates(work)]
    return sorted(values, key=lambda pair: -pair[1])


def draw(figures, folder):
    for work, title in (("fanout-1k-w1", "1,000 connections, one message at a time"),
                        ("fanout-1k-w8", "1,000 connections, eight messages outstanding"),
                        ("fanout-10k-w1", "10,000 connections, one message at a time")):
        values = by_rate(work, figures)
        if values:
            (folder / f"{work}.svg").write_text(bars(title, "deliveries/s", values))
    late = [(name, figures.median("rate-1k", name, "p99_us") / 1000) for name in figures.candidates("rate-1k")]
    if late:
        values = sorted(late, key=lambda pair: pair[1])
        (folder / "rate-1k.svg").write_text(bars("20 messages/s to 1,000 connections, 99th percentile", "ms", values))
    growth = {}
    for work, connections in (("fanout-1k-w1", 1_000), ("fanout-10k-w1", 10_000), ("fanout-16k-w1", 16_000)):
        for name in ("pushwire", "limit"):
            value = figures.median(work, name, "server_cpu_us")
            if value is not None:
                growth.setdefault(name, []).append((connections, value))
    if growth:
        (folder / "growth.svg").write_text(lines("CPU of the server by connections", "µs per delivery", growth))

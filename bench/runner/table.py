"""Medians and ratios of the raw lines, as Markdown."""

from dataclasses import dataclass
from statistics import median

import candidates as known
from works import ROWS, WORKS


class Figures:
    """The raw lines by work, candidate and round."""

    def __init__(self, lines):
        self.lines = [line for line in lines if "error" not in line]

    def rounds(self, work, candidate, figure):
        return {line["round"]: line[figure] for line in self.lines
                if line["work"] == work and line["candidate"] == candidate and figure in line}

    def median(self, work, candidate, figure):
        values = self.rounds(work, candidate, figure).values()
        return median(values) if values else None

    def candidates(self, work):
        return list(dict.fromkeys(line["candidate"] for line in self.lines if line["work"] == work))


@dataclass(frozen=True)
class Judged:
    row: object
    value: float  # the median of the rounds
    least: float
    most: float

    @property
    def verdict(self):
        if self.reaches(self.row.goal):
            return "goal met"
        missed = abs(self.value / self.row.goal - 1) * 100
        if self.reaches(self.row.floor):
            return f"floor met, goal missed by {missed:.0f} %"
        return f"floor missed by {abs(self.value / self.row.floor - 1) * 100:.0f} %"

    def reaches(self, bound):
        return self.value <= bound if self.row.lower else self.value >= bound


def ratios(row, figures):
    """One for each round in which all that it takes was measured."""
    def growth(candidate):
        now = figures.rounds(row.work, candidate, row.figure)
        then = figures.rounds(row.over, candidate, row.figure) if row.over else dict.fromkeys(now, 1)
        return {number: now[number] / then[number] for number in now.keys() & then.keys()}
    product = growth(row.product)
    peer = growth(row.peer) if row.peer else dict.fromkeys(product, 1)
    return [product[number] / peer[number] for number in sorted(product.keys() & peer.keys())]


def judge(row, figures):
    values = ratios(row, figures)
    return Judged(row, median(values), min(values), max(values)) if values else None


def number(value):
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 20 else f"{value:.2f}"


def goals(figures):
    lines = ["| work | Pushwire | other | ratio (least–most) | floor | goal | |", "|---|---|---|---|---|---|---|"]
    for row in ROWS:
        judged = judge(row, figures)
        if judged is None:
            continue
        product = number(figures.median(row.work, row.product, row.figure))
        peer = number(figures.median(row.work, row.peer, row.figure)) if row.peer else "–"
        lines.append(f"| {row.title} | {product} | {peer} | {number(judged.value)} ({number(judged.least)}–"
                     f"{number(judged.most)}) | {number(row.floor)} | {number(row.goal)} | {judged.verdict} |")
    return "\n".join(lines)


def side_by_side(work, figures):
    lines = [f"**{work.title}**", "",
             "| | deliveries/s | × limit | CPU µs each | p50 µs | p99 µs | RSS MB | load generator |",
             "|---|---|---|---|---|---|---|---|"]
    def of(name, figure):
        return figures.median(work.name, name, figure)
    names = figures.candidates(work.name)
    limit = of("limit", "deliveries_per_second")
    for name in sorted(names, key=lambda name: -of(name, "deliveries_per_second")):
        rate = of(name, "deliveries_per_second")
        lines.append(f"| {known.ALL[name].title} | {number(rate)} | {number(rate / limit) if limit else '–'} | "
                     f"{number(of(name, 'server_cpu_us'))} | {number(of(name, 'p50_us'))} | {number(of(name, 'p99_us'))} | "
                     f"{number(of(name, 'server_rss_kb') / 1024)} | {of(name, 'load_cpu_share') * 100:.0f} % |")
    return "\n".join(lines)


def text(figures, machine):
    parts = [goals(figures)]
    parts += [side_by_side(work, figures) for work in WORKS
              if work.kind == "deliveries" and figures.candidates(work.name)]
    parts.append("\n".join(f"- {name}: {value}" for name, value in machine.items()))
    return "\n\n".join(parts) + "\n"

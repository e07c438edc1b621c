"""The HTML around a report: one file with everything in it, for light and dark screens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .wording import escaped

_STYLE = """
:root { color-scheme: light dark; --page: #fff; --ink: #1b2430; --quiet: #5b6776; --rule: #d9dfe6;
  --panel: #f5f7f9; --good: #17683a; --bad: #b3261e; --good-back: #e3f4e9; --bad-back: #fbe6e4;
  --open: #7a5200; --open-back: #fdf1d8;
  --c0: #1f6fd0; --c1: #c2570c; --c2: #2e7d4f; --c3: #8a3fb0; --c4: #6b7280; }
@media (prefers-color-scheme: dark) { :root { --page: #12171d; --ink: #e6ebf1; --quiet: #9aa7b5;
  --rule: #2f3944; --panel: #1a2129; --good: #7fd8a0; --bad: #ff9d94; --good-back: #16301f;
  --bad-back: #3a1a18; --open: #f2c879; --open-back: #33270f; --c0: #6db1ff;
  --c1: #ffab6b; --c2: #7fd8a0; --c3: #d4a2f0; --c4: #a9b3bf; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 24px 20px 48px; }
h1 { font-size: 22px; margin: 0 0 4px; } h2 { font-size: 17px; margin: 32px 0 10px; }
p { margin: 6px 0; } .quiet, small { color: var(--quiet); }
.verdict { padding: 12px 16px; border-radius: 6px; font-size: 18px; font-weight: 600;
  margin: 14px 0; border-left: 5px solid; }
.verdict.good { background: var(--good-back); color: var(--good); }
.verdict.bad { background: var(--bad-back); color: var(--bad); }
.verdict.open { background: var(--open-back); color: var(--open); }
.open { color: var(--open); } .good { color: var(--good); } .bad { color: var(--bad); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 10px; }
.fact { background: var(--panel); border-radius: 6px; padding: 10px 12px; }
.fact b { display: block; font-size: 20px; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 5px 12px 5px 0; border-bottom: 1px solid var(--rule);
  vertical-align: top; }
th { color: var(--quiet); font-weight: 600; white-space: nowrap; }
td { overflow-wrap: break-word; max-width: 26em; }
th.number, td.number { text-align: right; white-space: nowrap; }
.charts, .columns { display: grid; gap: 18px 24px;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); }
.columns h2 { margin-top: 14px; } .charts { margin-top: 14px; } .key { white-space: nowrap; }
.charts > *, .columns > * { min-width: 0; }
figure { margin: 0; } figcaption { min-height: 24px; }
svg { width: 100%; height: auto; display: block; }
svg text { fill: var(--quiet); font-size: 13px; font-family: inherit; }
.grid { stroke: var(--rule); } .axis { stroke: var(--quiet); }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; } .bar { fill: var(--c0); }
.mark { stroke: var(--c1); stroke-width: 1.5; stroke-dasharray: 4 3; fill: none; }
.line0 { stroke: var(--c0); } .line1 { stroke: var(--c1); stroke-dasharray: 6 3; }
.line2 { stroke: var(--c2); stroke-dasharray: 2 3; } .line3 { stroke: var(--c3); }
.line4 { stroke: var(--c4); } .dot { fill: currentColor; }
i.swatch { display: inline-block; width: 12px; height: 3px; margin: 0 5px 3px 12px; }
i.line0 { background: var(--c0); } i.line1 { background: var(--c1); }
i.line2 { background: var(--c2); } i.line3 { background: var(--c3); }
i.line4 { background: var(--c4); } .legend { color: var(--quiet); font-size: 13px; }
pre { background: var(--panel); padding: 10px 12px; border-radius: 6px; white-space: pre-wrap;
  overflow-wrap: anywhere; margin: 8px 0; }
details > summary { cursor: pointer; margin: 12px 0; }
@media (max-width: 600px) { main { padding: 16px 12px 32px; } svg text { font-size: 18px; } }
@media print { details { display: none; } }
"""


class Cell(NamedTuple):
    """What stands in a field of a table, escaped when it is written."""

    text: str
    style: str = ""


def page(title: str, *sections: str) -> str:
    """A whole document; the sections are HTML."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escaped(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"{''.join(sections)}</main>\n</body>\n</html>\n"
    )


def heading(text: str) -> str:
    """The title of a section."""
    return f"<h2>{escaped(text)}</h2>\n"


def paragraph(text: str, style: str = "") -> str:
    """A sentence or two."""
    return f"<p{_class(style)}>{escaped(text)}</p>\n"


def verdict(text: str, style: str) -> str:
    """The sentence that a reader came for; `style` is good, bad or open."""
    return f"<div{_class(f'verdict {style}')}>{escaped(text)}</div>\n"


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """A few large numbers with their names."""
    boxes = "".join(
        f'<div class="fact"><b>{escaped(value)}</b><small>{escaped(name)}</small></div>'
        for name, value in pairs
    )
    return f'<div class="facts">{boxes}</div>\n'


def command(text: str) -> str:
    """Something to type, as it is."""
    return f"<pre>{escaped(text)}</pre>\n"


def table(
    columns: Sequence[str], rows: Iterable[Sequence[str | Cell]], *, numbers_from: int | None = None
) -> str:
    """A table; from the column `numbers_from` on, numbers stand to the right."""

    def style(place: int) -> str:
        return "number" if numbers_from is not None and place >= numbers_from else ""

    head = "".join(
        f'<th scope="col"{_class(style(place))}>{escaped(name)}</th>'
        for place, name in enumerate(columns)
    )
    body = []
    for row in rows:
        cells = (each if isinstance(each, Cell) else Cell(each) for each in row)
        fields = (
            f"<td{_class(' '.join(filter(None, (style(place), cell.style))))}>"
            f"{escaped(cell.text)}</td>"
            for place, cell in enumerate(cells)
        )
        body.append(f"<tr>{''.join(fields)}</tr>\n")
    header = f"<thead><tr>{head}</tr></thead>\n" if any(columns) else ""
    return f'<div class="scroll"><table>{header}<tbody>{"".join(body)}</tbody></table></div>\n'


def _class(style: str) -> str:
    return f' class="{escaped(style)}"' if style else ""

"""Charts as SVG that stands in a page by itself: vl-convert renders Vega-Lite in the process, without a browser."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

INK, BAR, LINE, SOFT = "#1b1f24", "#2f6fb5", "#c8553d", "#4a525c"
FONT: Final = "Noto Sans, DejaVu Sans, Arial, sans-serif"  # those installed first have all Vietnamese letters
WIDE: Final = 620
_CONFIG: Final[Mapping[str, Any]] = {
    "font": FONT,
    "background": "white",
    "view": {"stroke": None},
    "axis": {"labelFontSize": 12, "titleFontSize": 12, "labelColor": INK, "titleColor": SOFT, "labelLimit": 260},
    "text": {"fontSize": 12, "color": INK},
}
_NUMBERS: Final = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " đ"]}
Rows = Sequence[Mapping[str, object]]


def ranked_bars(rows: Rows, unit: str) -> str:
    """Bars from the longest, each with its number: rows of `label`, `count`, `told`."""
    y = {"field": "label", "type": "nominal", "sort": None, "axis": {"title": None, "ticks": False, "domain": False}}
    x = {"field": "count", "type": "quantitative", "axis": {"title": unit, "grid": True, "tickMinStep": 1}}
    bars = {"mark": {"type": "bar", "color": BAR, "height": 15}, "encoding": {"y": y, "x": x}}
    told = {"mark": {"type": "text", "align": "left", "dx": 4}, "encoding": {"y": y, "x": x, "text": {"field": "told"}}}
    return svg({"data": {"values": list(rows)}, "height": {"step": 22}, "layer": [bars, told]})


def columns(rows: Rows, title: str, unit: str) -> str:
    """Columns in the order of the rows (`label`, `count`, `told`), a root scale so that small ones are seen."""
    x = {"field": "label", "type": "nominal", "sort": None, "axis": {"title": title, "labelAngle": 0}}
    scale = {"type": "sqrt"}
    y = {"field": "count", "type": "quantitative", "scale": scale, "axis": {"title": unit, "tickCount": 4}}
    bars = {"mark": {"type": "bar", "color": BAR}, "encoding": {"x": x, "y": y}}
    told = {"mark": {"type": "text", "dy": -7}, "encoding": {"x": x, "y": y, "text": {"field": "told"}}}
    return svg({"data": {"values": list(rows)}, "height": 170, "layer": [bars, told]})


def steps(rows: Rows, title: str, unit: str) -> str:
    """A line with points, from zero: rows of `label`, `count`, `told`."""
    x = {"field": "label", "type": "nominal", "sort": None, "axis": {"title": title, "labelAngle": 0}}
    y = {"field": "count", "type": "quantitative", "scale": {"zero": True}, "axis": {"title": unit, "tickCount": 4}}
    line = {"mark": {"type": "line", "color": LINE, "point": {"color": LINE, "size": 50}}, "encoding": {"x": x, "y": y}}
    told = {"mark": {"type": "text", "dy": -12}, "encoding": {"x": x, "y": y, "text": {"field": "told"}}}
    return svg({"data": {"values": list(rows)}, "height": 150, "layer": [line, told]})


def squares(rows: Rows, columns_title: str) -> str:
    """A table of shades: rows of `row`, `column`, `count`, `told`, `dark` (whether its number is white)."""
    y = {"field": "row", "type": "nominal", "sort": None, "axis": {"title": None}}
    x = {"field": "column", "type": "nominal", "sort": None, "axis": {"title": columns_title, "labelAngle": -35}}
    shade = {"field": "count", "type": "quantitative", "scale": {"scheme": "blues", "type": "sqrt"}, "legend": None}
    tiles = {"mark": {"type": "rect", "stroke": "white"}, "encoding": {"x": x, "y": y, "color": shade}}
    ink = {
        "field": "dark",
        "type": "nominal",
        "scale": {"domain": [True, False], "range": ["white", INK]},
        "legend": None,
    }
    told = {"mark": {"type": "text"}, "encoding": {"x": x, "y": y, "text": {"field": "told"}, "color": ink}}
    return svg({"data": {"values": list(rows)}, "height": {"step": 24}, "layer": [tiles, told]})


def svg(spec: Mapping[str, Any]) -> str:
    """A Vega-Lite chart as an `svg` element for an HTML page; texts in it are escaped by the renderer."""
    import vl_convert

    made = str(vl_convert.vegalite_to_svg(_whole(spec), format_locale=_NUMBERS))
    for name in (' xmlns="http://www.w3.org/2000/svg"', ' xmlns:xlink="http://www.w3.org/1999/xlink"'):
        made = made.replace(name, "")  # a page has them already, and names no address
    return made


def png(spec: Mapping[str, Any], scale: float = 2) -> bytes:
    """The same as a picture."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(_whole(spec), scale=scale, format_locale=_NUMBERS))


def _whole(spec: Mapping[str, Any]) -> dict[str, Any]:
    return {"$schema": "https://vega.github.io/schema/vega-lite/v6.json", "width": WIDE, "config": _CONFIG, **spec}

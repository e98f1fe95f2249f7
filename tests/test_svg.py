import re

from made_results import squats

from balance.reporting.charts import charts
from balance.reporting.charts.svg import inline_svg, theme_css
from balance.reporting.words.colours import COLOURS


def test_a_chart_is_an_image_with_a_name_and_without_addresses():
    chart = charts.repetition_chart(squats())
    text = str(inline_svg(chart, "A <name>", 'said "so"', "c1"))
    assert '<title id="c1-t">A &lt;name&gt;</title>' in text
    assert "said &#34;so&#34;" in text
    assert text.count('role="img"') == 1
    assert not re.search(r"https?://|<script|xlink", text)


def test_two_charts_of_a_page_do_not_share_names():
    chart = charts.repetition_chart(squats())
    one, two = (inline_svg(chart, "a", "b", ident) for ident in ("c1", "c2"))
    names = [set(re.findall(r'\bid="([^"]+)"', text)) for text in (one, two)]
    assert not names[0] & names[1]
    assert set(re.findall(r"url\(#([^)]+)\)", one)) <= names[0]


def test_every_colour_has_its_dark_twin():
    css = theme_css()
    assert all(light in css and dark in css for light, dark in COLOURS.values())

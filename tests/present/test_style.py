"""The look of figures does not depend on the machine's fonts."""

from dataclasses import replace

import matplotlib as mpl
from matplotlib import font_manager

from smartgov.present import style


def test_figures_are_drawn_in_the_font_that_comes_with_matplotlib(monkeypatch, request, tmp_path):
    fonts = font_manager.fontManager
    theirs = str(tmp_path / "another_version.ttf")
    theirs = [replace(f, fname=theirs) for f in fonts.ttflist if f.name == "DejaVu Sans"]
    request.addfinalizer(style._use_own_fonts.cache_clear)
    monkeypatch.setattr(fonts, "ttflist", theirs)
    style._use_own_fonts.cache_clear()
    style.use_style()
    for weight in ("normal", "bold"):
        found = fonts.findfont(font_manager.FontProperties(family="DejaVu Sans", weight=weight))
        assert found.startswith(mpl.get_data_path())

"""Logos that are made to harm the worker that reads them, or the people who see them."""

from __future__ import annotations

import time

import pytest

from suppression.adapters.files.logos import read_logo
from suppression.domain.controllers.branding import MAX_LOGO
from suppression.domain.errors import InvalidValueError

PNG = b"\x89PNG\r\n\x1a\n"
OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
INKSCAPE = 'xmlns:i="http://www.inkscape.org/namespaces/inkscape"'
REFUSED = {
    "script": "<script>alert(1)</script>",
    "handler": '<rect onclick="alert(1)"/>',
    "animation": '<rect><animate attributeName="x" to="1"/></rect>',
    "link": '<a xlink:href="https://example.invalid"><rect/></a>',
    "picture": '<image xlink:href="https://example.invalid/pixel"/>',
    "page inside": "<foreignObject><div/></foreignObject>",
    "reference to a file": '<linearGradient xlink:href="https://example.invalid/x#a"/>',
    "script as a reference": '<linearGradient href="javascript:alert(1)"/>',
    "style that loads": "<style>@import 'https://example.invalid/a.css';</style>",
    "style that loads behind an element": "<style><g/>@import 'https://example.invalid/';</style>",
    "style that loads inside an element": "<style><g>@import 'https://example.invalid/'</g></style>",
    "style of no namespace": "<style xmlns=''>@import 'https://example.invalid/';</style>",
    "escaped style that loads": "<style>rect{fill:\\75rl(https://example.invalid)}</style>",
    "attribute that loads": '<rect fill="url(https://example.invalid#a)"/>',
    "attribute that loads as data": '<rect style="fill:URL( data:image/png;base64,AA )"/>',
    "filter": '<filter id="f"><feFlood/></filter>',
    "copies of copies": '<g id="a"><rect/></g><g id="b"><use href="#a"/><use href="#a"/></g>',
    "masks of masks": '<mask id="m"><rect mask="url(#n)"/></mask>',
    "clip paths of clip paths": '<clipPath id="a"><rect clip-path="url(#b)"/></clipPath>',
    "clip paths by style": '<clipPath id="a"><rect style="clip-path:url(#b)"/></clipPath>',
    "foreign element": f"<i:grid {INKSCAPE}/>",
    "foreign attribute": f'<g {INKSCAPE} i:label="x"/>',
    "other instruction": "<?xml-stylesheet href='https://example.invalid/a.css'?>",
}
NO_SVG = {
    "entities": f'<!DOCTYPE svg [<!ENTITY a "aa">]>{OPEN}&a;</svg>',
    "file": f'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/hostname">]>{OPEN}&a;</svg>',
    "doctype": '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "a.dtd">' + OPEN + "</svg>",
    "cut": OPEN + "<g>",
    "no namespace": "<svg></svg>",
    "page": "<html><svg></svg></html>",
    "other encoding": '<?xml version="1.0" encoding="utf-7"?>' + OPEN + "</svg>",
    "unheard-of encoding": '<?xml version="1.0" encoding="none"?>' + OPEN + "</svg>",
    "nothing": "",
    "picture of another kind": "GIF89a",
}
TAKEN = {
    "plain": OPEN + '<title>Okwind</title><rect width="9" height="9" fill="#1d4ed8"/></svg>',
    "with a gradient": OPEN
    + '<defs><linearGradient id="a"><stop offset="0" stop-color="red"/></linearGradient>'
    + '<linearGradient id="b" xlink:href="#a" gradientTransform="rotate(90)"/></defs>'
    + '<path d="M0 0h9v9z" fill="url(#b)" style="stroke:url(\'#a\');stroke-width:2"/></svg>',
    "with a style sheet": OPEN + '<style>.a{fill:#fff}</style><path class="a" d="M0 0"/></svg>',
    "with a clip path": OPEN
    + '<g clip-path="url(#c)"><path d="M0 0"/></g>'
    + '<clipPath id="c"><path d="M0 0"/></clipPath></svg>',
    "with a declaration": '<?xml version="1.0" encoding="UTF-8"?>\n<!-- by hand -->\n'
    + OPEN
    + '<text x="1" font-family="Arial" xml:space="preserve">É</text></svg>',
}
DOUBLING = b"<!---->" * 120 + b"<svh"
"""About 850 bytes that once kept a worker busy for ever."""


def test_comments_one_after_another_hang_nobody() -> None:
    begun = time.process_time()
    for content in (DOUBLING, b"<!---->" * 850, b"<?xml ?>" + b"<!--a-->" * 100 + b"\n" * 900):
        with pytest.raises(InvalidValueError, match="PNG or an SVG"):
            read_logo(content)
    assert time.process_time() - begun < 1


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_an_svg_that_runs_moves_or_loads_is_refused(name: str) -> None:
    with pytest.raises(InvalidValueError, match="an SVG may not hold") as refused:
        read_logo(f"{OPEN}{REFUSED[name]}</svg>".encode())
    assert refused.value.code == "logo_content"
    with pytest.raises(InvalidValueError):
        read_logo(f"<?xml version='1.0'?>{REFUSED[name]}{OPEN}</svg>".encode())


@pytest.mark.parametrize("name", sorted(NO_SVG))
def test_what_is_no_plain_svg_is_refused_without_looking_further(name: str) -> None:
    with pytest.raises(InvalidValueError, match="PNG or an SVG"):
        read_logo(NO_SVG[name].encode())


@pytest.mark.parametrize("name", sorted(TAKEN))
def test_an_svg_of_shapes_and_colours_is_taken(name: str) -> None:
    assert read_logo(TAKEN[name].encode()).media_type == "image/svg+xml"


def test_a_png_is_known_by_its_first_bytes() -> None:
    assert read_logo(PNG).media_type == "image/png"


def test_a_logo_has_few_parts_and_few_bytes() -> None:
    for content, reason in (
        (OPEN + "<g>" * 20 + "</g>" * 20 + "</svg>", "20 deep"),
        (OPEN + "<g/>" * 500 + "</svg>", "500 elements"),
        (PNG.decode("latin-1") + "\0" * MAX_LOGO, "at most 6144 bytes"),
    ):
        with pytest.raises(InvalidValueError, match=reason):
            read_logo(content.encode("latin-1"))

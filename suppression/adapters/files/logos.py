"""Validation of an uploaded logo: a PNG by its first bytes, an SVG in full.

An SVG can hold a program, which would run in the browser of everybody who opens a page. So a
hardened parser reads it, within limits, and only shapes, colours and text are allowed: nothing that
runs, moves, loads, or draws one part many times over.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from suppression.domain.controllers.branding import MAX_LOGO, Logo
from suppression.domain.errors import InvalidValueError

MOST_ELEMENTS = 500
MOST_DEPTH = 20
_PNG = b"\x89PNG\r\n\x1a\n"
_SVG = "{http://www.w3.org/2000/svg}"
_SHAPES = (
    "svg g defs title desc style path rect circle ellipse line polyline polygon text tspan"
    " linearGradient radialGradient stop clipPath"
)
_ELEMENTS = frozenset(f"{_SVG}{name}" for name in _SHAPES.split())
_GEOMETRY = (
    "x y x1 y1 x2 y2 cx cy r rx ry fx fy fr d points width height dx dy rotate textLength"
    " lengthAdjust pathLength transform viewBox preserveAspectRatio offset gradientUnits"
    " gradientTransform spreadMethod clipPathUnits"
)
_LOOKS = (
    "style fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap"
    " stroke-linejoin stroke-miterlimit stroke-dasharray stroke-dashoffset stop-color stop-opacity"
    " color opacity display visibility overflow paint-order clip-path clip-rule shape-rendering"
    " color-interpolation text-rendering mix-blend-mode isolation enable-background vector-effect"
    " font-family font-size font-weight font-style font-stretch font-variant letter-spacing"
    " word-spacing text-anchor text-decoration dominant-baseline alignment-baseline baseline-shift"
)
_ABOUT = "id class version baseProfile type role href lang aria-label aria-hidden aria-labelledby"
_XLINK = "{http://www.w3.org/1999/xlink}"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_QUALIFIED = (f"{_XLINK}href", f"{_XML}space", f"{_XML}lang")
_ATTRIBUTES = frozenset([*f"{_GEOMETRY} {_LOOKS} {_ABOUT}".split(), *_QUALIFIED])
_REFERENCES = frozenset({"href", f"{_XLINK}href"})
_OWN_PART = re.compile(r"url\( ?['\"]?#[A-Za-z0-9_.-]{1,64}['\"]? ?\)")
_LOADING_WORDS = ("url", "@", "\\", "expression", "image", "src(", "javascript:", "data:")
_MAX_SHOWN = 40


def read_logo(content: bytes) -> Logo:
    """Return a PNG or SVG as a logo; a PNG is recognized by its first 8 bytes alone.

    Raise InvalidValueError for over MAX_LOGO bytes, for content that is neither, and for an SVG
    that holds more than a logo needs.
    """
    if len(content) > MAX_LOGO:
        raise InvalidValueError(
            f"logo: at most {MAX_LOGO} bytes, so that a page stays under 20 KB; "
            f"this one has {len(content)}.",
            code="logo_heavy",
        )
    if content.startswith(_PNG):
        return Logo(content=content, media_type="image/png")
    try:
        _check_svg(content)
    except (DefusedXmlException, ParseError, LookupError, ValueError):
        raise InvalidValueError(
            "logo: use a PNG or an SVG; an SVG without a DOCTYPE, in UTF-8.", code="logo_kind"
        ) from None
    return Logo(content=content, media_type="image/svg+xml")


def _check_svg(content: bytes) -> None:
    """Raise InvalidValueError for an SVG that holds more than a logo needs.

    Raise DefusedXmlException for an SVG with a DOCTYPE; ParseError, LookupError or ValueError for
    content that is no SVG.
    """
    elements, open_elements = 0, list[Element]()
    for event, node in _parse_events(content):
        if event == "end":
            open_elements.pop()
            _check_text(node)
            continue
        if event == "pi":
            _refuse("processing instruction")
        if not open_elements and node.tag != f"{_SVG}svg":
            raise ValueError
        open_elements.append(node)
        elements += 1
        if elements > MOST_ELEMENTS or len(open_elements) > MOST_DEPTH:
            raise InvalidValueError(
                f"logo: at most {MOST_ELEMENTS} elements, {MOST_DEPTH} deep.", code="logo_parts"
            )
        _check_element(node, inside={element.tag for element in open_elements[:-1]})


def _parse_events(content: bytes) -> Iterator[tuple[str, Any]]:
    """Yield the events and nodes of the XML in document order, without resolving any entity.

    Raise DefusedXmlException for a DOCTYPE, ParseError for content that is not XML.
    """
    events = ("start", "end", "pi")
    yield from iterparse(io.BytesIO(content), events=events, forbid_dtd=True)


def _check_element(element: Element, *, inside: set[str]) -> None:
    # A browser reads a style sheet on after an element inside it.
    if element.tag not in _ELEMENTS or f"{_SVG}style" in inside:
        _refuse(f"<{_local(element.tag)}>")
    ancestors = inside | {element.tag}
    for attribute, value in element.attrib.items():
        if attribute not in _ATTRIBUTES:
            _refuse(_local(attribute))
        if attribute in _REFERENCES and not value.strip().startswith("#"):
            _refuse(f"{_local(attribute)} to another file")
        # A clip path in a clip path is drawn once per reference to it, which multiplies by depth.
        if f"{_SVG}clipPath" in ancestors and "url" in value.lower():
            _refuse("clip-path inside <clipPath>")
        if attribute not in _REFERENCES and attribute != "id":
            _check_value(_local(attribute), _OWN_PART.sub("", value))


def _check_text(element: Element) -> None:
    """Raise InvalidValueError if the element is a style sheet that loads anything."""
    if element.tag == f"{_SVG}style":
        _check_value("<style>", element.text or "")


def _check_value(place: str, value: str) -> None:
    lowered = value.lower()
    if any(word in lowered for word in _LOADING_WORDS):
        _refuse(f"{place} that loads something")


def _local(name: str) -> str:
    """Return a name without its namespace, cut to a readable length."""
    return name.rpartition("}")[2][:_MAX_SHOWN]


def _refuse(what: str) -> None:
    raise InvalidValueError(
        f"logo: an SVG may not hold {what}; save it as a plain SVG of shapes and colours.",
        code="logo_content",
    )

"""The examination of pages in the browser finds the faults that it is there for."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Visit
from tests.browser.site import Site

FAULTS = {
    "a field without a label": "document.querySelector('label').remove()",
    "a text too pale": "document.querySelector('h1').style.color = '#ccc'",
    "no language": "document.documentElement.removeAttribute('lang')",
    "a target too small": "document.querySelector('button').style.cssText = "
    "'all: unset; display: inline-block; width: 9px; height: 9px; overflow: hidden'",
    "a page too wide": "document.querySelector('h1').style.width = '2000px'",
    "two headings": "document.body.append(document.createElement('h1'))",
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=list(FAULTS))
def test_a_fault_is_found(visit: Visit, site: Site, fault: str) -> None:
    visitor = visit(320)
    visitor.go(site.at("/stop/okwind?what=email"))
    visitor.look("as it is")
    visitor.page.evaluate(fault)
    with pytest.raises(AssertionError):
        visitor.look("with a fault")


def test_a_picture_from_elsewhere_is_found(visit: Visit, site: Site) -> None:
    visitor = visit(320)
    visitor.go(site.at("/stop/okwind?what=email"))
    visitor.answers.append(visitor.page.request.get(f"{site.address}/assets/page.css"))  # type: ignore[arg-type]
    visitor.look("our own is fine")
    elsewhere = site.address.replace("127.0.0.1", "localhost")
    visitor.answers.append(visitor.page.request.get(f"{elsewhere}/assets/page.css"))  # type: ignore[arg-type]
    with pytest.raises(AssertionError):
        visitor.look("elsewhere is not")

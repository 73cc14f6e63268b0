"""Browsers of the console, for attacks through it."""

from __future__ import annotations

from tests.web.console.conftest import browser_as, clerk, dpo, okonect, okwind

__all__ = ["browser_as", "clerk", "dpo", "okonect", "okwind"]

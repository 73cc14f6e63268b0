"""Make a package index: a folder of empty wheels with the metadata of the real packages."""

from __future__ import annotations

import base64
import hashlib
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from packaging.markers import Marker

_PIN = re.compile(
    r"^(?P<name>[a-z0-9-]+)==(?P<version>[^\s;]+)(?P<marker> ; [^\\]+)? \\$", re.MULTILINE
)
_NEWER = "9999.0"
# The fields of a package's metadata that matter for an installation.
_DECISIVE = ("Requires-Dist", "Provides-Extra", "Requires-Python")


@dataclass(frozen=True, kw_only=True, slots=True)
class Pin:
    """A line of a requirements file: a package, its version and the marker that it carries."""

    name: str
    version: str
    marker: str

    def is_for(self, environment: Mapping[str, str] | None = None) -> bool:
        """Return whether pip installs this pin here, or where `environment` replaces markers."""
        if not self.marker:
            return True
        return Marker(self.marker).evaluate(dict(environment or {}))


def read_pins(requirements: str) -> list[Pin]:
    """Return the pins in the text of a requirements file with hashes, in its order."""
    return [
        Pin(name=match["name"], version=match["version"], marker=(match["marker"] or "")[3:])
        for match in _PIN.finditer(requirements)
    ]


def fill_index(folder: Path, pins: list[Pin]) -> str:
    """Put each pinned release and a newer one into `folder`, as wheels that hold no code.

    Returns the text of a requirements file: the same pins, with the hashes of these wheels.
    """
    lines: list[str] = []
    for pin in pins:
        _write_wheel(folder, pin.name, _NEWER)
        wheel = _write_wheel(folder, pin.name, pin.version)
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        marker = f" ; {pin.marker}" if pin.marker else ""
        lines.append(f"{pin.name}=={pin.version}{marker} --hash=sha256:{digest}\n")
    return "".join(lines)


def _write_wheel(folder: Path, name: str, version: str) -> Path:
    escaped = name.replace("-", "_")
    info = f"{escaped}-{version}.dist-info"
    files = {
        f"{info}/METADATA": _metadata(name, version),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\n"
        "Tag: py3-none-any\n",
    }
    record = "".join(f"{path},{_digest(text)},{len(text)}\n" for path, text in files.items())
    wheel = folder / f"{escaped}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in (files | {f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}).items():
            archive.writestr(zipfile.ZipInfo(path), text)  # dated 1980: wheels are reproducible
    return wheel


def _metadata(name: str, version: str) -> str:
    """Return the metadata of an installed package; of another one, only its name and version."""
    written = Message()
    written["Metadata-Version"] = "2.1"
    written["Name"] = name
    written["Version"] = version
    try:
        installed = metadata(name)
    except PackageNotFoundError:
        return written.as_string()
    for field in _DECISIVE:
        for value in installed.get_all(field) or ():
            written[field] = value
    return written.as_string()


def _digest(text: str) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
    return f"sha256={digest.rstrip(b'=').decode()}"

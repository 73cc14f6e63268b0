"""The key file of `./run`, which may be the only copy of the keys."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from suppression.adapters.crypto.key_files import add_keys, key_kinds_in


def test_the_name_of_a_new_key_file_is_on_disk_before_anything_is_encrypted_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut right after the first start could lose the file, and with it every key."""
    path, kept, sync = tmp_path / "keys.json", list[str](), os.fsync

    def fsync(descriptor: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        kept.append("folder" if is_folder and path.exists() else "file")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    add_keys(path, ["master_keys"])
    assert kept == ["file", "folder"]
    assert key_kinds_in(path) == {"master_keys"}

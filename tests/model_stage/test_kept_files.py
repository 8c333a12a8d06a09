"""Files that can be made again: whose are read, what damage is noticed, where they lie."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from sim.cache import files as kept_files
from sim.cache.files import (
    KeptFileError,
    cache_root,
    clear_left_over,
    make_kept_folder,
    read_kept,
    spare_root,
    write_kept,
)

needs_owners = pytest.mark.skipif(not kept_files.HAS_OWNERS, reason="no owners here")
CONTENT = b"kernel" * 40


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    path = tmp_path / "kernels" / "a.nbc"
    write_kept(path, CONTENT)
    return path


def test_a_file_is_read_as_it_was_written(kept: Path) -> None:
    assert read_kept(kept) == CONTENT
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]


def test_an_empty_content_is_a_content(tmp_path: Path) -> None:
    write_kept(tmp_path / "kernels" / "a", b"")
    assert read_kept(tmp_path / "kernels" / "a") == b""


@pytest.mark.parametrize("name", ["kernels/b.nbc", "elsewhere/a.nbc"])
def test_what_is_not_there_is_no_damage(kept: Path, tmp_path: Path, name: str) -> None:
    assert read_kept(tmp_path / name) is None


def test_a_file_in_place_of_the_folder_is_no_damage(tmp_path: Path) -> None:
    (tmp_path / "kernels").write_bytes(b"")
    assert read_kept(tmp_path / "kernels" / "a.nbc") is None


@pytest.mark.parametrize("length", [0, 1, 30, 53, 60, -1])
def test_a_cut_file_is_noticed(kept: Path, length: int) -> None:
    kept.write_bytes(kept.read_bytes()[:length])
    with pytest.raises(KeptFileError, match="not those that were written"):
        read_kept(kept)


@pytest.mark.parametrize("place", [0, 25, 60, -1])
def test_a_flipped_bit_is_noticed(kept: Path, place: int) -> None:
    content = bytearray(kept.read_bytes())
    content[place] ^= 4
    kept.write_bytes(content)
    with pytest.raises(KeptFileError, match="not those that were written"):
        read_kept(kept)


def test_bytes_at_the_end_are_noticed(kept: Path) -> None:
    kept.write_bytes(kept.read_bytes() + b"\0")
    with pytest.raises(KeptFileError, match="not those that were written"):
        read_kept(kept)


def test_a_file_in_place_of_another_is_noticed(kept: Path) -> None:
    kept.rename(kept.with_name("b.nbc"))
    with pytest.raises(KeptFileError, match="not those that were written"):
        read_kept(kept.with_name("b.nbc"))


@pytest.mark.parametrize("kind", ["folder", "pipe", "link"])
def test_what_is_no_file_is_noticed(kept: Path, kind: str) -> None:
    other = kept.rename(kept.with_name("b.nbc"))
    if kind == "folder":
        kept.mkdir()
    elif kind == "link":
        kept.symlink_to(other)
    elif hasattr(os, "mkfifo"):
        os.mkfifo(kept)
    else:
        pytest.skip("no pipes here")
    with pytest.raises(KeptFileError):
        read_kept(kept)


@needs_owners
def test_a_file_of_another_user_is_not_read(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    find_status = os.fstat

    def foreign(descriptor: int) -> os.stat_result:
        found = list(find_status(descriptor))
        found[4] = 54_321
        return os.stat_result(found)

    monkeypatch.setattr(os, "fstat", foreign)
    with pytest.raises(KeptFileError, match="belongs to another user"):
        read_kept(kept)


@needs_owners
@pytest.mark.parametrize("mode", [0o664, 0o646])
def test_a_file_that_others_may_write_is_not_read(kept: Path, mode: int) -> None:
    kept.chmod(mode)
    with pytest.raises(KeptFileError, match="may write"):
        read_kept(kept)


@needs_owners
@pytest.mark.parametrize("mode", [0o775, 0o757, 0o1777])
def test_a_folder_that_others_may_write_is_neither_read_nor_written(kept: Path, mode: int) -> None:
    kept.parent.chmod(mode)
    assert read_kept(kept) is None
    with pytest.raises(PermissionError, match="may write"):
        write_kept(kept, CONTENT)
    with pytest.raises(PermissionError, match="may write"):
        make_kept_folder(kept.parent)


@needs_owners
def test_a_folder_of_another_user_is_neither_read_nor_written(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_files, "trusted_owners", lambda: {54_321})
    assert read_kept(kept) is None
    with pytest.raises(PermissionError, match="another user"):
        write_kept(kept, CONTENT)


def test_a_link_in_place_of_the_folder_is_not_followed(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(kept.parent)
    assert read_kept(tmp_path / "link" / kept.name) is None


def test_a_write_that_fails_leaves_nothing(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write_kept(kept, b"other")
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]
    assert read_kept(kept) == CONTENT


@needs_owners
def test_modes_leave_no_room_for_others_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_kept(tmp_path / "kernels" / "a", CONTENT)
    finally:
        os.umask(before)
    assert read_kept(tmp_path / "kernels" / "a") == CONTENT


def test_only_old_left_overs_are_cleared(kept: Path) -> None:
    old, new = kept.with_name(".a.old"), kept.with_name(".a.new")
    old.write_bytes(b"")
    new.write_bytes(b"")
    os.utime(old, (1e9, 1e9))
    os.utime(kept, (1e9, 1e9))
    clear_left_over(kept.parent)
    assert {path.name for path in kept.parent.iterdir()} == {kept.name, new.name}


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("ALIGNSIM_CACHE", "NUMBA_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_the_root_follows_the_environment_in_order(
    nowhere: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    usual = cache_root()
    assert usual is not None
    assert usual.name == "alignsim" or usual.parent.name == "alignsim"
    nowhere.setenv("NUMBA_CACHE_DIR", str(tmp_path / "numba"))
    assert cache_root() == tmp_path / "numba" / "alignsim"
    nowhere.setenv("ALIGNSIM_CACHE", str(tmp_path / "own"))
    assert cache_root() == tmp_path / "own"
    nowhere.setenv("ALIGNSIM_CACHE", "")
    assert cache_root() == tmp_path / "numba" / "alignsim"


def test_a_named_root_may_begin_at_home_or_here(
    nowhere: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nowhere.setenv("HOME", str(tmp_path))
    nowhere.setenv("USERPROFILE", str(tmp_path))
    nowhere.setenv("ALIGNSIM_CACHE", "~/kernels")
    assert cache_root() == tmp_path / "kernels"
    nowhere.chdir(tmp_path)
    nowhere.setenv("ALIGNSIM_CACHE", "here")
    assert cache_root() == tmp_path / "here"


@pytest.mark.parametrize("name", ["ALIGNSIM_CACHE", "NUMBA_CACHE_DIR"])
def test_a_named_root_in_a_home_that_is_not_there_is_no_root(
    nowhere: pytest.MonkeyPatch, name: str
) -> None:
    nowhere.setenv(name, "~nobody-of-that-name/kernels")
    assert cache_root() is None


def test_a_root_named_from_a_folder_that_is_gone_is_no_root(
    nowhere: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "gone").mkdir()
    nowhere.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    nowhere.setenv("ALIGNSIM_CACHE", "kernels")
    assert cache_root() is None


def test_without_a_home_there_is_no_root(nowhere: pytest.MonkeyPatch) -> None:
    import platformdirs

    nowhere.setattr(platformdirs, "user_cache_path", lambda name: Path("~/.cache") / name)
    assert cache_root() is None


@needs_owners
def test_the_spare_root_is_this_users_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = spare_root()
    assert folder.parent == tmp_path
    assert folder.stat().st_mode & 0o777 == 0o700
    assert spare_root() == folder
    folder.chmod(0o750)
    with pytest.raises(PermissionError, match="this user only"):
        spare_root()
    folder.rmdir()
    folder.symlink_to(tmp_path)
    with pytest.raises(PermissionError, match="this user only"):
        spare_root()

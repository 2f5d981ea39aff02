"""Reading a lesson file: whatever it is, the answer is a sentence, and soon."""

from __future__ import annotations

import os
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lesson_samples import GOOD

from nntui.scenario.reader import ScenarioError, parse, read_text


def sentence(path: Path) -> str:
    began = time.perf_counter()
    with pytest.raises(ScenarioError) as caught:
        read_text(path)
    assert time.perf_counter() - began < 1
    return str(caught.value)


def refusal(text: str) -> str:
    began = time.perf_counter()
    with pytest.raises(ScenarioError) as caught:
        parse(text, "x.toml")
    assert time.perf_counter() - began < 3
    return str(caught.value)


# ---------------------------------------------------------------- files


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert read_text(path) == GOOD


def test_missing(tmp_path: Path) -> None:
    assert sentence(tmp_path / "twist.toml") == "twist.toml: there is no such file; check its name"
    (tmp_path / "twist.toml").touch()
    assert sentence(tmp_path / "twits.toml") == "twits.toml: there is no such file; did you mean 'twist.toml'?"
    assert sentence(tmp_path / "twist.toml" / "x.toml") == "x.toml: there is no such file; check its name"
    assert sentence(tmp_path / "no" / "x.toml") == "x.toml: there is no such file; check its name"
    assert sentence(tmp_path / "a\0.toml") == "a\ufffd.toml: there is no such file; check its name"
    assert "cannot be read" in sentence(tmp_path / ("n" * 5000))


def test_what_is_no_file(tmp_path: Path) -> None:
    assert sentence(tmp_path).endswith(": this is a folder; name a lesson file in it")
    os.mkfifo(tmp_path / "pipe.toml")
    assert sentence(tmp_path / "pipe.toml") == "pipe.toml: this is a device or a pipe; name a lesson file"
    assert sentence(Path("/dev/zero")) == "zero: this is a device or a pipe; name a lesson file"


def test_a_pipe_that_takes_the_place_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.toml"
    path.touch()
    regular = path.stat()
    path.unlink()
    os.mkfifo(path)
    monkeypatch.setattr(Path, "stat", lambda self: regular)
    assert sentence(path) == "x.toml: this is a device or a pipe; name a lesson file"


def test_content(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.touch()
    assert sentence(path) == "x.toml: the file is empty; a lesson file begins with format = 1"
    path.write_bytes(b"#" * 1_000_001)
    assert sentence(path) == "x.toml: the file is too large; a lesson file has at most 1,000,000 bytes"
    for content in (b"a = 1\0", b"\xff\xfe", b"\x89PNG"):
        path.write_bytes(content)
        assert sentence(path) == "x.toml: this is not a text file; a lesson file is TOML, in UTF-8"


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> int:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "x.toml"
    path.touch()
    monkeypatch.setattr(os, "open", refuse)
    assert sentence(path) == "x.toml: the file cannot be read (you have no permission); choose one that can be"


# ---------------------------------------------------------------- texts


def test_syntax() -> None:
    assert refusal("a = 1\nb 2\n") == "x.toml:2: expected '=' after a key in a key/value pair, at column 3"
    assert refusal("a = 1\nb = [1,\n") == "x.toml:2: invalid value, at the end of the file"
    assert refusal("[a]\n[a]\n").startswith("x.toml:2: cannot declare [a] twice, at column ")
    assert refusal("[a.b]\n[a.b]\n").startswith("x.toml:2: cannot declare [a.b] twice, at column ")
    assert "\x1b" not in refusal("a = \x1b")


def test_too_much() -> None:
    assert refusal("\n" + ".".join("a" * 9) + " = 1") == (
        "x.toml:2: a key has more than 8 parts; no key of a lesson needs so many"
    )
    assert refusal("a = " + "[" * 11) == "x.toml:1: brackets are nested more than 10 deep; a lesson needs no more"
    assert refusal("a = [\n1,\n" + "9" * 31 + "]") == (
        "x.toml:3: a number has more than 30 digits; nothing here needs so many"
    )
    assert refusal("a = 1\n" * 50_001) == "x.toml:50001: the file has more than 50,000 keys, texts and lists, its limit"
    assert refusal("#" * 1_000_001) == "x.toml: the text is too long; a lesson file has at most 1,000,000 bytes"


@pytest.mark.parametrize(
    "text",
    [
        ".".join("a" * 32_000) + " = 1",
        "[" + ".".join("a" * 32_000) + "]",
        "a = {" + ".".join("a" * 32_000) + " = 1}",
        'a = """' + '"a.b' * 50 + '"""\n' + " . ".join(["'a'"] * 32_000) + " = 1",
        "a = '''it's'''\n" + ".".join("a" * 32_000) + " = 1",
        "a = [" + "{a = " * 50_000,
        "a = " + "[" * 500_000,
        "a = 0x" + "f" * 500_000,
        "a = " + "1_" * 400_000 + "1",
        "a = [" + "[],\n" * 200_000 + "]",
        "a = [" + "{}," * 300_000 + "]",
        "".join(f"[[a]]\n[[a.b{i}]]\n" for i in range(50_000)),
        '"' * 999_999,
        "'" * 999_999,
        '"""' + '\\"""' * 200_000,
        "a = " + "\\" * 500_000,
        "{" * 500_000,
        "=" * 500_000,
    ],
    ids=lambda text: text[:12],
)
def test_what_would_be_slow_or_deep(text: str) -> None:
    refusal(text)


def test_a_long_row_of_numbers_is_allowed() -> None:
    row = ",".join(["0.1234567890123456"] * 50_000)
    assert len(parse(f"a = [{row}]", "x.toml").tables["a"]) == 50_000


def test_texts_and_keys_are_cleaned() -> None:
    tables = parse('say = "a\\u001bb\\nc"\n"k\\u009b" = [{"\\u202e" = "\\t"}]', "x.toml").tables
    assert tables == {"say": "a\ufffdb\nc", "k\ufffd": [{"\ufffd": "\ufffd"}]}


@given(st.text() | st.text(st.sampled_from("a.=[]{}\"'#,\n\\ 1"), max_size=40))
def test_any_text(text: str) -> None:
    try:
        parse(text, "x.toml")
    except ScenarioError as error:
        said = str(error)
        assert said.startswith("x.toml:")
        assert "\n" not in said
    else:
        tomllib.loads(text)

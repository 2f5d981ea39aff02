"""A CSV of one's own: what is read, what is refused and with which sentence."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nntui.data import DataError, read_table


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "mine.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def sentence(path: Path, inputs: tuple[str, ...] = ("a",), targets: tuple[str, ...] = ("b",)) -> str:
    with pytest.raises(DataError) as caught:
        read_table(path, inputs, targets)
    said = str(caught.value)
    assert all(character.isprintable() or character == "\ufffd" for character in said)
    return said


# ---------------------------------------------------------------- what is read


def test_columns_come_in_the_order_asked(tmp_path: Path) -> None:
    path = written(tmp_path, "a,note,b,c\n1,x,2,3\n-.5,,2e-3,+4.\n")
    dataset = read_table(path, ["c", "a"], ["b"])
    assert dataset.name == "mine.csv"
    assert dataset.inputs.tolist() == [[3.0, 1.0], [4.0, -0.5]]
    assert dataset.targets.tolist() == [[2.0], [0.002]]
    assert (dataset.input_names, dataset.target_names) == (("c", "a"), ("b",))
    assert (dataset.labels, dataset.classes, dataset.as_they_are) == (None, (), True)
    assert dataset.inputs.flags.c_contiguous
    assert dataset.targets.flags.c_contiguous


@pytest.mark.parametrize(
    "content",
    [
        "a,b\r\n1,2\r\n",
        "a,b\r1,2\r",
        "\ufeffa,b\n1,2",
        "\n a , b \n\n 1 , 2 \n\n",
        '"a","b"\n"1","2"\n',
    ],
    ids=["windows", "old mac", "byte order mark", "blanks", "quoted"],
)
def test_harmless_differences_do_not_matter(tmp_path: Path, content: str) -> None:
    dataset = read_table(written(tmp_path, content), ["a"], ["b"])
    assert (dataset.inputs.tolist(), dataset.targets.tolist()) == ([[1.0]], [[2.0]])


@pytest.mark.parametrize(
    ("column", "labels", "classes"),
    [
        (["-1", "1", "-1.0"], [0, 1, 0], ("-1", "+1")),
        (["0", "1", "1.0"], [0, 1, 1], ("0", "1")),
        (["1", "1", "1"], [1, 1, 1], ("-1", "+1")),
        (["-1", "0", "1"], None, ()),
        (["0", "1", "2"], None, ()),
    ],
)
def test_one_column_of_two_values_is_two_classes(
    tmp_path: Path, column: list[str], labels: list[int] | None, classes: tuple[str, ...]
) -> None:
    path = written(tmp_path, "a,b\n" + "".join(f"5,{value}\n" for value in column))
    dataset = read_table(path, ["a"], ["b"])
    assert (None if dataset.labels is None else dataset.labels.tolist()) == labels
    assert dataset.classes == classes
    assert dataset.targets_for(1, -1.0).tolist() == [[float(value)] for value in column]
    assert dataset.output_choices() == (1,)


@pytest.mark.parametrize(
    ("rows", "labels"),
    [("1,0,0\n0,0,1\n", [0, 2]), ("1,0,0\n0,0,0\n", None), ("1,1,0\n0,0,1\n", None), ("2,-1,0\n0,0,1\n", None)],
)
def test_several_columns_are_classes_if_every_row_is_one_hot(
    tmp_path: Path, rows: str, labels: list[int] | None
) -> None:
    dataset = read_table(written(tmp_path, "red,green,blue\n" + rows), ["red"], ["red", "green", "blue"])
    assert (None if dataset.labels is None else dataset.labels.tolist()) == labels
    assert dataset.classes == (() if labels is None else ("red", "green", "blue"))
    assert dataset.output_choices() == (3,)


def test_names_are_cleaned_as_they_are_read(tmp_path: Path) -> None:
    dataset = read_table(written(tmp_path, "a\x1b[2J,b\n1,2\n"), ["a\x1b[2J"], ["b"])
    assert dataset.input_names == ("a\ufffd[2J",)


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "mine.csv:1: the file is empty; its first line must name the columns"),
        ("\n\n", "mine.csv:1: the file is empty; its first line must name the columns"),
        (" , ,\n1,2,3\n", "mine.csv:1: no column has a name; the first line must name the columns"),
        ("a,b\n", "mine.csv:1: there are no rows below the names of the columns; put at least one there"),
        ("a,b,a\n1,2,3\n", "mine.csv:1: two columns are called 'a'; give each a name of its own"),
        ("alpha,B\n1,2\n", "mine.csv:1: there is no column 'a'; there is 'alpha', 'B'"),
        ("A,b\n1,2\n", "mine.csv:1: there is no column 'a'; there is 'A', 'b'; did you mean 'A'?"),
        ("a;b\n1;2\n", "mine.csv:1: there is no column 'a'; there is 'a;b'; columns are separated by commas"),
        ("1,2\n3,4\n", "mine.csv:1: there is no column 'a'; there is '1', '2'; the first line must name the columns"),
        ("a,b\n1,2\n1,x\n", "mine.csv:3: column 'b' holds 'x', which is no number; write numbers like 3, -0.5 or 2e-3"),
        (
            'a,b\n1,"3,5"\n',
            "mine.csv:2: column 'b' holds '3,5', which is no number; write numbers like 3, -0.5 or 2e-3",
        ),
        (
            "a,b\n1,1_000\n",
            "mine.csv:2: column 'b' holds '1_000', which is no number; write numbers like 3, -0.5 or 2e-3",
        ),
        ("a,b\n1,٣\n", "mine.csv:2: column 'b' holds '٣', which is no number; write numbers like 3, -0.5 or 2e-3"),
        ("a,b\n1,.\n", "mine.csv:2: column 'b' holds '.', which is no number; write numbers like 3, -0.5 or 2e-3"),
        ("a,b\n1,\n", "mine.csv:2: column 'b' is empty; every row needs a number there"),
        ("a,b\n 	,2\n", "mine.csv:2: column 'a' is empty; every row needs a number there"),
        ("a,b\n1,NaN\n", "mine.csv:2: column 'b' holds 'NaN'; a number must be finite"),
        ("a,b\n1,-inf\n", "mine.csv:2: column 'b' holds '-inf'; a number must be finite"),
        ("a,b\n1,+Infinity\n", "mine.csv:2: column 'b' holds '+Infinity'; a number must be finite"),
        (
            "a,b\n1,1e999\n",
            "mine.csv:2: column 'b' holds '1e999', which is too large; the largest number is about 1.8e308",
        ),
        ("a,b\n1,2,3\n", "mine.csv:2: the row has 3 fields; it needs 2, as many as the first line"),
        ("a,b\n1\n", "mine.csv:2: the row has 1 field; it needs 2, as many as the first line"),
        (
            'a,b\n1,"2\n3,4\n',
            "mine.csv:2: the row cannot be read (unexpected end of data); check its quotation marks",
        ),
        (b"a,b\n1,2\n\x00\x01", "mine.csv:3: this is a binary file; a CSV file is text, in UTF-8"),
        ("a,b\n1,2\n".encode("utf-16"), "mine.csv:1: this is a binary file; a CSV file is text, in UTF-8"),
        (b"a,b\n1,\xff\n", "mine.csv:2: the text is not UTF-8; save the file as CSV in UTF-8"),
    ],
)
def test_bad_tables(tmp_path: Path, content: str | bytes, expected: str) -> None:
    assert sentence(written(tmp_path, content)) == expected


def test_a_quoted_line_end_does_not_shift_the_line_number(tmp_path: Path) -> None:
    path = written(tmp_path, 'a,note,b\n1,"two\nlines",2\n1,x,oops\n')
    assert sentence(path).startswith("mine.csv:4: column 'b' holds 'oops'")


def test_what_is_shown_of_a_file_is_cleaned_and_short(tmp_path: Path) -> None:
    path = written(tmp_path, "a,b\n1,\x1b]0;" + "x" * 60 + "\n")
    assert sentence(path) == (
        f"mine.csv:2: column 'b' holds '\ufffd]0;{'x' * 35}…', which is no number; write numbers like 3, -0.5 or 2e-3"
    )


def test_absurdly_long_fields(tmp_path: Path) -> None:
    assert sentence(written(tmp_path, "a,b\n1," + "0" * 101 + "\n")) == (
        f"mine.csv:2: column 'b' holds 101 characters, '{'0' * 39}…'; a number has at most 100"
    )
    assert sentence(written(tmp_path, "a,b," + "n" * 101 + "\n1,2,3\n")) == (
        f"mine.csv:1: a column's name has at most 100 characters, unlike '{'n' * 39}…'"
    )
    assert sentence(written(tmp_path, "a,b\n1," + "0" * 200_000 + "\n")) == (
        "mine.csv:2: the row cannot be read (field larger than field limit (131072)); check its quotation marks"
    )


def test_too_many_columns_and_rows(tmp_path: Path) -> None:
    many = ",".join(f"c{i}" for i in range(1025))
    assert sentence(written(tmp_path, many + "\n")) == "mine.csv:1: there are 1,025 columns; a table has at most 1,024"
    assert sentence(written(tmp_path, "a,b\n" + "1,2\n" * 100_001)) == (
        "mine.csv:100002: there are more than 100,000 rows; keep fewer"
    )
    assert read_table(written(tmp_path, "a,b\n" + "1,2\n" * 100_000), ["a"], ["b"]).samples == 100_000


def test_a_long_list_of_columns_is_cut(tmp_path: Path) -> None:
    path = written(tmp_path, ",".join(f"column{i}" for i in range(12)) + "\n")
    assert sentence(path).endswith("'column6', 'column7' and 4 more")


def test_too_large(tmp_path: Path) -> None:
    path = written(tmp_path, b"a,b\n" + b"1,2\n" * 2_000_000)
    assert sentence(path) == "mine.csv: the file is larger than 8,000,000 bytes; keep fewer rows or columns"


def test_columns_asked_for_wrongly(tmp_path: Path) -> None:
    path = written(tmp_path, "a,b,,\n1,2,3,4\n")
    assert sentence(path, ()) == "mine.csv:1: no input column is asked for; name at least one of 'a', 'b'"
    assert sentence(path, ("a",), ()) == "mine.csv:1: no target column is asked for; name at least one of 'a', 'b'"
    assert sentence(path, ("a", "a")) == "mine.csv:1: the input column 'a' is asked for twice; name it once"
    assert sentence(path, ("",)) == "mine.csv:1: there is no column ''; there is 'a', 'b'"


@given(st.binary(max_size=200))
def test_any_bytes_at_all_give_a_table_or_a_sentence(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = written(Path(folder), b"a,b\n" + content)
        try:
            said = f"mine.csv: {read_table(path, ['a'], ['b']).samples} rows"
        except DataError as error:
            said = str(error)
    assert said.startswith("mine.csv:")
    assert "\n" not in said

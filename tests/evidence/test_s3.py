"""Objects on S3, against a real server that checks every signature."""

import hashlib

import pytest

from evidence.s3 import Prefix, S3Error, is_s3

NAMES = ["a b.csv", "a#b%20.csv", "sub/满意度 [1].csv", "~a+b*.csv"]


def test_what_is_written_is_listed_and_comes_back(bucket, tmp_path):
    place = Prefix(bucket + "/reports/north")
    for name in NAMES:
        place.write(name, name.encode())
    found = {one.path: one for one in place.list()}
    assert sorted(found) == sorted(NAMES)
    for name in NAMES:
        digest = place.copy_to(found[name], tmp_path / "copy")
        assert (tmp_path / "copy").read_bytes() == name.encode()
        assert digest == hashlib.sha256(name.encode()).hexdigest()
        assert found[name].size == len(name.encode())
    assert [one.path for one in place.list("sub")] == ["sub/满意度 [1].csv"]
    # a prefix sees what lies below it only
    assert list(Prefix(bucket + "/reports/nor").list()) == []
    above = [one.path for one in Prefix(bucket).list()]
    assert above == sorted(f"reports/north/{name}" for name in NAMES)
    place.delete(*NAMES)
    assert list(place.list()) == []


def test_a_large_file_goes_in_and_out_in_pieces(bucket, tmp_path):
    source, copy = tmp_path / "source", tmp_path / "copy"
    block = hashlib.sha256(b"seed").digest() * 2**15
    with source.open("wb") as file:
        for _ in range(20):
            file.write(block)
    place = Prefix(bucket)
    place.write("large.bin", source)
    (found,) = place.list()
    assert found.size == 20 * 2**20
    assert place.copy_to(found, copy) == hashlib.sha256(source.read_bytes()).hexdigest()
    assert copy.read_bytes() == source.read_bytes()


def test_an_object_that_changed_since_it_was_listed_is_not_taken(bucket, tmp_path):
    place = Prefix(bucket)
    place.write("a.csv", b"one")
    (found,) = place.list()
    place.write("a.csv", b"two")
    assert place.copy_to(found, tmp_path / "copy") == ""
    (again,) = place.list()
    assert again.etag != found.etag
    place.delete("a.csv")
    assert place.copy_to(again, tmp_path / "copy") == ""


@pytest.mark.parametrize(
    "wrong", [{"S3_SECRET": "another"}, {"S3_ENDPOINT_URL": "http://127.0.0.1:9"}]
)
def test_what_cannot_be_reached_is_said_in_a_sentence(bucket, settings, wrong):
    for name, value in wrong.items():
        setattr(settings, name, value)
    with pytest.raises(S3Error) as told:
        list(Prefix(bucket).list())
    assert str(told.value).startswith(f"{bucket}/ cannot be used: ")
    assert len(str(told.value)) < 400


def test_what_lies_on_s3():
    assert is_s3("s3://a/b") and not is_s3("/srv/s3")

"""WARC files: written and read back byte for byte, by other readers too; killed, damaged, cut off; files of other tools."""

import base64
import contextlib
import gzip
import hashlib
import io
import json
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import brotli
import pytest
from cdxj_indexer.main import CDXJIndexer
from fastwarc.warc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecordType
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newscrawl import codings, warc

# warcio's writer, which only the tests use, leaves its temporary files to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

START = datetime(2026, 11, 24, 15, 47, 39, tzinfo=UTC)
INFO = {"site": "weihai", "arguments": {"since": "2026-11-01"}, "note": "威海"}


def made(count):
    """Answers of all sorts: address, status, headers, body."""
    draw = random.Random(6)
    words = "市民 海岸 公园 记者 今年 项目 开放 渔港 春季 道路".split()
    for number in range(count):
        text = "".join(f"<p>{''.join(draw.choices(words, k=40))}</p>" for _ in range(draw.randint(0, 60)))
        charset = ("utf-8", "gbk")[number % 2]
        body = f"<html><title>第{number}页</title>{text}</html>".encode(charset)
        headers = [("Server", "nginx"), ("Content-Type", f"text/html; charset={charset}")]
        status = 200
        match number % 10:
            case 1 | 2 | 3:
                body = gzip.compress(body, 6)
                headers += [("Content-Encoding", "gzip"), ("Content-Length", str(len(body)))]
            case 4:
                body = brotli.compress(body, quality=3)
                headers.append(("Content-Encoding", "br"))
            case 5:
                body = b""
            case 6:
                body = draw.randbytes(draw.choice([1, 70, 65531, 65532, 70_000]))
                headers[1] = ("Content-Type", "image/jpeg")
            case 7:
                headers += [("Transfer-Encoding", "chunked"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]
            case 8:
                headers += [("X-Title", "威海新闻"), ("X-Empty", ""), ("X-Latin", "caf\xe9 \x85\xa0")]
                body = b"\r\n\r\nWARC/1.1\r\nWARC-Type: response\r\n\r\n" + body + b"\0\r\n\r\n"
            case 9:
                status, body = draw.choice([301, 404, 503, 599]), b"no"
                headers.append(("Location", "http://www.whnews.cn/"))
        yield f"http://www.whnews.cn/news/{number}.htm?页={number}", status, headers, body


def write(folder, pages, **options):
    writer = warc.Writer(folder, "weihai", info=INFO, **options)
    written = [
        writer.response(
            url,
            status,
            headers,
            body,
            at=START + timedelta(seconds=number),
            about={"kind": "article", "found_on": f"http://列表/{number}"},
        )
        for number, (url, status, headers, body) in enumerate(pages)
    ]
    writer.close()
    return written


@pytest.fixture(scope="module")
def thousand(tmp_path_factory):
    """The archive of a thousand pages: its folder, the pages, what the writer said of each."""
    folder = tmp_path_factory.mktemp("archive")
    pages = list(made(1000))
    return folder, pages, write(folder, pages)


def only(folder):
    (path,) = warc.files(folder)
    return path


def read(path, **options):
    problems = []
    return list(warc.records(path, problem=problems.append, **options)), problems


def sent(headers):
    """Headers as a reader gives them back."""
    found = []
    for name, value in headers:
        try:
            value.encode("latin-1")
        except UnicodeEncodeError:
            value = value.encode().decode("latin-1")
        found.append(("X-Archive-Orig-Transfer-Encoding" if name == "Transfer-Encoding" else name, value))
    return found


def test_a_thousand_pages_come_back_byte_for_byte(thousand):
    folder, pages, written = thousand
    records, problems = read(only(folder), folder=folder)
    assert problems == []
    assert records[0].type == "warcinfo"
    assert records[0].about.items() >= INFO.items()
    for (url, status, headers, body), said, record in zip(pages, written, records[1:], strict=True):
        assert record.body == body
        assert (record.type, record.status, record.headers) == ("response", status, sent(headers))
        assert (record.place, record.url, record.at.isoformat(), record.digest) == (said.place, said.url, said.at, said.digest)
        assert said.url == url.replace("页", "%E9%A1%B5")
        assert said.digest == "sha1:" + base64.b32encode(hashlib.sha1(body).digest()).decode()
    assert records[7].about == {"kind": "article", "found_on": "http://列表/6"}
    for number in random.Random(1).sample(range(1000), 100):
        again = warc.at(folder, written[number].place)
        assert (again.body, again.headers, again.place) == (pages[number][3], sent(pages[number][2]), written[number].place)
    assert warc.check(folder, pytest.fail) == warc.Checked(2001, 1000, only(folder).stat().st_size, 0)


def test_other_readers_read_them(thousand):
    """warcio, fastwarc, and pywb's indexer, whose offsets and lengths are ours."""
    folder, pages, written = thousand
    path = only(folder)
    with path.open("rb") as stream:
        records = ArchiveIterator(stream, check_digests="raise")
        found = [(r.rec_headers["WARC-Target-URI"], r.raw_stream.read()) for r in records if r.rec_type == "response"]
    assert found == [(said.url, body) for said, (_, _, _, body) in zip(written, pages, strict=True)]
    fast = FastIterator(str(path), record_types=WarcRecordType.response, verify_digests=True)
    found = [(r.headers["WARC-Target-URI"], r.reader.read(), r.http_headers.status_code) for r in fast]
    assert found == [(said.url, body, status) for said, (_, status, _, body) in zip(written, pages, strict=True)]
    out = io.StringIO()
    CDXJIndexer(output=out, inputs=[str(path)], fields="status").process_all()
    rows = [json.loads(line.split(" ", 2)[2]) for line in out.getvalue().splitlines()]
    assert [(row["url"], int(row["offset"]), int(row["length"])) for row in rows] == [
        (said.url, said.place.offset, said.place.length) for said in written
    ]


def test_what_is_no_plain_answer(tmp_path):
    writer = warc.Writer(tmp_path, "weihai", info=INFO)
    url, body = "http://a.cn/1.htm", "<p>正文</p>".encode()
    first = writer.response(url, 200, [("ETag", '"1"')], body, at=START, about={"kind": "article"}, ip="192.0.2.1")
    later = START + timedelta(hours=1)
    same = (first.url, first.at, first.digest)
    unchanged = writer.response(url, 304, [("ETag", '"1"')], b"", at=later, about={"kind": "article"}, unchanged=same)
    alike = writer.response(url, 200, [("ETag", '"2"')], body, at=later, about={}, unchanged=same)
    changed = writer.response(url, 200, [], b"other", at=later, about={}, unchanged=same)
    gone = writer.visit(url, {"kind": "list", "verdict": "error", "why": "连接超时"}, at=later)
    shown = writer.resource(url, "text/html; charset=utf-8", body, at=later, about={"kind": "browser"})
    cut = writer.response(url, 200, [], b"beg", at=later, about={}, truncated="length")
    writer.finish({"id": 7, "outcome": "finished"})
    writer.close()
    records, problems = read(only(tmp_path), folder=tmp_path)
    assert problems == []
    assert [r.type for r in records] == [
        "warcinfo",
        "response",
        "revisit",
        "revisit",
        "response",
        "metadata",
        "resource",
        "response",
        "metadata",
    ]
    by_place = {r.place: r for r in records}
    for said in (unchanged, alike):
        record = by_place[said.place]
        assert (said.type, record.body, record.refers_to) == ("revisit", b"", (url, START))
        assert record.digest == first.digest
    assert by_place[unchanged.place].status == unchanged.status == 304
    assert by_place[alike.place].headers == [("ETag", '"2"')]
    assert (changed.type, by_place[changed.place].body) == ("response", b"other")
    assert by_place[gone.place].about == {"kind": "list", "verdict": "error", "why": "连接超时"}
    assert (gone.kind, gone.status, shown.kind) == ("list", None, "browser")
    assert by_place[shown.place].content() == body
    assert by_place[shown.place].header("content-type") == "text/html; charset=utf-8"
    assert by_place[cut.place].truncated == "length"
    assert records[-1].about == {"newscrawl": "run", "id": 7, "outcome": "finished"}
    assert records[-1].type == "metadata"
    assert warc.check(tmp_path, pytest.fail).responses == 3
    with only(tmp_path).open("rb") as stream:
        profiles = [r.rec_headers["WARC-Profile"].rpartition("/")[2] for r in ArchiveIterator(stream) if r.rec_type == "revisit"]
    assert profiles == ["server-not-modified", "identical-payload-digest"]


def test_files_by_day_and_size_and_none_for_nothing(tmp_path):
    idle = warc.Writer(tmp_path, "yantai", info={})
    idle.finish({"id": 1})
    idle.close()
    assert list(tmp_path.iterdir()) == []
    one, other = (warc.Writer(tmp_path, "weihai", info=INFO, max_size=100_000) for _ in range(2))
    noise = random.Random(2)
    for number in range(8):
        for writer in (one, other):
            at = START + timedelta(hours=3 * number)
            headers = [("Content-Type", "image/png")]
            writer.response(f"http://a.cn/{number}", 200, headers, noise.randbytes(40_000), at=at, about={})
    for writer in (one, other):
        writer.finish({"id": 1})
        writer.close()
    paths = warc.files(tmp_path)
    names = [path.relative_to(tmp_path).as_posix() for path in paths]
    assert names[:2] == [f"weihai/2026-11/weihai-20261124T154739Z-0000{n}.warc.gz" for n in (0, 1)]
    # 40 kB each, of which two go into 100 kB; 18:47, 21:47 are the first day's.
    days = [{record.at.day for record in warc.records(path) if record.type == "response"} for path in paths]
    assert all(len(day) == 1 for day in days)
    assert len(paths) == 10
    assert max(path.stat().st_size for path in paths) < 100_000
    runs = {next(warc.records(path)).about["newscrawl_run"] for path in paths}
    assert len(runs) == 2
    assert warc.check(tmp_path, pytest.fail).responses == 16


@pytest.mark.parametrize("site", ["../../etc", "www.a.cn", "威海", "", "a/b\0c\n"])
def test_a_site_s_name_stays_within_the_folder(tmp_path, site):
    writer = warc.Writer(tmp_path / "archive", site, info={})
    place = writer.visit("http://a.cn/", {"why": "x"}, at=START).place
    writer.close()
    assert writer.path.resolve().is_relative_to(tmp_path / "archive")
    assert warc.at(tmp_path / "archive", place).about == {"why": "x"}
    assert ".." not in place.file.split("/")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    url=st.text(max_size=30),
    headers=st.lists(
        st.tuples(st.text(max_size=12) | st.binary(max_size=12), st.text(max_size=30) | st.binary(max_size=30)), max_size=4
    ),
    about=st.dictionaries(st.text(), json_values, max_size=5),
    body=st.binary(max_size=300),
    truncated=st.none() | st.text(max_size=10),
)
def test_nothing_hostile_breaks_out_of_its_line(tmp_path_factory, url, headers, about, body, truncated):
    folder = tmp_path_factory.mktemp("hostile")
    writer = warc.Writer(folder, "weihai", info=about)
    said = writer.response(
        f"http://a.cn/{url}",
        200,
        headers,
        body,
        at=START,
        about=about,
        request_headers=headers,
        request_method=url,
        truncated=truncated,
    )
    writer.resource(f"http://a.cn/{url}", url, body, at=START, about=about)
    writer.close()
    records, problems = read(only(folder), folder=folder)
    assert problems == []
    assert [record.type for record in records] == ["warcinfo", "response", "resource"]
    record = records[1]
    assert (record.body, record.place, record.url, record.about) == (body, said.place, said.url, about)
    assert len(record.headers) == len(headers)
    for (_, given_value), (_, value) in zip(headers, record.headers, strict=True):
        raw = given_value if isinstance(given_value, bytes) else given_value.encode("utf-8", "replace")
        if not set(raw) & set(b"\r\n\0") and raw.isascii():
            assert value == raw.decode("latin-1").strip(" \t")
    warc.check(folder, pytest.fail)
    with only(folder).open("rb") as stream:
        kinds = [(r.rec_type, len(r.raw_stream.read())) for r in ArchiveIterator(stream, check_digests="raise")]
    assert [kind for kind, _ in kinds] == ["warcinfo", "response", "request", "resource"]
    assert kinds[1][1] == len(body)


def test_what_is_kept_of_a_request_has_an_end(tmp_path):
    writer = warc.Writer(tmp_path, "weihai", info=INFO)
    writer.response("http://a.cn/", 200, [], b"", at=START, about={"kind": "article", "found_on": "长" * 50_000, "depth": 2})
    writer.close()
    assert read(only(tmp_path))[0][1].about == {"kind": "article", "depth": 2, "left_out": ["found_on"]}


# -- damage


def test_check_finds_a_flipped_byte_wherever_it_is(tmp_path):
    writer = warc.Writer(tmp_path, "weihai", info=INFO)
    writer.response("http://a.cn/1", 200, [("Content-Type", "text/html")], b"<p>plain</p>" * 9, at=START, about={})
    packed = gzip.compress(random.Random(3).randbytes(200))
    writer.response("http://a.cn/2", 200, [("Content-Encoding", "gzip")], packed, at=START, about={"kind": "article"})
    writer.close()
    path = only(tmp_path)
    whole = path.read_bytes()
    assert warc.check(path, pytest.fail).problems == 0
    silent = []
    for position in range(random.Random().randrange(2), len(whole), 2):
        path.write_bytes(whole[:position] + bytes((whole[position] ^ 0xFF,)) + whole[position + 1 :])
        told = []
        found = warc.check(path, told.append)
        if not told or found.problems != len(told):
            silent.append(position)
    assert silent == []


def test_a_digest_is_checked_where_gzip_says_nothing(tmp_path):
    """In a plain file, and where a record was packed after it was damaged."""
    writer = warc.Writer(tmp_path, "weihai", info=INFO)
    writer.response("http://a.cn/1", 200, [], "<p>第一页</p>".encode(), at=START, about={})
    writer.response("http://a.cn/2", 200, [], "<p>第二页</p>".encode(), at=START, about={})
    writer.close()
    plain = gzip.decompress(only(tmp_path).read_bytes()).replace("第一页".encode(), "第壹页".encode())
    path = tmp_path / "plain.warc"
    path.write_bytes(plain)
    records, problems = read(path)
    assert [record.url for record in records if record.type == "response"] == ["http://a.cn/2"]
    assert len(problems) == 1
    assert "http://a.cn/1: damaged, its digest does not match" in problems[0]
    told = []
    assert warc.check(path, told.append).problems == len(told) == 2
    assert "WARC-Block-Digest" in told[0]
    assert "WARC-Payload-Digest" in told[1]


@pytest.mark.parametrize("plain", [False, True], ids=["gzip", "plain"])
def test_reading_goes_on_after_damage_and_ends_at_a_cut(tmp_path, plain):
    written = write(tmp_path, list(made(30)))
    path = only(tmp_path)
    if plain:
        data = gzip.decompress(path.read_bytes())
        path = tmp_path / "plain.warc"
        path.write_bytes(data)
        places = [record.place for record in warc.records(path) if record.type == "response"]
    else:
        data, places = path.read_bytes(), [said.place for said in written]
    # The head of the eleventh; and the end of the file is within the 28th. (The 29th holds what looks like a record.)
    broken = bytearray(data[: places[27].offset + places[27].length - 20])
    broken[places[10].offset + 2 : places[10].offset + 20] = bytes(18)
    path.write_bytes(broken)
    records, problems = read(path)
    assert [r.url for r in records if r.type == "response"] == [said.url for n, said in enumerate(written[:27]) if n != 10]
    assert len(problems) == 2
    assert f"damaged at byte {places[10].offset}" in problems[0]
    assert "reading goes on" in problems[0]
    assert f"ends in the middle of a record, at byte {places[27].offset}" in problems[1]
    told = []
    assert warc.check(path, told.append).problems == 2
    assert warc.repair(path) == len(broken) - places[27].offset
    assert read(path)[1] == problems[:1]
    assert warc.repair(path) == 0


def test_every_cut_is_mended(tmp_path):
    write(tmp_path, list(made(4)))
    path = only(tmp_path)
    whole = path.read_bytes()
    ends = [0]
    with path.open("rb") as stream:
        records = ArchiveIterator(stream)
        ends.extend(records.get_record_offset() + records.get_record_length() for _ in records)
    for size in [*range(0, ends[2], 3), *range(ends[2], len(whole), 397), *ends]:
        path.write_bytes(whole[:size])
        last = max(end for end in ends if end <= size)
        records, problems = read(path)
        assert [f"byte {last};" in problem for problem in problems] == ([True] if size > last else []), size
        assert warc.repair(path) == size - last
        assert path.stat().st_size == last
    # After a power failure, the end may be zeros; damage elsewhere is not the kill's.
    path.write_bytes(whole[: ends[3] + 40] + bytes(5000))
    assert warc.repair(path) == 5040
    path.write_bytes(whole[: ends[3]] + b"something else")
    assert warc.repair(path) == 0


def test_no_damage_whatever_raises(tmp_path):
    """Bytes overwritten, left out, doubled and cut off, in plain, gzipped and packaged files."""
    recorded(tmp_path / "a.warc.gz")
    plain = gzip.decompress((tmp_path / "a.warc.gz").read_bytes())
    write(tmp_path / "ours", list(made(3)))
    ours = only(tmp_path / "ours").read_bytes()
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("archive/a.warc.gz", (tmp_path / "a.warc.gz").read_bytes())
        file.writestr("archive/b.warc", plain)
    draw = random.Random()
    path = tmp_path / "broken"
    for number in range(400):
        data = bytearray((plain, ours, package.getvalue())[number % 3])
        for _ in range(draw.randint(1, 3)):
            at, size = draw.randrange(len(data)), draw.choice([1, 1, 4, 300])
            match draw.randrange(4):
                case 0:
                    data[at : at + size] = draw.randbytes(size)
                case 1:
                    del data[at : at + size]
                case 2:
                    data[at:at] = data[max(0, at - size) : at]
                case 3:
                    del data[len(data) - at // 20 :]
        path.write_bytes(data)
        told = []
        try:
            for record in warc.records(path, problem=told.append):
                with contextlib.suppress(warc.Undecodable):
                    record.content()
                assert warc.at(tmp_path, record.place).body == record.body
            warc.check(path, told.append)
            cut = warc.repair(path)
            assert path.stat().st_size == len(data) - cut
        except Exception as error:
            raise AssertionError(f"{data!r}") from error


ZYGOTE = """
import os, random, sys
from datetime import UTC, datetime
from pathlib import Path
from newscrawl import codings, warc
for line in sys.stdin:
    read, write = os.pipe()
    child = os.fork()
    if not child:
        writer = warc.Writer(Path(line.strip()), "weihai", info={})
        draw, number = random.Random(line), 0
        while True:
            body, packed = draw.randbytes(draw.choice([100, 30_000, 2_000_000])), number % 3
            headers = [("Content-Type", "image/png" if packed else "text/html")]
            said = writer.response(f"http://a.cn/{number}", 200, headers, body, at=datetime.now(UTC), about={})
            os.write(1, f"{said.place.offset} {said.place.length}\\n".encode())
            number += 1
    os.write(1, f"child {child}\\n".encode())
    os.waitpid(child, 0)
    os.write(1, b"dead\\n")
"""


def test_a_kill_leaves_half_a_record_at_most(tmp_path):
    """Twenty writers are killed at random moments: what they had written is read, and what is mended every reader accepts."""
    draw = random.Random()
    with subprocess.Popen([sys.executable, "-c", ZYGOTE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as zygote:
        for number in range(20):
            folder = tmp_path / str(number)
            zygote.stdin.write(f"{folder}\n")
            zygote.stdin.flush()
            child, told = None, []
            while child is None or len(told) < 2:
                line = zygote.stdout.readline().split()
                if line[0] == "child":
                    child = int(line[1])
                else:
                    told.append((int(line[0]), int(line[1])))
            with pytest.raises(BlockingIOError):
                warc.repair(only(folder))
            time.sleep(draw.uniform(0, 0.03))
            os.kill(child, signal.SIGKILL)
            while (line := zygote.stdout.readline().split()) != ["dead"]:
                told.append((int(line[0]), int(line[1])))
            path = only(folder)
            before, problems = read(path)
            assert len(problems) <= 1
            places = [(record.place.offset, record.place.length) for record in before[1:]]
            # Written, and not yet told, may be one more.
            assert places[: len(told)] == told
            assert len(places) <= len(told) + 1
            cut = warc.repair(path)
            assert bool(cut) == bool(problems)
            assert warc.check(path, pytest.fail).responses == len(places)
            assert read(path) == (before, [])
            with path.open("rb") as stream:
                assert sum(r.rec_type == "response" and bool(r.raw_stream.read()) for r in ArchiveIterator(stream)) == len(places)
            assert sum(1 for _ in FastIterator(str(path), record_types=WarcRecordType.response)) == len(places)
        zygote.stdin.close()


FULL = """
import random, resource, sys
from datetime import UTC, datetime
from pathlib import Path
from newscrawl import codings, warc
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
writer, done = warc.Writer(Path(sys.argv[1]), "weihai", info={}), 0
try:
    while True:
        writer.response("http://a.cn/", 200, [("Content-Type", "image/png")], random.randbytes(30_000), at=datetime.now(UTC), about={})
        done += 1
except OSError as error:
    writer.visit("http://a.cn/small", {"why": "full"}, at=datetime.now(UTC))
    writer.close()
    print(done, type(error).__name__)
"""


def test_a_full_disk_is_told_and_leaves_whole_records(tmp_path):
    done = subprocess.run([sys.executable, "-c", FULL, tmp_path], capture_output=True, text=True, check=True)
    assert done.stdout == "3 OSError\n"
    found = warc.check(tmp_path, pytest.fail)
    assert (found.responses, found.records) == (3, 8)


def test_a_revisit_that_refers_to_nothing_is_found(tmp_path):
    writer = warc.Writer(tmp_path, "weihai", info=INFO)
    first = writer.response("http://a.cn/1", 200, [], b"one", at=START, about={})
    same = (first.url, first.at, first.digest)
    writer.response(
        "http://a.cn/1", 200, [], b"one", at=START + timedelta(days=1), about={}, unchanged=same
    )  # in the second day's file
    writer.close()
    one, two = warc.files(tmp_path)
    assert warc.check(two, pytest.fail).problems == 0
    answered = set()
    assert [warc.check(path, pytest.fail, answered=answered).problems for path in (one, two)] == [0, 0]
    told = []
    assert warc.check(two, told.append, answered=set()).problems == 1
    assert "refers to http://a.cn/1 of 2026-11-24T15:47:39Z, which is not there" in told[0]


# -- files of others


def recorded(path, *, compress=True, version="1.0"):
    """A file as warcio's recorder writes it: chunks kept, digests of what came."""
    page = "<p>渔港</p>".encode("gbk")
    packed = gzip.compress(page)
    chunked = b"%x;name=value\r\n%b\r\n%X\r\n%b\r\n0\r\nTrailer: x\r\n\r\n" % (9, packed[:9], len(packed) - 9, packed[9:])
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=compress, warc_version=version)
        writer.write_record(writer.create_warcinfo_record("x.warc", {"software": "recorder"}))
        for url, headers, body in (
            ("http://a.cn/chunked", [("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")], chunked),
            ("http://a.cn/liar", [("Transfer-Encoding", "chunked")], page),
            ("http://a.cn/plain", [("Content-Type", "text/html")], page),
        ):
            http = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")
            writer.write_record(writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=http))
        writer.write_record(
            writer.create_warc_record("http://a.cn/note", "metadata", payload=io.BytesIO(b"a: b"), warc_content_type="text/x")
        )
    return page


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("compress", [True, False])
def test_chunks_are_undone(tmp_path, compress, version):
    path = tmp_path / "x.warc"
    page = recorded(path, compress=compress, version=version)
    records, problems = read(path)
    assert problems == []
    assert [(r.url, r.content()) for r in records if r.type == "response"] == [
        ("http://a.cn/chunked", page), ("http://a.cn/liar", page), ("http://a.cn/plain", page)
    ]  # fmt: skip
    assert records[1].headers == [("Content-Encoding", "gzip")]
    assert records[0].about == {"software": "recorder"}
    assert records[-1].about == {}
    for record in records:
        assert warc.at(tmp_path, record.place) == record
    assert warc.check(path, pytest.fail).responses == 3


def test_odd_records(tmp_path):
    def record(kind, block, *fields, length=None, version="1.0"):
        lines = [f"WARC/{version}", f"WARC-Type: {kind}", "WARC-Date: 2017-07-01T10:28:00Z", *fields]
        head = "\r\n".join([*lines, f"Content-Length: {len(block) if length is None else length}", "", ""])
        return head.encode() + block + b"\r\n\r\n"

    target = "WARC-Target-URI: <http://a.cn/{}>".format
    answer = b"HTTP/1.1 200 OK\r\nX-Long: one\r\n  two\r\nno colon\r\n\r\nbody"
    blocks = [
        record("response", answer, target("folded")),
        record("response", b"<p>no head</p>", target("bare")),
        record("response", b"HTTP/1.0 404\n\nunix", target("unix")),
        record("response", b"HTTP/1.1 200 OK\r\nContent-Type: text/html", target("head-only")),
        record(
            "response", answer, target("hex"), "WARC-Block-Digest: sha256:" + hashlib.sha256(answer).hexdigest(), version="1.1"
        ),
        record("response", answer, target("strange"), "WARC-Block-Digest: whirl:abc", "WARC-Payload-Digest: nonsense"),
        record("conversion", b"text", target("text")),
        record("response", b"", target("empty")),
    ]
    path = tmp_path / "odd.warc"
    path.write_bytes(b"".join(blocks))
    records, problems = read(path)
    assert problems == []
    found = {r.url.rpartition("/")[2]: (r.status, r.body) for r in records}
    assert found == {
        "folded": (200, b"body"), "bare": (None, b"<p>no head</p>"), "unix": (404, b"unix"), "head-only": (200, b""),
        "hex": (200, b"body"), "strange": (200, b"body"), "empty": (None, b""),
    }  # fmt: skip
    assert records[0].headers == [("X-Long", "one two")]
    assert records[0].at == datetime(2017, 7, 1, 10, 28, tzinfo=UTC)
    # A length that is wrong costs its own record, and in gzip not even that.
    wrong = [blocks[0], record("response", answer, target("short"), length=len(answer) - 3), blocks[1]]
    wrong += [record("response", answer, target("long"), length=len(answer) + 30), blocks[2]]
    path.write_bytes(b"".join(wrong))
    records, problems = read(path)
    assert [r.url.rpartition("/")[2] for r in records] == ["folded", "bare", "unix"]
    assert len(problems) == 2
    path.write_bytes(b"".join(map(gzip.compress, wrong)))
    records, problems = read(path)
    assert [r.url.rpartition("/")[2] for r in records] == ["folded", "short", "bare", "long", "unix"]
    assert len(problems) == 1
    assert warc.check(path, problems.append).problems == 2
    # Several in one gzip member.
    path.write_bytes(gzip.compress(b"".join(blocks)))
    records, problems = read(path)
    assert {r.url.rpartition("/")[2]: (r.status, r.body) for r in records} == found
    assert problems == []
    assert [warc.at(tmp_path, r.place) for r in records] == records
    told = []
    assert warc.check(path, told.append).problems == 1
    assert "shares a gzip member" in told[0]
    for name, data in (("page.html", b"<html>"), ("x.gz", gzip.compress(b"<html>")), ("noise", random.Random(5).randbytes(3000))):
        path = tmp_path / name
        path.write_bytes(data)
        records, problems = read(path)
        assert (records, len(problems)) == ([], 1)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED], ids=["stored", "deflated"])
def test_a_wacz_is_read_where_it_lies(tmp_path, method):
    recorded(tmp_path / "data.warc.gz")
    with zipfile.ZipFile(tmp_path / "crawl.wacz", "w", method) as package:
        package.writestr("datapackage.json", "{}")
        package.write(tmp_path / "data.warc.gz", "archive/data.warc.gz")
        package.writestr("archive/none.warc.gz", b"")
    plain, _ = read(tmp_path / "data.warc.gz")
    records, problems = read(tmp_path / "crawl.wacz")
    assert problems == []
    assert [(r.url, r.body, r.place.offset) for r in records] == [(r.url, r.body, r.place.offset) for r in plain]
    assert records[1].place.file == "crawl.wacz!/archive/data.warc.gz"
    assert [warc.at(tmp_path, r.place) for r in records] == records
    assert warc.check(tmp_path / "crawl.wacz", pytest.fail).responses == 3
    cut = tmp_path / "cut.wacz"
    cut.write_bytes((tmp_path / "crawl.wacz").read_bytes()[:-40])
    assert read(cut)[0] == []
    assert "package" in read(cut)[1][0]


def test_what_nobody_wants_is_passed_over(thousand):
    folder, _, written = thousand
    wanted, _ = read(only(folder), folder=folder, wanted=lambda url: url.endswith("=7"))
    assert [record.place for record in wanted[1:]] == [written[7].place]
    heads, _ = read(only(folder), folder=folder, bodies=False)
    assert [(r.place, r.status) for r in heads[1:]] == [(said.place, said.status) for said in written]
    assert not any(record.body for record in heads[1:])


def test_content_codings():
    text = "威海的海岸，".encode() * 500

    def content(body, *codings):
        headers = [("Content-Encoding", coding) for coding in codings]
        return warc.Captured("response", "http://a.cn/", START, 200, headers, body, {}, None, warc.Place("", 0, 0)).content()

    raw = zlib.compressobj(6, zlib.DEFLATED, -15)
    deflated = raw.compress(text) + raw.flush()
    assert content(text) == content(text, "identity") == content(text, "utf-8") == content(text, "gzip") == text
    assert content(gzip.compress(text), "GZIP") == content(gzip.compress(text), "x-gzip") == text
    assert content(gzip.compress(text[:100]) + gzip.compress(text[100:]), "gzip") == text
    assert content(zlib.compress(text), "deflate") == content(deflated, "deflate") == text
    assert content(brotli.compress(text), "br") == text
    assert content(codings.zstd.compress(text), "zstd") == text
    assert (
        content(brotli.compress(gzip.compress(text)), "gzip, br")
        == content(brotli.compress(gzip.compress(text)), "gzip", "br")
        == text
    )
    assert content(b"", "gzip") == content(b"", "br") == content(b"", "zstd") == b""
    packed = gzip.compress(random.Random(4).randbytes(100_000))
    assert 1000 < len(content(packed[:50_000], "gzip")) < 100_000
    zeros = bytes(1 << 20)
    for coding, bomb in (
        ("gzip", gzip.compress(zeros) * 70),
        ("br", brotli.compress(zeros * 70, quality=1)),
        ("zstd", codings.zstd.compress(zeros * 70)),
    ):
        with pytest.raises(warc.Undecodable, match="64 MiB"):
            content(bomb, coding)


def test_files_are_sorted_by_their_moments(tmp_path):
    names = [
        "CC-NEWS-20240301000000-00001.warc.gz",
        "weihai-20261124T154739Z-00000.warc.gz",
        "old.warc",
        "yantai-20241124T154739Z-00000.warc.gz",
    ]
    for name in names:
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "note.txt").write_text("no")
    os.utime(tmp_path / "old.warc", (1.5e9, 1.5e9))
    assert [path.name for path in warc.files(tmp_path)] == ["old.warc", names[0], names[3], names[1]]
    assert warc.files(tmp_path / "old.warc") == [tmp_path / "old.warc"]
    with pytest.raises(FileNotFoundError):
        warc.files(tmp_path / "none")
    with contextlib.closing(warc.records(tmp_path / "old.warc")) as none:
        assert list(none) == []


def test_a_place_without_a_record_is_damage(tmp_path):
    (said,) = write(tmp_path, list(made(1)))
    for offset, length in ((said.place.offset + 5, 100), (said.place.offset, said.place.length - 5), (10**9, 10)):
        with pytest.raises(warc.Damaged):
            warc.at(tmp_path, warc.Place(said.place.file, offset, length))
    with pytest.raises(FileNotFoundError):
        warc.at(Path(tmp_path), warc.Place("none.warc.gz", 0, 0))

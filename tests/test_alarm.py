"""Alarms: real servers on loopback take them; what cannot be reached is said without its secrets, and soon."""

import base64
import contextlib
import json
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from aiosmtpd.controller import Controller

from newscrawl import alarm
from newscrawl.alarm import Change

RED = Change("weihai", "大众网·威海", "red", "green", "编辑 empty in 38 of 40 articles,\nrule dzwww/2016 no longer matches", 12)
GREEN = Change("yantai", "大众网·烟台", "green", "red", None, 13)
LINE = "weihai (大众网·威海) is red, was green: 编辑 empty in 38 of 40 articles, rule dzwww/2016 no longer matches (newscrawl run 12)"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    """The test's servers are reached directly, whatever the machine's environment says."""
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    monkeypatch.delenv("NEWSCRAWL_ALARM", raising=False)


class Hook(HTTPServer):
    """Takes POSTs, answers each with ``status`` and ``body``."""

    status, body, location = 200, b"ok", None

    def __init__(self):
        self.taken = []
        super().__init__(("127.0.0.1", 0), Taking)
        self.address = f"127.0.0.1:{self.server_address[1]}"


class Taking(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_):
        pass


@pytest.fixture
def hook():
    with Hook() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def dead():
    """A port where a connection is taken and nothing is ever said."""
    with socket.create_server(("127.0.0.1", 0), backlog=8) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def closed():
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return f"127.0.0.1:{port}"


class Box:
    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        self.mails.append((envelope.mail_from, envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 taken"


@pytest.fixture
def mailbox():
    """An SMTP server on loopback."""
    box = Box()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, f"127.0.0.1:{port}"
    controller.stop()


def test_a_webhook_gets_one_message_with_all_changes(hook):
    assert alarm.send([RED, GREEN], [f"http://desk:geheim%21@{hook.address}/hook?key=s3cret"]) == []
    ((path, headers, body),) = hook.taken
    assert path == "/hook?key=s3cret"
    assert headers["Authorization"] == "Basic " + base64.b64encode(b"desk:geheim!").decode()
    assert headers["Content-Type"].startswith("application/json")
    assert "大众网" in body.decode("utf-8")
    said = json.loads(body)
    assert said["text"].splitlines() == [
        "newscrawl: 2 sites changed: weihai red, yantai green",
        LINE,
        "yantai (大众网·烟台) is green again (newscrawl run 13)",
    ]
    assert said["changes"] == [
        {"site": "weihai", "title": "大众网·威海", "state": "red", "previous": "green", "message": RED.message, "run": 12},
        {"site": "yantai", "title": "大众网·烟台", "state": "green", "previous": "red", "message": None, "run": 13},
    ]


def test_apprise_takes_the_other_addresses(hook):
    assert alarm.send([RED], [f"json://{hook.address}/hook"]) == []
    ((path, _, body),) = hook.taken
    assert path == "/hook"
    said = json.loads(body)
    assert said["title"] == "newscrawl: weihai is red"
    assert said["message"] == LINE


def test_a_mail_reaches_each_of_its_readers(mailbox):
    box, address = mailbox
    url = f"mailto://{address}/?from=crawl@example.org&to=a@example.org,b@example.org"
    assert alarm.send([GREEN], alarm.addresses(f"{url}")) == []
    assert sorted(rcpt for _, rcpts, _ in box.mails for rcpt in rcpts) == ["a@example.org", "b@example.org"]
    sender, _, mail = box.mails[0]
    assert sender == "crawl@example.org"
    assert mail["Subject"] == "newscrawl: yantai is green again"
    assert "yantai (大众网·烟台) is green again" in mail.get_body(("plain", "html")).get_content()


def test_the_same_address_twice_is_one_message_and_no_change_is_none(hook):
    address = f"http://{hook.address}/"
    assert alarm.send([RED], [address, address]) == []
    assert len(hook.taken) == 1
    assert alarm.send([], [address]) == []
    assert len(hook.taken) == 1


def test_a_test_message_says_that_it_is_one(hook):
    assert alarm.send_test([f"http://{hook.address}/"]) == []
    said = json.loads(hook.taken[0][2])
    assert said["changes"] == []
    assert "nothing has changed" in said["text"]


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (404, b"no such hook", "it answered 404"),
        (500, b"", "it answered 500"),
        (302, b"", "it answered 302"),
        (200, b'{"errcode": 310000, "errmsg": "keywords not in content"}', "error code 310000"),
        (200, b'{"code": 19001, "data": {}, "msg": "param invalid"}', "error code 19001"),
        (200, b'{"errcode": 0}', None),
        (200, b"[1, 2]", None),
        (204, b"", None),
    ],
)
def test_what_a_webhook_answers(hook, status, body, why):
    hook.status, hook.body = status, body
    if status == 302:
        hook.location = f"http://{hook.address}/elsewhere"
    problems = alarm.send([RED], [f"http://{hook.address}/hook/s3cret"])
    if why is None:
        assert problems == []
    else:
        assert len(problems) == 1
        assert problems[0].endswith(why)
    assert len(hook.taken) == 1


def test_dead_addresses_delay_a_run_for_a_bounded_time_and_leave_the_others_alone(hook, dead, closed, monkeypatch):
    monkeypatch.setattr(alarm, "PATIENCE", 1.5)
    addresses = [
        f"http://{dead}/token1",
        f"http://{closed}/token2",
        f"mailto://{dead}/?from=a@b.cn&to=c@d.cn",
        f"http://{hook.address}/",
    ]
    began = time.monotonic()
    problems = alarm.send([RED], addresses)
    assert time.monotonic() - began < 5
    assert len(hook.taken) == 1
    assert len(problems) == 3
    assert problems[0].startswith(f"alarm not sent to http://{dead}/…: ")
    assert problems[1] == f"alarm not sent to http://{closed}/…: Connection refused"
    assert problems[2].startswith(f"alarm not sent to mailto://{dead}/…: ")


@pytest.fixture
def dripping():
    """A port whose answer comes byte by byte and never ends: no time-out of a socket ends it."""
    end = threading.Event()

    def drip():
        connection, _ = server.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            with contextlib.suppress(OSError):
                while not end.wait(0.05):
                    connection.sendall(b"x")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        end.set()
        thread.join()


def test_an_answer_that_never_ends_delays_neither_the_run_nor_its_end(dripping):
    program = """
import sys
from newscrawl import alarm
alarm.PATIENCE = 0.5
print(alarm.send([alarm.Change("weihai", "", "red", None, None, None)], sys.argv[1:]))
"""
    done = subprocess.run([sys.executable, "-c", program, f"http://{dripping}/"], capture_output=True, text=True, timeout=10)
    assert done.stdout == f"['alarm not sent to http://{dripping}/…: no answer within 0.5 s']\n"
    assert done.stderr == ""


def test_a_reason_is_said_without_parts_of_the_address():
    address = "mailto://me:Passw0rd%21@mail.example/box?to=T0ken&x=K3y"
    why = "login as me with Passw0rd! (Passw0rd%21) at mail.example for T0ken K3y refused"
    assert alarm._redacted(why, address) == "login as me with … (…) at mail.example for … … refused"
    assert alarm._redacted("robot abc-def: no", "dingtalk://abc-def") == "robot …: no"
    assert alarm._redacted("http://[::1/x is none", "http://[::1/x") == "… is none"


@pytest.mark.parametrize(
    "address",
    [
        "http://user:Passw0rd@{closed}/hook/T0kenT0ken?key=K3yK3y",
        "json://user:Passw0rd@{closed}/hook/T0kenT0ken?+X-Key=K3yK3y",
        "mailto://user:Passw0rd@{closed}/?from=a@b.cn&to=T0kenT0ken@b.cn",
        "http://user:Passw0rd@[::1/T0kenT0ken",
        "nosuch://Passw0rd/T0kenT0ken",
        "Passw0rdT0kenT0ken",
        "http://user:Passw0rd@nosuchhost.invalid/T0kenT0ken",
        "dingtalk://T0kenT0ken!!/",
        "http:// T0kenT0ken",
    ],
)
def test_no_secret_is_said(address, closed, capfd):
    logged = []
    handler = logging.Handler()
    handler.emit = lambda record: logged.append(record.getMessage())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        lines = alarm.send([RED], [address.replace("{closed}", closed)])
        found = alarm.problem(address.replace("{closed}", closed))
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    out, err = capfd.readouterr()
    said = "\n".join([*lines, found or "", out, err, *logged])
    assert lines
    for secret in ("passw0rd", "t0ken", "k3y", "user"):
        assert secret not in said.lower()


def test_without_apprise_one_line_says_what_to_install(hook, tmp_path):
    # An interpreter whose finder does not find apprise.
    program = """
import sys
from importlib.machinery import PathFinder
find = PathFinder.find_spec
PathFinder.find_spec = lambda name, *where: None if name == "apprise" else find(name, *where)
from newscrawl import alarm
for line in alarm.send([alarm.Change("weihai", "", "red", "green", "x", 1)], sys.argv[1:]):
    print(line)
print([alarm.problem(address) for address in sys.argv[1:]])
"""
    done = subprocess.run(
        [sys.executable, "-c", program, "dingtalk://T0kenT0ken", f"http://{hook.address}/"],
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.stderr == ""
    first, second = done.stdout.splitlines()
    assert first == "alarm not sent to dingtalk://…: it needs apprise: pip install 'newscrawl[alarms]'"
    assert "needs apprise" in second
    assert second.endswith("None]")
    assert len(hook.taken) == 1


@pytest.mark.parametrize(
    ("previous", "state", "told"),
    [
        (None, "green", False), ("new", "green", False), (None, "new", False), ("new", "new", False), ("green", None, False),
        (None, "yellow", True), (None, "red", True), ("new", "yellow", True), ("new", "red", True),
        ("green", "green", False), ("yellow", "yellow", False), ("red", "red", False),
        ("green", "yellow", True), ("green", "red", True), ("yellow", "red", True), ("red", "yellow", True),
        ("red", "green", True), ("yellow", "green", True), ("red", "new", False),
    ],
)  # fmt: skip
def test_once_per_change(previous, state, told):
    assert alarm.changed(previous, state) is told


def test_addresses_stand_apart_by_blanks_or_commas(monkeypatch):
    wanted = ["https://a.example/x?y=1,2", "mailto://h/?to=a@b.cn,c@d.cn", "json://h"]
    assert alarm.addresses(" ".join(wanted)) == wanted
    assert alarm.addresses(",".join(wanted)) == wanted
    assert alarm.addresses(", ".join(wanted) + ",\n") == wanted
    assert alarm.addresses("") == []
    assert alarm.addresses() == []
    monkeypatch.setenv("NEWSCRAWL_ALARM", " ".join(wanted))
    assert alarm.addresses() == wanted


def test_an_address_is_looked_at_before_it_is_needed():
    for address in (
        "https://example.org/hook",
        "mailto://user:pass@example.org",
        "dingtalk://0123456789abcdef",
        "https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef",
        "https://open.feishu.cn/open-apis/bot/v2/hook/aaaa-bbbb",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7aoc-4bc4-97a0-0ec2sifa5aaa",
    ):
        assert alarm.problem(address) is None
    assert "needs a scheme" in alarm.problem("desk@example.org")
    assert "cannot read" in alarm.problem("nosuch://x")
    assert "no host" in alarm.problem("https:///x")


def test_chat_robots_get_their_own_json():
    assert alarm._translated("https://oapi.dingtalk.com/robot/send?access_token=0123abcd") == "dingtalk://0123abcd"
    assert alarm._translated("https://open.feishu.cn/open-apis/bot/v2/hook/aaaa-bbbb") == "feishu://aaaa-bbbb"
    assert alarm._translated("https://example.org/open-apis/bot/v2/hook/aaaa") == "https://example.org/open-apis/bot/v2/hook/aaaa"


def test_a_line_says_what_it_was_before():
    assert RED.line() == LINE
    assert Change("weihai", "weihai", "yellow", None, "x", None).line() == "weihai is yellow: x"
    assert (
        Change("weihai", "", "red", "green", "weihai: 编辑 empty", 4).line()
        == "weihai is red, was green: 编辑 empty (newscrawl run 4)"
    )
    assert Change("weihai", "", "green", "red", "weihai: green again", None).line() == "weihai is green again"
    assert alarm.subject([Change(f"s{n}", "", "red", None, None, None) for n in range(12)]).endswith("s9 red, …")
    assert os.linesep not in alarm.subject([RED])

"""A site's health: no alarm over healthy sites, every break named in the first run that can show it, and its end noticed."""

import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from newscrawl.health import FieldCount, FieldCounter, ListRecord, RunRecord, judge
from newscrawl.items import Article, Block, Editor, Image, Link

CHINA = timezone(timedelta(hours=8))
START = datetime(2026, 9, 1, 0, 7, tzinfo=UTC)
SITE_RULE = "site:dzwww/2018"
RATES = {
    "title": 1.0, "published_at": 1.0, "body_text": 1.0, "source": 0.97, "editor": 0.98, "recommended": 0.96, "channel": 0.99,
    "images": 0.6, "author": 0.5, "keywords": 0.8, "related": 0.0, "subtitle": 0.03, "correspondent": 0.12,
}  # fmt: skip
LENGTHS = {"title": 24, "source": 4, "editor": 3, "images": 2}


class Site:
    """An invented site: bursts by day, few articles by night, runs whose articles are all of one sort."""

    def __init__(self, seed, size=4.0, every=timedelta(hours=1)):
        self.random = random.Random(seed)
        self.size, self.every = size, every
        self.at = START + timedelta(minutes=self.random.randrange(60))
        self.number = 0
        self.broken = {}

    def run(self, articles=None, **changes):
        """The next run. ``broken`` maps a field to what is left of its rate, or to another rule, or to a way to break."""
        rnd = self.random
        self.number += 1
        self.at += self.every
        hour = self.at.astimezone(CHINA).hour
        mean = self.size * (1.5 if 7 <= hour <= 20 else 0.15) * (0.5 if self.at.weekday() > 4 else 1)
        if articles is None:
            articles = 0 if rnd.random() < 0.25 else min(60, int(rnd.expovariate(1 / max(mean, 0.01))))
        new = articles - (rnd.randrange(articles // 2) if articles > 1 else 0)
        refused = sum(rnd.random() < 0.03 for _ in range(articles)) + 1
        run = RunRecord(
            self.number, "weihai", self.at.isoformat(), (self.at + timedelta(minutes=2)).isoformat(), reason="finished", exit_code=0,
            new=new, unchanged=articles - new, refused=refused, verdicts={"gone": refused - 1, "robots": 1} if refused > 1 else {"robots": 1},
            fields=self.fields(articles) if articles else {},
        )  # fmt: skip
        return replace(run, **changes)

    def fields(self, n):
        rnd = self.random
        # Reporters come in lumps: a run may be all notices, which name none.
        lump = rnd.betavariate(0.8, 1.2)
        out = {}
        for name, usual in {**RATES, "reporter": lump}.items():
            how = self.broken.get(name)
            rate = how if isinstance(how, float) else usual
            filled = sum(rnd.random() < rate for _ in range(n))
            rule = how if isinstance(how, str) and ":" in how else SITE_RULE
            odd = sum(rnd.random() < 0.02 for _ in range(filled)) if rule == SITE_RULE else 0
            rules = {rule: filled - odd, "generic:byline": odd}
            if name in ("recommended", "related"):
                rules = {"empty": n - filled}
            distinct = min(filled, 1) if how == "same" else max(min(filled, 1), filled - (rnd.random() < 0.05))
            length = LENGTHS.get(name, 10.0)
            if name == "body_text" and filled:
                length = sorted(rnd.lognormvariate(6.5, 0.8) for _ in range(filled))[filled // 2] * (
                    0.05 if how == "short" else 1
                )
            if name == "recommended":
                length = 1.0 if how == "short" else 6.0
            out[name] = FieldCount(name, n, filled, distinct, length if filled else None, {r: k for r, k in rules.items() if k})
        return out


def told(run, earlier, lists=()):
    now = datetime.fromisoformat(run.finished_at)
    return judge(run, list(reversed(earlier))[:200], lists, now=now, zone=CHINA)


def past(site, runs=120):
    return [site.run() for _ in range(runs)]


def first_finding(site, history, articles=None):
    """The health at the first alarm, and how many runs with four articles or more it took."""
    shown = 0
    for _ in range(60):
        run = site.run(articles)
        shown += run.articles >= 4
        health = told(run, history)
        history.append(run)
        if health.findings:
            return health, shown
    raise AssertionError("not found")


# -- no alarm without a cause


def test_healthy_sites_raise_no_alarm():
    """Forty sites of all sizes, 300 hourly runs each. An alarm stands until a run shows recovery, so that not each is judged."""
    alarms, states = [], set()
    for seed in range(40):
        site = Site(seed, size=(0.5, 2.0, 6.0, 15.0)[seed % 4])
        history = []
        for n in range(300):
            run = site.run()
            if n < 10 or n % 20 == seed % 20:
                health = told(run, history)
                states.add(health.state)
                if health.findings:
                    alarms.append((seed, n, health.message("weihai")))
            history.append(run)
    assert alarms == []
    assert states == {"new", "green"}


def test_a_new_site_is_new_until_there_is_enough_to_compare_with():
    site = Site(1)
    history = []
    for n, articles in enumerate([0, 12, 0, 9, 3]):
        run = site.run(articles)
        assert told(run, history).state == ("green" if n > 3 else "new")
        history.append(run)


def test_a_site_whose_past_looks_otherwise_is_compared_with_its_present():
    site = Site(22)
    site.broken = {"subtitle": 1.0, "recommended": 0.1}
    history = [site.run(3000), site.run(900)]
    site.broken = {"editor": 0.0}
    states = []
    for _ in range(40):
        run = site.run()
        states.append(told(run, history).state)
        history.append(run)
    assert set(states) == {"new", "green"}
    site.broken = {"editor": 0.0, "source": 0.0}
    assert [f.field for f in told(site.run(8), history).findings] == ["source"]


def test_a_site_crawled_once_a_day_raises_no_alarm_over_a_season():
    site = Site(3, size=8.0, every=timedelta(days=1, minutes=7))
    history = []
    for _ in range(90):
        run = site.run()
        assert told(run, history).findings == ()
        history.append(run)


def test_a_layout_of_the_same_site_file_is_no_finding():
    site = Site(4)
    history = past(site)
    site.broken = dict.fromkeys(("title", "source", "editor", "body_text"), "site:dzwww/2016")
    for _ in range(10):
        run = site.run(6)
        assert told(run, history).findings == ()
        history.append(run)


# -- every break is named

BREAKS = {
    "title": ({"title": 0.0}, "red", "title empty in "),
    "published_at": ({"published_at": 0.0}, "red", "published_at empty in "),
    "editor": ({"editor": 0.0}, "yellow", "编辑 empty in "),
    "source": ({"source": 0.02}, "yellow", "来源 empty in "),
    "recommended": ({"recommended": 0.0}, "yellow", "推荐阅读 empty in "),
    "body by another rule": ({"body_text": "cms:trs"}, "yellow", "rule dzwww/2018 no longer gives body in "),
    "title by another rule": ({"title": "generic:headline"}, "yellow", "rule dzwww/2018 no longer gives title in "),
    "equal titles": ({"title": "same"}, "red", "the same title in all "),
    "equal times": ({"published_at": "same"}, "yellow", "the same time of publication in all "),
}


@pytest.mark.parametrize("kind", BREAKS)
def test_a_break_is_named_in_the_first_run_that_can_show_it(kind):
    broken, state, text = BREAKS[kind]
    for seed in range(6):
        site = Site(seed, size=(2.0, 6.0)[seed % 2])
        history = past(site, 80 + 17 * seed)
        site.broken = broken
        health, shown = first_finding(site, history)
        assert shown <= (2 if "equal" in kind else 1), (kind, seed)
        assert health.state == state
        assert health.findings[0].text.startswith(text), health.findings
        assert health.findings[0].field in broken
        assert len(health.findings) == 1


def test_a_field_that_half_of_the_articles_have_takes_a_few_runs():
    for seed in range(4):
        site = Site(seed, size=6.0)
        history = past(site, 150)
        site.broken = {"images": 0.0}
        health, shown = first_finding(site, history)
        assert shown <= 6
        assert health.findings[0].text.startswith("images empty in ")


@pytest.mark.parametrize(("field", "text"), [("body_text", "body of "), ("recommended", "推荐阅读 with 1 links, usually 6, in ")])
def test_what_becomes_short_is_named(field, text):
    for seed in range(4):
        site = Site(seed, size=6.0)
        history = past(site)
        site.broken = {field: "short"}
        health, shown = first_finding(site, history)
        assert shown <= 3
        assert [f.field for f in health.findings] == [field]
        assert health.findings[0].text.startswith(text)


def test_small_runs_add_up():
    site = Site(2, size=1.0)
    history = past(site, 200)
    site.broken = {"editor": 0.0}
    n = 0
    while n < 8:
        n += 1
        run = site.run(1)
        health = told(run, history)
        history.append(run)
        if health.findings:
            break
    assert 3 <= n <= 6, health
    assert f"编辑 empty in {n} of {n} articles since " in health.message("weihai")


def test_the_message_names_site_field_count_time_and_rule():
    site = Site(5, size=6.0)
    site.at = datetime(2026, 11, 19, 0, 0, tzinfo=UTC)
    history = past(site)
    site.at = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    site.broken = {"editor": 0.0}
    run = site.run(40)
    assert told(run, history).message("weihai") == (
        "weihai: 编辑 empty in 40 of 40 articles since 10:00, rule dzwww/2018 no longer matches"
    )
    history.append(run)
    later = replace(site.run(0), finished_at=datetime(2026, 11, 25, 1, 0, tzinfo=UTC).isoformat())
    # A run that reads nothing changes nothing but the day.
    assert "编辑 empty in 40 of 40 articles since 2026-11-24 10:00, rule dzwww/2018" in told(later, history).message("weihai")


def test_a_rule_that_falls_through_is_named_with_the_one_that_answers():
    site = Site(6)
    history = past(site)
    site.broken = {"title": "cms:trs", "source": "meta:source"}
    health = told(site.run(12), history)
    assert health.message("weihai").startswith("weihai: rule dzwww/2018 no longer gives title in 12 of 12 articles since ")
    assert health.message("weihai").endswith("; cms:trs answers (and 1 more: 来源)")
    assert health.state == "yellow"


@pytest.mark.parametrize(("stands", "text"), [(True, "its block stands there without links"), (False, "its block is missing")])
def test_a_block_that_held_links_and_stands_empty_or_is_gone(stands, text):
    site = Site(7)
    history = past(site)
    site.broken = {"recommended": 0.0}
    run = site.run(10)
    if not stands:
        run.fields["recommended"] = FieldCount("recommended", 10, 0, 0, None, {})
    health = told(run, history)
    assert [f.field for f in health.findings] == ["recommended"]
    assert health.findings[0].text.endswith(text)


def test_a_kind_of_block_that_is_not_seen_any_more():
    site = Site(8)
    history = past(site)
    for run in history:
        if run.articles:
            run.fields["hot"] = FieldCount("hot", run.articles, run.articles, 1, 8.0, {})
    health = told(site.run(10), history)
    assert [f.text for f in health.findings if f.text.startswith("hot empty in 10 of 10")]


# -- how long a break stands


def test_recovery_is_noticed_at_once_and_a_second_break_beside_the_first():
    site = Site(9)
    history = past(site)
    site.broken = {"editor": 0.0}
    first_finding(site, history)
    for _ in range(5):
        history.append(site.run())
    site.broken = {"editor": 0.0, "title": 0.0}
    run = site.run(8)
    health = told(run, history)
    assert [(f.state, f.field) for f in health.findings] == [("red", "title"), ("yellow", "editor")]
    assert "(and 1 more: 编辑)" in health.message("weihai")
    history.append(run)
    site.broken = {"editor": 0.0}
    run = site.run(8)
    assert [f.field for f in told(run, history).findings] == ["editor"]
    history.append(run)
    site.broken = {}
    run = site.run(8)
    assert told(run, history).state == "green"
    history.append(run)
    # The next break is found like the first.
    site.broken = {"editor": 0.0}
    assert told(site.run(8), history).findings[0].field == "editor"


def test_a_break_does_not_heal_by_lasting_but_is_normal_after_a_month():
    site = Site(10)
    history = past(site)
    begun = site.at
    site.broken = {"editor": 0.0}
    seen = []
    while site.at - begun < timedelta(days=33):
        run = site.run()
        age = site.at - begun
        if site.number % 20 == 0:
            seen.append((age, judge(run, history[::-1], now=site.at, zone=CHINA).state))
        history.append(run)
    assert {state for age, state in seen if timedelta(days=1) < age < timedelta(days=29)} == {"yellow"}
    assert {state for age, state in seen if age > timedelta(days=31)} == {"green"}
    assert min(age for age, _ in seen) < timedelta(days=3)


def test_nothing_is_compared_with_where_a_person_has_accepted_it():
    site = Site(11)
    history = past(site)
    site.broken = {"editor": 0.0}
    first_finding(site, history)
    assert told(site.run(6), []).state == "new"


# -- pages, lists, silence, failure


@pytest.mark.parametrize("reason", ["no page could be fetched (TimeoutError)", "storage error: disk full", "blocked: 12 captcha"])
def test_a_failed_run_is_red_with_its_reason(reason):
    site = Site(12)
    health = told(site.run(0, exit_code=1, reason=reason), past(site))
    assert (health.state, health.message("weihai")) == ("red", f"weihai: failed: {reason}")


@pytest.mark.parametrize(("reason", "code"), [("shutdown", 0), ("shutdown", 1), ("killed", 137)])
def test_a_run_that_was_stopped_is_no_alarm(reason, code):
    site = Site(13)
    assert told(site.run(2, reason=reason, exit_code=code), past(site)).state == "green"


def test_refused_pages_are_named_by_verdict():
    site = Site(14)
    history = past(site)
    run = site.run(2, refused=41, verdicts={"captcha": 30, "blocked": 10, "robots": 1})
    health = told(run, history)
    assert health.state == "red"
    assert health.findings[0].text.startswith("40 of 42 pages refused since ")
    assert health.findings[0].text.endswith(": 30 captcha, 10 blocked")
    assert told(site.run(0), [*history, run]).state == "red"
    assert told(site.run(9), [*history, run]).state == "green"


def test_what_is_refused_at_every_run_is_no_news():
    site = Site(15)
    history = [
        replace(run, refused=run.refused + 1, verdicts={**run.verdicts, "gone": run.verdicts.get("gone", 0) + 1})
        for run in past(site)
    ]
    for _ in range(48):
        run = site.run(0, refused=2, verdicts={"robots": 1, "gone": 1})
        health = told(run, history)
        history.append(run)
    assert [f.text for f in health.findings if "refused" in f.text] == []


def listed(n, **changes):
    return replace(ListRecord(f"http://weihai.dzwww.com/c{n}/", "channel", "list", "", 40, 40.0, None), **changes)


def test_a_list_that_links_no_article_any_more():
    site = Site(16)
    history, run = past(site), site.run(3)
    good = [listed(n) for n in range(19)]
    assert told(run, history, good).state == "green"
    health = told(run, history, [*good, listed(20, listed=0)])
    assert (health.state, health.message("weihai")) == (
        "yellow",
        "weihai: list http://weihai.dzwww.com/c20/ links no article any more, usually 40: its pattern or layout has changed",
    )
    health = told(run, history, [*good, listed(20, listed=0), listed(21, verdict="gone", why="status 404")])
    assert health.message("weihai") == (
        "weihai: 2 of 21 lists link no article any more: 1 without links, 1 gone; first http://weihai.dzwww.com/c20/"
    )
    health = told(run, history, [listed(n, listed=0) for n in range(3)])
    assert health.state == "red"
    assert "all 3 lists link no article any more: their pattern or layout has changed" in health.message("weihai")


@pytest.mark.parametrize(
    ("changes", "is_dead"),
    [
        ({"verdict": "soft404"}, True),
        ({"verdict": "captcha"}, True),
        ({"verdict": "pending"}, False),
        ({"verdict": "redirect"}, False),
        ({"verdict": "error", "failing_since": "2026-09-05T00:00:00+00:00"}, True),
        ({"verdict": "gone", "usual": None, "listed": None}, False),
        ({"listed": 0, "usual": 2.0}, False),
        ({"listed": 0, "kind": "sitemap"}, False),
    ],
)
def test_which_lists_are_dead(changes, is_dead):
    site = Site(17)
    history, run = past(site, 200), site.run(3)
    assert (told(run, history, [listed(1), listed(2, **changes)]).state == "yellow") is is_dead


def test_a_list_that_fails_is_waited_for_a_day():
    site = Site(18)
    history, run = past(site), site.run(3)
    for hours, state in ((23, "green"), (25, "yellow")):
        since = datetime.fromisoformat(run.finished_at) - timedelta(hours=hours)
        one = listed(2, verdict="error", failing_since=since.isoformat())
        assert told(run, history, [listed(1), one]).state == state


def test_silence():
    site = Site(19)
    history = past(site, 200)
    quiet = 0
    while quiet < 100:
        quiet += 1
        run = site.run(0)
        health = judge(run, history[::-1], now=site.at, zone=CHINA)
        history.append(run)
        if health.findings:
            break
    assert 24 <= quiet < 100
    last = datetime.fromisoformat([run for run in history if run.new][-1].started_at).astimezone(CHINA)
    assert health.state == "yellow"
    assert health.findings[0].text == f"no new article since {last:%Y-%m-%d %H:%M}, usually one every 60 min"
    assert told(site.run(1, new=1), history).findings == ()


def test_silence_of_a_site_that_is_crawled_rarely():
    site = Site(20, size=20, every=timedelta(days=7))
    history = [site.run(5) for _ in range(8)]
    for weeks in range(1, 5):
        health = told(site.run(0), history)
        assert (health.state == "yellow") is (weeks > 3)


def test_runs_of_other_commands_are_not_compared():
    site = Site(21)
    history = past(site)
    site.broken = {"editor": 0.0, "title": 0.0}
    window = site.run(50, command="window")
    assert told(window, history).state == "green"
    site.broken = {}
    assert told(site.run(5), [*history, window]).state == "green"
    assert told(site.run(5, command="window", exit_code=1, reason="storage error: x"), history).state == "red"


# -- counting


def article(n, **changes):
    return Article(
        title=f"威海新闻{n}", published_at=f"2026-11-24T10:{n % 60:02}:00+08:00", body_text="正文" * (n + 1), source="威海晚报",
        reporters=["周颖", "程朋"], editors=[Editor("责任编辑", "姜晖")], images=[Image("http://x/1.jpg"), Image("http://x/2.jpg")],
        channel=["威海新闻"], lead=["导语"],
        blocks=[
            Block("recommended", "推荐阅读", [Link(1, "一", "http://x/1"), Link(2, "二", "http://x/2")]),
            Block("related", "相关新闻"), Block("hot", "热点", [Link(1, f"热{n}", f"http://x/h{n}")]),
        ],
        provenance={"title": "site:dzwww/2018", "body": "cms:trs", "editors": "site:dzwww/2018:body-credit", "reporters": "text"},
    ) if not changes else replace(article(n), **changes)  # fmt: skip


def test_the_fields_of_a_run_are_counted():
    counter = FieldCounter()
    assert counter.counts() == []
    for n in range(5):
        counter.add(article(n))
    counter.add(article(5, title=None, body_text="", blocks=[], source="威海日报", provenance={}))
    found = {count.field: count for count in counter.counts()}
    assert found["title"] == FieldCount("title", 6, 5, 5, 5.0, {"site:dzwww/2018": 5})
    assert found["body_text"] == FieldCount("body_text", 6, 5, 5, 6.0, {"cms:trs": 5})
    assert found["source"] == FieldCount("source", 6, 6, 2, 4.0, {})
    assert found["reporter"] == FieldCount("reporter", 6, 6, 1, 4.0, {"text": 5})
    assert found["editor"].rules == {"site:dzwww/2018:body-credit": 5}
    assert found["images"] == FieldCount("images", 6, 6, 1, 2.0, {})
    assert found["recommended"] == FieldCount("recommended", 6, 5, 1, 2.0, {})
    assert found["related"] == FieldCount("related", 6, 0, 0, None, {"empty": 5})
    assert found["hot"] == FieldCount("hot", 6, 5, 5, 1.0, {})
    assert found["kicker"] == FieldCount("kicker", 6, 0, 0, None, {})
    assert "rank" not in found
    assert json.dumps([count.rules for count in found.values()])


def test_the_counter_stays_small():
    counter = FieldCounter()
    one = article(1)
    for n in range(5000):
        one.title = f"标题{n}"
        counter.add(one)
    title = counter.counts()[0]
    assert (title.articles, title.filled, title.distinct) == (5000, 5000, 2000)

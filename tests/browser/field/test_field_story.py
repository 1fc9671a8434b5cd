"""ST-03 and ST-04 with a phone in the hand: the street, the cellar without network, and the way back."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from guangyue.law import CITY


def record(phone, plate: str = "鲁P12345", street: str = "柳园路12号") -> None:
    """A violation: two photographs, a plate, a street."""
    phone.tap("拍照登记")
    shutter = phone.page.locator(".shutter:not([disabled])")
    shutter.click()
    phone.page.wait_for_selector(".thumbnail img")
    shutter.click()
    phone.page.wait_for_selector(".cells")
    phone.type_plate(plate)
    phone.page.get_by_label("停放地点").fill(street)
    phone.tap("确认提交")
    phone.page.wait_for_selector("nav.tabs")


def sent(phone) -> None:
    """Everything has been answered by the server."""
    phone.page.wait_for_selector(".frame:has(.pill.on):has(.tabs):not(:has(.badge))")


def test_a_violation_with_two_photographs_in_under_thirty_seconds(city, phone):
    li = phone("li")
    li.open()
    began = time.monotonic()
    record(li)
    taken = time.monotonic() - began
    assert taken < 30, f"{taken:.1f} s"
    sent(li)
    state, title, place, lon = city.one("select state, title, place, lon from matter")
    assert (state, title, place, lon) == ("noticed", "鲁P12345", "柳园路12号", 115985430)
    assert city.one("select count(*) from evidence_evidence where captured_sha256 = blob_id") == 2
    taken_at, lat = city.one("select taken_at, lat from evidence_blob limit 1")
    assert abs(lat - 36.45678) < 1e-5, "the photograph itself says where it was taken"
    assert abs((taken_at - city.now()).total_seconds()) < 60
    assert li.problems == []


def test_st03_seen_at_0950_without_network_and_told_at_noon_counts_as_0950(city, phone):
    tomorrow = (datetime.now(CITY) + timedelta(days=1)).date()

    def at(hour: int, minute: int, second: int = 0) -> datetime:
        return datetime(tomorrow.year, tomorrow.month, tomorrow.day, hour, minute, second, tzinfo=CITY)

    city.set(at(9, 40))
    li = phone("li")
    li.open()
    record(li)
    sent(li)
    ref = city.newest()
    city.set(at(9, 41))
    city.carrier(ref, "reminder_accepted")
    li.page.reload()
    li.page.wait_for_selector("html[data-ready=yes]")
    li.page.wait_for_selector(".card .clock")
    assert li.page.locator(".card .clock .left").inner_text().startswith(("9:", "10:"))

    li.offline()
    began = li.page.evaluate("Date.now()")
    li.page.clock.set_fixed_time((began + 9 * 60_000) / 1000)
    li.page.locator("a.card").click()
    li.tap("已驶离")
    li.page.locator(".doing .button.primary").click()
    li.page.wait_for_selector(".status.waiting")
    assert "提醒后驶离" in li.page.locator(".now-card").inner_text(), "the phone already knows how it will end"

    city.set(at(12, 0))
    assert city.one("select state from matter") == "overdue", "the server heard nothing and went on"
    li.page.clock.set_fixed_time((began + 139 * 60_000) / 1000)
    li.online()
    li.page.wait_for_selector(".line:has(.status.accepted):not(:has(.status.waiting, .status.sending))", timeout=45_000)
    assert city.one("select state from matter") == "left"
    observed = city.one("select (body::jsonb ->> 'observed_at')::timestamptz from journal where act = 'gone'")
    assert at(9, 49, 30) < observed < at(9, 51), observed
    assert city.one("select count(*) from journal where kind = 'reinstated'") == 1
    counted = dict(city.raw.execute("select figure, sum(amount)::int from tally group by figure").fetchall())
    assert counted.get("left_in_time") == 1
    assert counted.get("overstayed", 0) == 0
    assert counted.get("penalties", 0) == 0


def test_a_day_without_network_is_sent_in_the_order_of_the_street(city, phone):
    li = phone("li")
    li.open()
    li.kept()
    li.offline()
    li.page.reload()
    li.page.wait_for_selector(".pill.off")
    record(li, "鲁P12345")
    record(li, "鲁PD12345", "兴华路3号")
    assert li.waiting() == 2
    assert city.one("select count(*) from matter") == 0
    li.page.reload()
    assert li.waiting() == 2, "a closed app forgets nothing"
    li.online()
    sent(li)
    assert city.raw.execute("select title from matter order by id").fetchall() == [("鲁P12345",), ("鲁PD12345",)]
    assert li.waiting() == 0
    with li.page.expect_response("**/field/bundle*"):  # it has looked again, and found nothing to send
        li.page.evaluate("dispatchEvent(new Event('online'))")
    assert city.one("select count(*) from matter") == 2, "sent twice, done once"


def test_st04_still_there_after_ten_minutes_goes_to_the_traffic_police(city, phone):
    li = phone("li")
    li.open()
    record(li)
    sent(li)
    ref = city.newest()
    city.carrier(ref, "reminder_accepted")
    city.go(minutes=11)
    li.page.reload()
    li.page.wait_for_selector("html[data-ready=yes]")
    li.page.locator("a.card").click()
    li.tap("仍未驶离")
    li.page.locator(".shutter:not([disabled])").click()
    li.page.wait_for_selector(".strip img")
    li.page.locator(".thumb .button.primary").click()
    li.page.wait_for_selector(".now-card .state:has-text('待交警审核')")
    li.page.wait_for_selector(".line:has(.status.accepted):not(:has(.status.waiting, .status.sending))", timeout=45_000)
    assert city.one("select state, holder from matter") == ("in_review", "traffic_police")
    assert li.problems == []


def test_a_refusal_is_shown_with_its_reasons_and_stays_until_it_was_read(city, phone):
    li = phone("li")
    li.open()
    record(li)
    sent(li)
    ref = city.newest()
    city.carrier(ref, "reminder_accepted")
    li.page.reload()
    li.page.wait_for_selector(".card .state:has-text('等待驶离')")
    li.offline()
    began = li.page.evaluate("Date.now()")
    li.page.clock.set_fixed_time((began + 11 * 60_000) / 1000)
    li.page.locator("a.card").click()
    li.tap("仍未驶离")
    li.page.locator(".shutter:not([disabled])").click()
    li.page.wait_for_selector(".frame .strip img")
    li.page.locator(".thumb .button.primary").click()
    li.page.wait_for_selector(".status.waiting")
    # The phone's clock runs eleven minutes ahead of the city's: nobody photographs the future.
    li.online()
    li.page.wait_for_selector(".status.refused", timeout=45_000)
    li.page.goto(f"{city.url}/field/#/queue")
    li.page.wait_for_selector(".refusal li")
    reasons = li.page.locator(".refusal li").all_inner_texts()
    assert reasons
    assert all(reasons)
    li.page.reload()
    li.page.wait_for_selector(".refusal li")
    assert city.one("select state from matter") == "reminded"
    li.tap("已知悉，收起")
    li.page.wait_for_selector(".refusal", state="detached")
    assert li.problems == []


def test_no_screen_of_the_app_keeps_anybody_out(city, phone):
    """axe on every screen, and no page wider than a phone."""
    li = phone("li")
    li.open()
    found: dict[str, list[str]] = {"empty": li.axe()}
    li.tap("拍照登记")
    li.page.wait_for_selector(".shutter:not([disabled])")
    found["viewfinder"] = li.axe()
    li.page.locator(".shutter").click()
    li.page.wait_for_selector(".thumbnail img")
    li.page.locator(".shutter:not([disabled])").click()
    li.page.wait_for_selector(".cells")
    found["form"] = li.axe()
    li.type_plate("鲁P12345")
    li.page.get_by_label("停放地点").fill("柳园路12号")
    li.tap("确认提交")
    sent(li)
    found["list"] = li.axe()
    li.page.locator("a.card").click()
    li.page.wait_for_selector(".now-card")
    found["matter"] = li.axe()
    for screen in ("queue", "more"):
        li.page.goto(f"{city.url}/field/#/{screen}")
        li.page.wait_for_selector(f".tabs a[href='#/{screen}'][aria-current=page]")
        found[screen] = li.axe()
        assert li.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert {k: v for k, v in found.items() if v} == {}


def test_another_officers_record_waits_for_that_officer(city, phone):
    li = phone("li")
    li.open()
    li.kept()
    li.offline()
    record(li)
    li.context.clear_cookies()
    li.context.add_cookies([{"name": "session", "value": city.people["sun"]["session"], "url": city.url}])
    li.online()
    li.page.wait_for_selector("a.card", state="detached")
    assert li.waiting() == 1
    assert city.one("select count(*) from matter") == 0, "never under another officer's name"
    li.context.add_cookies([{"name": "session", "value": city.people["li"]["session"], "url": city.url}])
    li.page.reload()
    sent(li)
    actor = city.one("select actor from journal order by written_at limit 1")
    assert actor == f"account:{city.people['li']['account']}"

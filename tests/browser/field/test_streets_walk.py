"""ST-02 with a phone in one hand: small advertisements found, a voice note spoken, the shop warned, the next officer shown it."""

from __future__ import annotations

from tests.browser.field.test_field_story import sent


def photograph(phone, pictures: int) -> None:
    shutter = phone.page.locator(".shutter:not([disabled])")
    for n in range(pictures):
        shutter.click()
        if n < pictures - 1:
            phone.page.wait_for_selector(f".thumbnail:nth-child({n + 1}) img")


def test_st02_an_offence_of_the_catalogue_from_tile_to_warning(city, phone):
    li = phone("li")
    li.context.grant_permissions(["geolocation", "camera", "microphone"])
    li.open()
    li.shot("streets-home")
    li.tap("其他事项")
    li.page.wait_for_selector(".tile")
    li.shot("streets-tiles")
    assert li.axe() == []
    li.tap("乱贴乱画")
    photograph(li, 2)
    assert li.page.get_by_label("违法行为").input_value() == "small_ads", "one choice is no question"
    li.page.get_by_label("场所类别").select_option("street_furniture")
    li.page.get_by_label("地点", exact=True).fill("柳园路30号")
    li.tap("开始录音")
    li.page.wait_for_selector(".button.voice.on:has-text('2 秒')")
    li.page.locator(".button.voice.on").click()
    li.page.wait_for_selector(".heard audio")
    li.shot("streets-form")
    li.tap("确认提交")
    li.page.wait_for_selector("nav.tabs")
    sent(li)
    state, procedure = city.one("select state, procedure from matter")
    assert (state, procedure) == ("found", "streets.small_ads")
    kinds = {row[0] for row in city.raw.execute("select media_type from evidence_blob").fetchall()}
    assert kinds == {"image/jpeg", "audio/wav"}, "the voice note was taken in as what it is"

    li.page.locator("a.card").first.click()
    li.page.wait_for_selector(".now-card")
    li.shot("streets-matter")
    li.tap("口头警告")
    li.page.get_by_label("当事人", exact=True).fill("柳荫杂货店")
    li.page.get_by_label("教育内容").fill("这次仅对你进行警告处理，请及时清除。")
    li.page.get_by_label("情节轻微").check()
    li.page.get_by_label("同行执法人员证号").fill("W0002")  # Sun; alone it would be refused: two are needed
    li.shot("streets-warn")
    assert li.axe() == []
    li.page.locator(".doing .button.primary").click()
    li.page.wait_for_selector(".line > li:nth-child(2):has(.status.accepted, .status.refused)")
    assert city.one("select state from matter") == "warned_orally", li.page.locator(".line").inner_text()
    assert city.one("select count(*) from document") == 0
    assert li.problems == []

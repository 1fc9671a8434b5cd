"""ST-02 with a phone in one hand: small advertisements found, a voice note spoken, the shop warned, the next officer shown it."""

from __future__ import annotations

from tests.browser.field.test_field_story import sent


def photograph(phone, pictures: int) -> None:
    shutter = phone.page.locator(".shutter:not([disabled])")
    for n in range(pictures):
        shutter.click()
        if n < pictures - 1:
            phone.page.wait_for_selector(f".thumbnail:nth-child({n + 1}) img")


def listed_on_the_phone(city, li) -> None:
    """Two things kept are listed one by one, and the list belongs to the matter in hand."""
    li.tap("其他事项")
    li.page.locator(".tile", has_text="先行登记保存").click()
    photograph(li, 1)
    li.page.get_by_label("来由").select_option("registered")
    li.page.get_by_label("取得地点").fill("柳园路30号")
    li.page.get_by_label("保管场所").fill("一中队物证室")
    li.page.get_by_label("签收").select_option("signed")
    li.page.get_by_label("名称").fill("广告贴纸")
    li.page.get_by_label("数量").fill("40")
    li.page.get_by_role("button", name="再加一行").click()
    li.page.locator(".thing").nth(1).get_by_label("名称").fill("喷漆罐")
    li.page.get_by_label("清单一式二份").check()
    li.page.get_by_label("同行执法人员证号").fill("W0002")
    li.shot("streets-goods")
    assert li.axe() == []
    li.tap("确认提交")
    assert "数量" in li.page.locator(".problems").inner_text(), "the second line lacks how many"
    li.page.locator(".thing").nth(1).get_by_label("数量").fill("2")
    li.tap("确认提交")
    li.page.wait_for_selector("nav.tabs")
    sent(li)
    things = "select count(*) from matter t join matter g on g.id = t.parent_id where g.procedure = 'streets.goods'"
    assert city.one(things) == 2
    tie = "select c.procedure from relation r join matter g on g.id = r.matter_id join matter c on c.id = r.other_id where g.procedure = 'streets.goods'"
    assert city.one(tie) == "streets.small_ads"


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

    listed_on_the_phone(city, li)
    li.page.locator("a.card", has_text="柳园路30号").first.click()
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
    assert city.one("select state from matter where procedure = 'streets.small_ads'") == "warned_orally", (
        li.page.locator(".line").inner_text()
    )
    assert city.one("select count(*) from document") == 0
    assert li.problems == []

"""The sentences of refusals. Each says what was not possible and what would make it possible."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from guangyue.law import CITY, Text

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def clock_text(at: datetime, *, inclusive: bool = True) -> Text:
    """A moment as the city's clocks show it; an end that no longer counts is the 24:00 of the day before."""
    local = at.astimezone(CITY)
    if not inclusive and (local.hour, local.minute, local.second) == (0, 0, 0):
        local -= timedelta(days=1)
        time = "24:00"
    else:
        time = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    return Text(
        f"{local.year}年{local.month}月{local.day}日{time}",
        f"{time} on {local.day} {MONTHS[local.month - 1]} {local.year}",
    )


def worded(value: object) -> object:
    """A parameter as a sentence shows it."""
    return clock_text(value) if isinstance(value, datetime) else value


def listed(texts: Iterable[Text]) -> Text:
    """Several names as a list in each language."""
    found = tuple(texts)
    return Text("、".join(t.zh for t in found), ", ".join(t.en for t in found))


WORDINGS: dict[str, Text] = {
    "act.unknown": Text("本规程没有“{act}”这一步。", "This procedure has no step “{act}”."),
    "act.not_opening": Text("“{act}”不能用来新建事项。", "“{act}” does not open a matter."),
    "act.stray": Text("“{act}”用不到“{name}”。", "“{act}” has no use for “{name}”."),
    "act.sent_before": Text(
        "这份表单已经提交过，请看事项的现状。", "This form was sent before; look at the matter as it stands now."
    ),
    "act.already_open": Text(
        "事项已经建立，不能再次“{act}”。", "The matter is open already; “{act}” cannot open it again."
    ),
    "state.wrong": Text(
        "事项现在处于“{state}”，“{act}”只能在以下状态办理：{states}。",
        "The matter is in “{state}”; “{act}” is possible in: {states}.",
    ),
    "state.closed": Text(
        "事项已经办结（{state}），不能再“{act}”；确需更改的，先申请重新打开。",
        "The matter is closed ({state}); “{act}” is no longer possible. If it must change, ask to reopen it.",
    ),
    "state.suspended": Text("事项已中止，恢复之前不能“{act}”。", "The matter is suspended; resume it before “{act}”."),
    "state.not_suspended": Text("事项没有中止，无需恢复。", "The matter is not suspended."),
    "who.not_allowed": Text("“{act}”只能由以下人员办理：{who}。", "“{act}” is for: {who}."),
    "who.same_person": Text(
        "“{act}”不能由办理“{earlier}”的同一人办理，请换一位有权人员。",
        "“{act}” may not be done by the person who did “{earlier}”; another authorised person must do it.",
    ),
    "who.too_few_officers": Text(
        "“{act}”至少需要 {needed} 名有资格的执法人员，现有 {present} 名。",
        "“{act}” needs at least {needed} qualified officers; {present} stated.",
    ),
    "who.not_competent": Text("{why}", "{why}"),
    "value.required": Text("请填写“{title}”。", "Please fill in “{title}”."),
    "value.unknown": Text("表单中没有“{name}”这一项。", "The form has no “{name}”."),
    "value.not_text": Text("“{title}”应为文字。", "“{title}” must be text."),
    "value.personal": Text(
        "“{title}”请勿填写身份证号或手机号码。",
        "“{title}” is no place for an identity or telephone number; leave it out.",
    ),
    "value.not_number": Text("“{title}”应为整数。", "“{title}” must be a whole number."),
    "value.not_yes_no": Text("“{title}”应为是或否。", "“{title}” must be yes or no."),
    "value.not_offered": Text("“{title}”没有“{value}”这个选项。", "“{title}” does not offer “{value}”."),
    "value.not_list": Text("“{title}”应为若干选项。", "“{title}” must be a list of choices."),
    "value.not_moment": Text("“{title}”应为带时区的日期时间。", "“{title}” must be a date and time with its zone."),
    "value.not_date": Text("“{title}”应为日期。", "“{title}” must be a date."),
    "value.not_place": Text(
        "“{title}”应为经纬度（微度，WGS-84）。", "“{title}” must be a longitude and latitude in micro-degrees, WGS-84."
    ),
    "value.too_long": Text("“{title}”最多 {longest} 个字。", "“{title}” may have at most {longest} characters."),
    "value.too_short": Text("“{title}”至少 {shortest} 个字。", "“{title}” needs at least {shortest} characters."),
    "value.too_small": Text("“{title}”不能小于 {smallest}。", "“{title}” may not be below {smallest}."),
    "value.too_large": Text("“{title}”不能大于 {largest}。", "“{title}” may not be above {largest}."),
    "evidence.too_few": Text(
        "“{title}”至少需要 {needed} 张照片，现有 {given} 张。",
        "“{title}” needs at least {needed} photographs; {given} given.",
    ),
    "evidence.no_panorama": Text(
        "“{title}”至少需要 {needed} 张能看清周围标志物的全景照片。",
        "“{title}” needs at least {needed} panorama with a landmark.",
    ),
    "evidence.plate_unreadable": Text(
        "“{title}”中没有一张照片能看清号牌，请补拍。", "No photograph of “{title}” shows a legible plate; take another."
    ),
    "evidence.not_located": Text("“{title}”有照片没有位置。", "A photograph of “{title}” has no position."),
    "evidence.no_time": Text("“{title}”有照片没有拍摄时间。", "A photograph of “{title}” has no capture time."),
    "evidence.not_arrived": Text(
        "“{title}”有 {number} 张照片的文件还没有传到，请等上传完成后再提交。",
        "{number} photograph(s) of “{title}” have not arrived yet; send again once they are uploaded.",
    ),
    "evidence.file": Text("{why}", "{why}"),
    "evidence.too_many": Text(
        "最多 {files} 个文件，每个不超过 {megabytes} MB。", "At most {files} files of {megabytes} MB each."
    ),
    "evidence.too_close": Text(
        "第一张与最后一张照片应至少相隔 {apart}。", "The first and the last photograph must be at least {apart} apart."
    ),
    "evidence.no_recording": Text("缺少“{title}”全过程录音录像。", "The recording “{title}” is missing."),
    "evidence.recording_gap": Text(
        "“{title}”的录音录像中断超过 {allowed}，请说明或补充。",
        "The recording “{title}” has a gap longer than {allowed}.",
    ),
    "evidence.future": Text(
        "有照片或录像的拍摄时间晚于收到的时间，请检查手机时钟。",
        "A photograph or recording bears a time later than its receipt; check the phone's clock.",
    ),
    "evidence.unknown_set": Text("“{act}”不收“{name}”这组材料。", "“{act}” takes no evidence set “{name}”."),
    "requires.check": Text("请先核对并勾选：{title}。", "Check and tick first: {title}."),
    "requires.paper": Text("请先出具《{title}》。", "Issue first: {title}."),
    "requires.signature": Text("《{title}》须先由{who}签署。", "{title} must first be signed by {who}."),
    "requires.present": Text("须有{title}在场。", "{title} must be present."),
    "requires.expired": Text(
        "“{title}”期限尚未届满（{until}），不能办理。", "The term “{title}” has not expired ({until})."
    ),
    "requires.never_ran": Text("期限“{title}”还没有开始计算。", "The term “{title}” has not begun to run."),
    "requires.paused": Text("期限“{title}”已中止，尚未届满。", "The term “{title}” is paused and has not expired."),
    "requires.running": Text("“{title}”期限已过（{until}）。", "The term “{title}” is over ({until})."),
    "requires.done": Text(
        "须先办理“{title}”{times}次，现为 {given} 次。", "“{title}” must be done {times}× first; so far {given}×."
    ),
    "requires.condition": Text("{title}", "{title}"),
    "requires.task": Text("须先完成任务“{title}”。", "The task “{title}” must be done first."),
    "requires.no_children": Text("还没有登记“{title}”。", "No “{title}” has been registered yet."),
    "requires.children": Text("“{title}”还有 {open} 件未办结。", "“{title}”: {open} still open."),
    "requires.related": Text(
        "“{title}”至少需要 {needed} 件，现有 {given} 件。", "“{title}” needs at least {needed}; so far {given}."
    ),
    "requires.band": Text("{why}", "{why}"),
    "paper.value_missing": Text(
        "《{paper}》缺少必填项“{title}”，不能出具。", "{paper} lacks the mandatory “{title}” and cannot be issued."
    ),
    "paper.law": Text("《{paper}》不能出具：{why}", "{paper} cannot be issued: {why}"),
    "paper.not_issued": Text(
        "《{title}》尚未制作，无法签署。", "{title} has not been drawn up, so it cannot be signed."
    ),
    "time.future": Text(
        "记录的时间（{observed}）晚于收到的时间，请检查手机时钟。",
        "The stated time ({observed}) is later than its receipt; check the phone's clock.",
    ),
    "time.before_sign_in": Text(
        "记录的时间（{observed}）早于本次登录，不能采信。", "The stated time ({observed}) lies before the sign-in."
    ),
    "time.apart_from_evidence": Text(
        "记录的时间（{observed}）与照片拍摄时间不符。",
        "The stated time ({observed}) does not agree with the photographs.",
    ),
    "time.before_opening": Text(
        "记录的时间（{observed}）早于事项建立。", "The stated time ({observed}) lies before the matter's opening."
    ),
    "time.before_state": Text(
        "记录的时间（{observed}）事项还在“{state}”，那时不能“{act}”。",
        "At the stated time ({observed}) the matter was still in “{state}”, where “{act}” was not possible.",
    ),
    "time.contradicted": Text(
        "此后已有他人办理“{act}”，这条迟到的记录不能改变结果；记录已留存，请联系承办人。",
        "“{act}” has been done by a person since then; this late record cannot change it. It is kept; ask the case holder.",
    ),
    "time.waiting_for_devices": Text(
        "现场设备还有未同步的记录，请等其同步，或 {minutes} 分钟后再办。",
        "Field devices on this matter have not synced; wait for them, or at most {minutes} minutes.",
    ),
    "lapse.not_due": Text("期限“{title}”尚未届满。", "The term “{title}” has not lapsed."),
    "lapse.not_running": Text("期限“{title}”没有在计时。", "The term “{title}” is not running."),
    "deadline.not_running": Text("期限“{title}”没有在计时，不能延长或中止。", "The term “{title}” is not running."),
    "deadline.no_extension": Text("期限“{title}”依法不能延长。", "The law gives no extension of “{title}”."),
    "deadline.extended_enough": Text(
        "期限“{title}”最多延长 {times} 次。", "“{title}” may be extended at most {times}×."
    ),
    "deadline.law": Text("{why}", "{why}"),
    "deadline.not_paused": Text("期限“{title}”没有中止，无需恢复。", "The term “{title}” is not paused."),
    "deadline.value_past": Text(
        "“{title}”的截止时间已经过去，请填写以后的时间。", "The end of “{title}” lies in the past; give a later one."
    ),
    "deadline.value_missing": Text(
        "期限“{title}”需要先填写“{name}”。", "The term “{title}” needs “{name}” to be filled in."
    ),
    "task.unknown": Text("没有这项任务，或已经结束。", "There is no such task, or it is finished."),
    "task.not_yours": Text("这项任务交给了{owner}。", "This task was given to {owner}."),
    "task.no_owner": Text("任务“{title}”还没有指定承办单位。", "No unit was chosen for the task “{title}”."),
    "task.no_reason": Text("请写明理由。", "Please give the reason."),
    "task.not_offered": Text("任务“{title}”现在不在您单位手中。", "The task “{title}” is not with your unit now."),
    "task.not_accepted": Text("请先接收任务“{title}”。", "Accept the task “{title}” first."),
    "child.no_items": Text("“{title}”至少要有一件。", "“{title}” needs at least one item."),
    "child.procedure_missing": Text("规程“{code}”没有载入。", "The procedure “{code}” is not loaded."),
    "relation.none": Text("请选择要关联的“{title}”。", "Choose the “{title}” to relate."),
    "relation.one_only": Text("“{title}”只能关联一件。", "Only one “{title}” may be related."),
    "relation.not_loaded": Text("关联的事项 {matter} 没有载入。", "The related matter {matter} is not loaded."),
    "relation.wrong_procedure": Text(
        "事项 {matter} 不属于可关联的规程。", "Matter {matter} follows another procedure."
    ),
    "relation.not_tied": Text("事项 {matter} 没有列为“{title}”。", "Matter {matter} is not tied as “{title}”."),
    "relation.itself": Text("事项不能关联自身。", "A matter cannot be related to itself."),
    "transfer.same_unit": Text("事项已在该单位。", "The matter is with that unit already."),
    "version.unknown": Text("没有可以衔接的新版本“{to}”。", "There is no newer version “{to}” to move to."),
    "version.unmapped": Text("新版规程没有与“{what}”对应的内容。", "The new version has nothing for “{what}”."),
    "version.not_proposed": Text("请先由另一人提出版本变更。", "Another person must propose the change first."),
    "version.same_person": Text(
        "版本变更须由提出人以外的人复核。", "A change of version must be approved by somebody other than its proposer."
    ),
}

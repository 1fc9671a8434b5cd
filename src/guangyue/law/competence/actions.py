"""Acts that need a power, and the circumstances that decide about it (职权行为与情形)."""

from __future__ import annotations

from enum import StrEnum

from guangyue.law.text import Text

__all__ = ["ACTIONS", "FACTS", "PENALTIES", "SUMS", "Action", "Fact"]


class Action(StrEnum):
    """What somebody wants to do."""

    REMIND = "remind"
    PHOTOGRAPH = "photograph"
    REPORT = "report"
    HELP = "help"
    KEEP_ORDER = "keep_order"
    GUARD_SCENE = "guard_scene"
    PUBLICISE = "publicise"
    RECEIVE = "receive"
    REGISTER = "register"
    TAKE_EVIDENCE = "take_evidence"
    MEDIATE = "mediate"
    SERVE = "serve"
    HAND_OVER = "hand_over"
    INVESTIGATE = "investigate"
    QUESTION = "question"
    ASK_IDENTITY = "ask_identity"
    QUERY_IDENTITY = "query_identity"
    SEE_POLICE_DATA = "see_police_data"
    TAKE_BIOMETRICS = "take_biometrics"
    ORAL_WARNING = "oral_warning"
    ORDER_CORRECTION = "order_correction"
    ORDER_TO_LEAVE = "order_to_leave"
    AFFIX_SLIP = "affix_slip"
    TOW = "tow"
    SEIZE = "seize"
    COLLECT_CASH = "collect_cash"
    FINE_ON_SPOT = "fine_on_spot"
    INVESTIGATE_GENERAL = "investigate_general"
    DECIDE_WARNING = "decide_warning"
    DECIDE_FINE = "decide_fine"
    SUSPEND_LICENCE = "suspend_licence"
    REVOKE_LICENCE = "revoke_licence"
    DETAIN = "detain"
    REVIEW_RECORD = "review_record"
    LEGAL_REVIEW = "legal_review"
    RUN_HEARING = "run_hearing"
    APPROVE_SEIZURE = "approve_seizure"
    APPROVE_QUICK = "approve_quick"
    APPROVE_EXTENSION = "approve_extension"
    APPROVE_TRANSFER = "approve_transfer"
    APPROVE_URGENT = "approve_urgent"
    GROUP_DECISION = "group_decision"
    FORCE_EVICTION = "force_eviction"
    WRITE_TRANSCRIPT = "write_transcript"
    SIGN_EVICTION = "sign_eviction"
    SIGN_SEARCH = "sign_search"
    LIST_DISHONEST = "list_dishonest"
    TAKE_CALL = "take_call"
    DISPATCH = "dispatch"
    APPROVE_ROUTES = "approve_routes"
    ACCEPT_APPLICATION = "accept_application"
    HOLD_TRANSFER = "hold_transfer"
    ISSUE_WARNING = "issue_warning"
    STOP_PAYMENT = "stop_payment"
    OBJECT = "object"
    CONFIRM_DELIVERY = "confirm_delivery"
    SUPERVISE = "supervise"
    READ_AUDIT = "read_audit"
    SET_SECURITY = "set_security"
    OPERATE_SYSTEM = "operate_system"


PENALTIES = frozenset({
    Action.FINE_ON_SPOT,
    Action.DECIDE_WARNING,
    Action.DECIDE_FINE,
    Action.SUSPEND_LICENCE,
    Action.REVOKE_LICENCE,
    Action.DETAIN,
    Action.ORDER_CORRECTION,
    Action.COLLECT_CASH,
    Action.INVESTIGATE_GENERAL,
})  # fmt: skip
"""Acts of enforcement: only the agency competent for the offence at this place may do them."""

SUMS = frozenset({Action.FINE_ON_SPOT, Action.DECIDE_FINE, Action.COLLECT_CASH})
"""Acts about an amount of money."""

ACTIONS: dict[Action, Text] = {
    Action.REMIND: Text("提醒", "remind"),
    Action.PHOTOGRAPH: Text("拍照取证", "photograph"),
    Action.REPORT: Text("报告", "report"),
    Action.HELP: Text("救助", "help"),
    Action.KEEP_ORDER: Text("维护秩序", "keep order"),
    Action.GUARD_SCENE: Text("保护现场", "guard the scene"),
    Action.PUBLICISE: Text("宣传", "inform the public"),
    Action.RECEIVE: Text("接待", "receive people"),
    Action.REGISTER: Text("登记接报案", "register a report"),
    Action.TAKE_EVIDENCE: Text("接受证据", "receive evidence"),
    Action.MEDIATE: Text("调解", "mediate"),
    Action.SERVE: Text("送达文书", "serve papers"),
    Action.HAND_OVER: Text("移交", "hand over"),
    Action.INVESTIGATE: Text("侦查", "investigate a crime"),
    Action.QUESTION: Text("询问", "question"),
    Action.ASK_IDENTITY: Text("查验身份证件", "ask for identity papers"),
    Action.QUERY_IDENTITY: Text("在公安系统查询身份", "query identity in police systems"),
    Action.SEE_POLICE_DATA: Text("查看警务数据", "see police data"),
    Action.TAKE_BIOMETRICS: Text("采集人身信息", "take biometrics"),
    Action.ORAL_WARNING: Text("口头警告", "oral warning"),
    Action.ORDER_CORRECTION: Text("责令改正", "order correction"),
    Action.ORDER_TO_LEAVE: Text("令其驶离", "order to drive away"),
    Action.AFFIX_SLIP: Text("粘贴违法停车告知单", "affix the statutory parking slip"),
    Action.TOW: Text("拖移机动车", "tow"),
    Action.SEIZE: Text("扣押物品", "seize"),
    Action.COLLECT_CASH: Text("当场收缴罚款", "take a fine in cash"),
    Action.FINE_ON_SPOT: Text("当场罚款", "fine on the spot"),
    Action.INVESTIGATE_GENERAL: Text("一般程序调查", "investigate under the general procedure"),
    Action.DECIDE_WARNING: Text("决定警告", "decide a warning"),
    Action.DECIDE_FINE: Text("决定罚款", "decide a fine"),
    Action.SUSPEND_LICENCE: Text("暂扣驾驶证", "suspend a licence"),
    Action.REVOKE_LICENCE: Text("吊销驾驶证", "revoke a licence"),
    Action.DETAIN: Text("行政拘留", "detain"),
    Action.REVIEW_RECORD: Text("审核违法记录", "review a violation record"),
    Action.LEGAL_REVIEW: Text("法制审核", "legal review"),
    Action.RUN_HEARING: Text("主持听证", "run a hearing"),
    Action.APPROVE_SEIZURE: Text("批准扣押", "approve a seizure"),
    Action.APPROVE_QUICK: Text("批准快速办理", "approve the quick track"),
    Action.APPROVE_EXTENSION: Text("批准延长期限", "approve an extension"),
    Action.APPROVE_TRANSFER: Text("批准移送", "approve a transfer"),
    Action.APPROVE_URGENT: Text("批准加急", "approve the urgent track"),
    Action.GROUP_DECISION: Text("集体讨论决定", "group decision"),
    Action.FORCE_EVICTION: Text("强制腾退", "evict by force"),
    Action.WRITE_TRANSCRIPT: Text("制作笔录", "write the transcript"),
    Action.SIGN_EVICTION: Text("签发腾退公告", "sign an eviction notice"),
    Action.SIGN_SEARCH: Text("签发搜查令", "sign a search warrant"),
    Action.LIST_DISHONEST: Text("决定纳入失信名单", "list a dishonest debtor"),
    Action.TAKE_CALL: Text("接警", "take a call"),
    Action.DISPATCH: Text("派警", "dispatch"),
    Action.APPROVE_ROUTES: Text("确认巡防路线", "approve patrol routes"),
    Action.ACCEPT_APPLICATION: Text("受理申请", "accept an application"),
    Action.HOLD_TRANSFER: Text("暂缓异常转账", "hold an abnormal transfer"),
    Action.ISSUE_WARNING: Text("发出反诈预警", "issue a fraud warning"),
    Action.STOP_PAYMENT: Text("紧急止付", "order a stop of payment"),
    Action.OBJECT: Text("提出异议", "object"),
    Action.CONFIRM_DELIVERY: Text("回报短信送达", "confirm delivery of a message"),
    Action.SUPERVISE: Text("执法监督", "supervise"),
    Action.READ_AUDIT: Text("查看审计记录", "read the audit records"),
    Action.SET_SECURITY: Text("设置安全策略", "set security policy"),
    Action.OPERATE_SYSTEM: Text("系统运维", "operate the system"),
}


class Fact(StrEnum):
    """A circumstance the caller vouches for. What is not stated is not the case."""

    POLICE_PRESENT = "police_present"
    FULL_RECORDING = "full_recording"
    TWO_OFFICERS = "two_officers"
    CERTIFIED = "certified"
    NO_OBJECTION = "no_objection"
    IN_CASE_AREA = "in_case_area"
    CASE_NUMBER = "case_number"
    APPROVED = "approved"
    UNCOLLECTABLE = "uncollectable"
    SLOW_TRAFFIC = "slow_traffic"
    OWN_CASE = "own_case"
    OWN_INVESTIGATION = "own_investigation"
    OWN_CLERKING = "own_clerking"
    DEPUTY = "deputy"
    DEPUTY_PERMISSION = "deputy_permission"
    NEGATIVE_LIST = "negative_list"
    FIRST_REVIEW = "first_review"
    LEGALLY_QUALIFIED = "legally_qualified"
    NOTICE_EXPIRED = "notice_expired"
    OTHER_ADMIN_ACCOUNT = "other_admin_account"
    ADMITTED = "admitted"
    CONSENTED = "consented"
    KEY_EVIDENCE = "key_evidence"
    VULNERABLE = "vulnerable"
    HEARING_CASE = "hearing_case"
    LONG_DETENTION = "long_detention"
    REFUSED = "refused"
    CHECKS_DONE = "checks_done"
    VICTIM = "victim"
    DRIVER_ABSENT = "driver_absent"
    OBSTRUCTS = "obstructs"


FACTS: dict[Fact, Text] = {
    Fact.POLICE_PRESENT: Text("由一名人民警察带领", "led by a police officer"),
    Fact.FULL_RECORDING: Text("全程录音录像", "recorded throughout"),
    Fact.TWO_OFFICERS: Text("执法人员不少于两人", "at least two officers"),
    Fact.CERTIFIED: Text("具有行政执法资格", "holding an enforcement certificate"),
    Fact.NO_OBJECTION: Text("当事人没有异议", "no objection from the party"),
    Fact.IN_CASE_AREA: Text("在执法办案场所进行", "inside the case area"),
    Fact.CASE_NUMBER: Text("有案件编号", "under a case number"),
    Fact.APPROVED: Text("经负责人批准", "approved by the head"),
    Fact.UNCOLLECTABLE: Text("不当场收缴事后难以执行", "hard to collect later"),
    Fact.SLOW_TRAFFIC: Text("行人、乘车人或者非机动车驾驶人", "pedestrian, passenger or rider"),
    Fact.OWN_CASE: Text("本人经办的案件", "their own case"),
    Fact.OWN_INVESTIGATION: Text("本人调查的案件", "a case they investigated"),
    Fact.OWN_CLERKING: Text("本人经手受理的事项", "an item they took in themselves"),
    Fact.DEPUTY: Text("当事人是人大代表", "the party is a people's congress deputy"),
    Fact.DEPUTY_PERMISSION: Text("经人大主席团或者常委会许可", "permitted by the people's congress"),
    Fact.NEGATIVE_LIST: Text("属于派出所办案负面清单", "on the list of cases a station must not handle"),
    Fact.FIRST_REVIEW: Text("初次从事法制审核", "first time as legal reviewer"),
    Fact.LEGALLY_QUALIFIED: Text("取得法律职业资格", "legally qualified"),
    Fact.NOTICE_EXPIRED: Text("公告指定期间已届满", "the period of the notice has expired"),
    Fact.OTHER_ADMIN_ACCOUNT: Text("同时持有另一管理员账号", "also holding another administrator's account"),
    Fact.ADMITTED: Text("自愿认错认罚", "admitted"),
    Fact.CONSENTED: Text("书面同意快速办理", "consented in writing"),
    Fact.KEY_EVIDENCE: Text("有关键证据印证", "backed by key evidence"),
    Fact.VULNERABLE: Text("盲聋哑人、未成年人或者疑似精神病人", "blind, deaf, mute, minor or suspected mentally ill"),
    Fact.HEARING_CASE: Text("应当适用听证程序", "a hearing case"),
    Fact.LONG_DETENTION: Text("可能拘留十日以上", "ten days of detention or more possible"),
    Fact.REFUSED: Text("一方明确拒绝调解", "a party refused clearly"),
    Fact.CHECKS_DONE: Text("完成“三查两问一提醒”", "three checks, two questions and one reminder done"),
    Fact.VICTIM: Text("对象是被侵害人", "the person is the victim"),
    Fact.DRIVER_ABSENT: Text("驾驶人不在现场或者拒绝驶离", "driver absent or refusing to leave"),
    Fact.OBSTRUCTS: Text("妨碍其他车辆、行人通行", "obstructing others"),
}

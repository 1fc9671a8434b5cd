"""Every sentence of `CityError`, in both languages, by code."""

from __future__ import annotations

from guangyue.law.text import Text

__all__ = ["SENTENCES"]

SENTENCES: dict[str, Text] = {
    "identifier.id.shape": Text(
        "身份号码应为18位数字，末位可为X；现为{length}位。",
        "An identity number has 18 digits, the last may be X; this has {length} characters.",
    ),
    "identifier.id.birth": Text(
        "身份号码中的出生日期不存在或在今天之后，请核对第7至14位。",
        "The birth date in the identity number does not exist or lies ahead; check digits 7 to 14.",
    ),
    "identifier.id.check": Text(
        "身份号码的校验位不符，请逐位核对。",
        "The check character of the identity number does not fit; check each digit.",
    ),
    "identifier.plate.shape": Text("“{given}”不是机动车号牌号码。", "“{given}” is not a number plate."),
    "identifier.plate.letters": Text(
        "号牌“{given}”的序号不能含字母I、O，普通号牌最多两个字母。",
        "The serial of plate “{given}” cannot hold I or O, and an ordinary plate has two letters at most.",
    ),
    "identifier.plate.military": Text(
        "“{given}”像是军队或武警号牌，请按军车程序处理。",
        "“{given}” looks like a plate of the army or the armed police; it takes their procedure.",
    ),
    "identifier.phone.shape": Text(
        "电话号码无效；境外号码请以“+”和国家代码开头。",
        "The telephone number is not valid; foreign numbers begin with + and the country code.",
    ),
    "identifier.uscc": Text(
        "统一社会信用代码“{given}”无效。", "The unified social credit code “{given}” is not valid."
    ),
    "access.not_visible": Text("没有这项内容，或者您无权查看。", "There is no such thing, or you may not see it."),
    "access.role": Text("您没有办理此事的职权。", "You hold no role that may do this."),
    "access.own": Text(
        "不能办理自己的账号或职权，请由他人办理。", "Nobody acts on their own account or roles; ask a colleague."
    ),
    "access.scope": Text("此令牌不含“{scope}”权限。", "This token does not include “{scope}”."),
    "access.nobody": Text("请先登录。", "Sign in first."),
    "account.person": Text(
        "一人一号：此人已有账号，或未指明账号归谁。",
        "One person, one account: this person has one, or nobody is named for it.",
    ),
    "role.administrators": Text(
        "系统、安全、审计管理员须由三人分任；此人在该时段已任其一，不能再任{role}。",
        "System, security and audit administration take three people; this one holds one already, so not {role}.",
    ),
    "role.twice": Text("该时段内已有同一任职（{role}）。", "This role ({role}) is held already in that time."),
    "role.period": Text("任职起止时间有误。", "The period of the role is not right."),
    "unit.agency": Text("“{parent}”属于另一机关，不能挂在其下。", "“{parent}” belongs to another agency."),
    "unit.closed": Text("“{unit}”已撤销。", "“{unit}” is closed."),
    "unit.cycle": Text(
        "“{parent}”在“{unit}”之下，不能反挂。", "“{parent}” stands below “{unit}” and cannot stand above it."
    ),
    "unit.depth": Text("单位层级最多{most}层。", "Units are at most {most} deep."),
    "unit.open_below": Text("“{unit}”之下还有未撤销的单位。", "Units below “{unit}” are still open."),
    "shift.period": Text("班次的结束时间须晚于开始时间。", "A shift ends after it begins."),
    "shift.hours": Text(
        "请选择整点开始，时长一至{longest}小时。", "A shift begins on the hour and lasts one to {longest} hours."
    ),
    "shift.role": Text(
        "此人在该时段内没有“{unit}”的任职，不能排班。", "This person holds no role for “{unit}” in that whole time."
    ),
    "shift.overlap": Text("此人在该时段已有班次。", "This person is on duty elsewhere in that time."),
    "shift.over": Text("该班次已结束或已取消。", "The shift has ended or was cancelled."),
    "token.scopes": Text(
        "请至少指明一项权限，写作“evidence:write”。", "Name at least one scope, written like “evidence:write”."
    ),
    "token.expiry": Text("令牌的有效期最长{days}天。", "A token lasts {days} days at most."),
    "token.account": Text("账号已停用，不能签发令牌。", "The account is disabled and gets no tokens."),
    "personal.purpose.empty": Text(
        "查看个人信息须写明查看人和事由。", "Reading personal data needs a reader and a reason."
    ),
    "personal.no_log": Text(
        "访问记录不可用，个人信息暂不能查看。", "The access log is not available, so personal data cannot be read."
    ),
    "personal.erased": Text("该个人信息已删除。", "This personal value was erased."),
    "personal.tampered": Text(
        "个人信息的密文已损坏或被移动，不能解密；请报告安全管理员。",
        "The sealed value was changed or moved and does not open; tell the security administrator.",
    ),
    "personal.key.missing": Text(
        "缺少密钥“{key}”，不能解密；请核对密钥环文件。", "The key “{key}” is missing; check the keyring."
    ),
    "personal.key.in_use": Text("正在使用的密钥不能删除。", "The key in use cannot be removed."),
    "begin.over": Text(
        "已有工作人员账号，首批管理员只能设立一次。", "There are staff accounts already: the first three are made once."
    ),
    "begin.three": Text("三名管理员须为不同的人。", "The three administrators are three people."),
    "personal.keyring.missing": Text(
        "找不到密钥环（{path}）。请恢复它；切勿新建，否则已有个人信息无法解密。",
        "There is no keyring ({path}). Restore it; a new one could not open what is sealed already.",
    ),
    "personal.keyring.open": Text(
        "密钥环（{path}）的文件权限过宽，应只有所有者可读写（chmod 600）。",
        "Others may read the keyring ({path}); only its owner should (chmod 600).",
    ),
    "personal.keyring.environment": Text(
        "密钥环由环境变量给出，请在存放它的地方更换。",
        "The keyring is given by the environment; change it where it is kept.",
    ),
    "personal.keyring.malformed": Text("密钥环的内容有误。", "The keyring is malformed."),
}

"""The codes of the fraud engine's sources in Chinese, as the replay shows them."""

from __future__ import annotations

__all__ = ["CHOICES"]

CHOICES: dict[str, str] = {
    "out": "转出／呼出", "in": "转入／呼入", "mobile": "手机", "landline": "固定电话", "virtual": "虚拟号段", "service": "服务号码",
    "overseas": "境外", "voip": "网络电话", "opened": "开户", "closed": "销户", "transferred": "过户", "lost": "挂失",
    "replaced": "补卡", "forward_on": "开启呼叫转移", "forward_off": "关闭呼叫转移", "gateway": "接入网关设备",
    "device_changed": "更换终端", "web": "网页", "counter": "柜面", "atm": "自助柜员机", "pos": "刷卡机", "personal": "个人",
    "business": "企业", "merchant": "商户", "own": "本人", "qr": "扫码", "transfer": "转账", "red_packet": "红包", "card": "银行卡",
    "gift_card": "礼品卡", "I": "一类户", "II": "二类户", "III": "三类户", "payment": "支付账户", "applied": "申请",
    "approved": "批准", "refused": "拒绝", "disbursed": "放款", "bank": "银行", "consumer": "消费金融", "online": "网络贷款",
    "withdraw": "取现", "deposit": "存现", "listed": "列入", "lifted": "解除", "police": "公安", "clearing": "清算机构",
    "two_cards": "两卡名单", "ordinary": "普通", "unknown": "未知", "phishing": "钓鱼", "investment": "投资理财", "loan": "贷款",
    "gambling": "赌博", "remote_tool": "远程工具", "shopping": "购物", "brushing": "刷单", "remote_control": "远程控制",
    "meeting": "会议", "chat": "聊天", "gaming": "游戏", "start": "开始", "end": "结束", "screen_share": "共享屏幕",
    "wechat": "微信", "qq": "QQ", "short_video": "短视频", "dating": "交友", "work": "办公", "other": "其他", "victim": "受害人",
    "informant": "举报人", "dissuaded": "已劝阻", "customer_service": "冒充客服", "credit": "虚假征信", "acquaintance": "冒充熟人",
    "authority": "冒充公检法", "romance": "婚恋交友", "urgent": "紧急", "high": "高", "medium": "中", "low": "低",
}  # fmt: skip
"""A test holds that no code of any source is missing."""

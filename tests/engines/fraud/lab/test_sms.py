"""Scam messages: what is masked, what counts as a near-duplicate, and that a trained model survives a round trip."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guangyue.engines.fraud.sms import SmsModel, SmsModelError, near_duplicates, normalise, profile
from guangyue.engines.fraud.sms.text import MAX_CHARACTERS

BANK = "尊敬的{}用户，您的积分已满{}分可兑换现金礼包，请登录 {} 领取，逾期失效"
SHOP = "{}会员您好，周年店庆全场{}折，凭短信到店领取好礼，回T退订"
FAMILY = "{}，今晚{}点回家吃饭吗，妈妈做了饺子"


def corpus() -> tuple[list[str], list[str]]:
    texts, kinds = [], []
    for k, name in enumerate(("建行", "工行", "招行", "农行", "中行", "交行", "浦发", "兴业")):
        texts.append(BANK.format(name, 10_000 + k, f"http://{'abcdefgh'[k]}x.cc/{k}"))
        texts.append(SHOP.format(f"万达{name}", 3 + k % 5))
        texts.append(FAMILY.format(f"小{name[0]}", 6 + k % 4))
        kinds += ["phishing", "shop", "family"]
    return texts, kinds


@pytest.fixture(scope="module")
def model() -> SmsModel:
    return SmsModel.fit(*corpus(), {"phishing"})


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        ("请点击 https://a.example.com/x?y=1 查看", "请点击URL查看"),
        ("登录 ccb-jf.top 领取", "登录URL领取"),
        ("电话 13800138000 或 +8613800138000", "电话CELLPHONE或CELLPHONE"),
        ("拨打 0635-8212345", "拨打PHONE"),
        ("验证码 384756，金额 1,234.50 元", "验证码DIGIT,金额DIGIT元"),
        ("全角１２３ＡＢＣ", "全角DIGITABC"),
        ("零宽\u200b字\ufeff符", "零宽字符"),
        ("", ""),
    ],
)
def test_what_the_model_sees(raw, seen):
    assert normalise(raw) == seen


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_normalised_and_profiled(text):
    plain = normalise(text)
    assert len(plain) <= MAX_CHARACTERS
    buckets, counts = profile(plain)
    assert counts.sum() == sum(max(0, len(plain) - n) for n in range(3))
    assert (np.diff(buckets) > 0).all()
    assert ((buckets >= 0) & (buckets < 1 << 17)).all()


def test_a_campaign_is_one_group_and_others_are_not():
    texts = [BANK.format("建行", k, "URL") for k in range(5)] + [FAMILY.format("小王", 6), "", "好", "好", "ok"]
    groups = near_duplicates(texts)
    assert len(set(groups[:5])) == 1
    assert groups[5] not in groups[:5]
    assert groups[7] == groups[8]
    assert len({groups[0], groups[5], groups[6], groups[7], groups[9]}) == 5
    assert len(near_duplicates([])) == 0


def test_fraud_is_told_from_advertising_and_family(model):
    assert model.permille(BANK.format("邮储银行", 8_800, "http://psbc.cc")) > 700
    assert model.permille(SHOP.format("银座", 5)) < 400
    assert model.permille(FAMILY.format("小赵", 7)) < 400
    assert model.kind(SHOP.format("银座", 5)) == "shop"


def test_an_empty_message_scores_nothing(model):
    assert model.permille("") == 0
    assert model.permille(" \u200b ") == 0


def test_the_pieces_that_speak_for_fraud_stand_in_the_message(model):
    text = BANK.format("建行", 9_999, "http://z.cc")
    pieces = model.why(text)
    assert pieces
    assert all(p in normalise(text) for p in pieces)


def test_two_kinds_are_enough():
    texts, kinds = corpus()
    two = [(t, k) for t, k in zip(texts, kinds, strict=True) if k != "shop"]
    model = SmsModel.fit([t for t, _ in two], [k for _, k in two], {"phishing"}, calibrate=False)
    lead = model.lead([BANK.format("邮储", 1, "URL"), FAMILY.format("小钱", 5)])
    assert lead[0] > 0 > lead[1]


def test_a_saved_model_answers_the_same(model, tmp_path):
    model.save(tmp_path / "sms.npz")
    again = SmsModel.load(tmp_path / "sms.npz")
    texts = corpus()[0]
    assert np.array_equal(again.probability(texts), model.probability(texts))
    assert again.kinds == model.kinds


@pytest.mark.parametrize("content", [b"", b"not a model", b"PK\x03\x04broken"])
def test_a_foreign_file_is_refused(content, tmp_path):
    path = tmp_path / "sms.npz"
    path.write_bytes(content)
    with pytest.raises(SmsModelError) as caught:
        SmsModel.load(path)
    assert caught.value.code == "sms.format"


@pytest.mark.parametrize("fraud", [set(), {"phishing", "shop", "family"}])
def test_training_needs_fraud_and_something_else(fraud):
    with pytest.raises(SmsModelError) as caught:
        SmsModel.fit(*corpus(), fraud)
    assert caught.value.code == "sms.kinds"


def test_training_needs_a_kind_for_each_text():
    with pytest.raises(SmsModelError) as caught:
        SmsModel.fit(["a"], ["b", "c"], {"b"})
    assert caught.value.code == "sms.length"

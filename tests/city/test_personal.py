"""Sealed values without a database: suites, keyring, vault, masks."""

from __future__ import annotations

import hashlib
import json
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guangyue.city.errors import CityError
from guangyue.city.personal.keyring import Keyring, load, save
from guangyue.city.personal.kinds import Kind, mask, normalise
from guangyue.city.personal.purpose import Purpose
from guangyue.city.personal.suites import Suite, aead, keyed_hash, new_secret
from guangyue.city.personal.vault import Vault, WrappedKey, commitment, key_number, wrap

LABEL = "city.person.name"


class Shelf:
    """Data keys in a dictionary."""

    def __init__(self, ring: Keyring, suite: Suite) -> None:
        self.keys: dict[int, WrappedKey] = {}
        self.add(ring, suite)

    def add(self, ring: Keyring, suite: Suite) -> None:
        number = len(self.keys) + 1
        self.keys[number] = wrap(ring, number, suite, new_secret(suite))

    def current(self) -> WrappedKey:
        return self.keys[max(self.keys)]

    def numbered(self, number: int) -> WrappedKey:
        if number not in self.keys:
            raise CityError("personal.key.missing", key=number)
        return self.keys[number]


@pytest.fixture(params=list(Suite))
def vault(request) -> Vault:
    ring = Keyring.new(request.param)
    return Vault(ring, Shelf(ring, request.param))


texts = st.text(max_size=80).filter(lambda t: not any(0xD800 <= ord(c) < 0xE000 for c in t))


@pytest.mark.parametrize("suite", list(Suite))
@given(text=texts)
def test_what_is_sealed_opens_and_shows_nothing(suite, text):
    ring = Keyring.new(suite)
    vault = Vault(ring, Shelf(ring, suite))
    token = vault.seal(LABEL, text)
    assert vault.open(LABEL, token).text == text
    assert token != vault.seal(LABEL, text), "equal values look different"
    if len(text.encode()) > 5:
        assert text.encode() not in token


def test_lengths_of_names_look_alike(vault):
    assert {len(vault.seal(LABEL, name)) for name in ("王", "张三", "欧阳小明", "")} == {len(vault.seal(LABEL, "李四"))}


def test_every_single_flipped_bit_is_noticed(vault):
    token = vault.seal(LABEL, "张三")
    for place in range(len(token) * 8):
        changed = bytearray(token)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(CityError) as refused:
            vault.open(LABEL, bytes(changed))
        assert refused.value.code in {"personal.tampered", "personal.key.missing"}


def test_a_value_moved_to_another_column_does_not_open(vault):
    token = vault.seal("city.person.phone", "13800138000")
    with pytest.raises(CityError, match=r"personal\.tampered"):
        vault.open(LABEL, token)


@pytest.mark.parametrize("cut", [b"", b"\x01", b"\x02" * 60, b"\x00"])
def test_what_is_no_token_is_refused(vault, cut):
    with pytest.raises(CityError, match=r"personal\.tampered"):
        vault.open(LABEL, cut)


def test_sm4_gcm_is_the_published_algorithm():
    # RFC 8998, appendix A.1.
    from cryptography.hazmat.primitives.ciphers import Cipher, modes
    from cryptography.hazmat.primitives.ciphers.algorithms import SM4

    key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    encryptor = Cipher(SM4(key), modes.GCM(bytes.fromhex("00001234567800000000ABCD"))).encryptor()
    encryptor.authenticate_additional_data(bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2"))
    plain = bytes.fromhex("AA" * 8 + "BB" * 8 + "CC" * 8 + "DD" * 8 + "EE" * 8 + "FF" * 8 + "EE" * 8 + "AA" * 8)
    sealed = encryptor.update(plain) + encryptor.finalize()
    assert sealed[:16].hex().upper() == "17F399F08C67D5EE19D0DC9969C4BB7D"
    assert encryptor.tag.hex().upper() == "83DE3541E4C2B58177E065A9BF7B62EC"
    assert aead(Suite.SM, key).open(aead(Suite.SM, key).seal(plain, b"x"), b"x") == plain


def test_the_two_suites_hash_differently():
    assert keyed_hash(Suite.AES, b"k" * 32, b"m") != keyed_hash(Suite.SM, b"k" * 32, b"m")
    assert len(keyed_hash(Suite.SM, b"k" * 32, b"m")) == 32


def test_equal_values_are_found_however_they_are_written(vault):
    pairs = (
        (Kind.PHONE, "138 0013 8000", "+86-13800138000"),
        (Kind.ID_NUMBER, "11010519491231002x", "110105 19491231 002X"),
        (Kind.NAME, "买买提•艾山", "买买提·艾山 "),
        (Kind.EMAIL, "A@B.cn", " a@b.cn"),
    )
    for kind, one, other in pairs:
        assert vault.search_key(kind, one) == vault.search_key(kind, other), kind
        assert vault.search_key(kind, one) != vault.search_key(Kind.NOTE, one), "kinds do not mix"
    assert vault.search_key(Kind.NAME, "张三") != vault.search_key(Kind.NAME, "张四")


def test_after_a_rotation_of_masters_old_values_open_and_without_the_old_master_they_do_not(vault):
    shelf, ring = vault.keys, vault.ring
    token = vault.seal(LABEL, "张三")
    wider = ring.with_new_master(Suite.AES)
    assert Vault(wider, shelf).open(LABEL, token).text == "张三"
    narrower = wider.without(masters=frozenset({ring.master.id}))
    with pytest.raises(CityError, match=r"personal\.key\.missing"):
        Vault(narrower, shelf).open(LABEL, token)
    old = shelf.numbered(1)
    shelf.keys[1] = wrap(wider, 1, old.suite, vault.unwrap(old))
    assert Vault(narrower, shelf).open(LABEL, token).text == "张三"
    with pytest.raises(CityError, match=r"personal\.key\.in_use"):
        narrower.without(masters=frozenset({narrower.master.id}))


def test_resealing_keeps_value_and_digest_under_the_new_data_key(vault):
    token = vault.seal(LABEL, "张三")
    vault.keys.add(vault.ring, Suite.AES)
    fresh = vault.reseal(LABEL, token)
    assert (key_number(token), key_number(fresh)) == (1, 2)
    assert vault.digest(LABEL, fresh) == vault.digest(LABEL, token)


def test_the_digest_can_be_recomputed_by_anybody_who_is_given_the_salt(vault):
    token = vault.seal(LABEL, "张三")
    opened = vault.open(LABEL, token)
    parts = (LABEL.encode(), opened.salt, "张三".encode())
    by_hand = hashlib.sha256(b"".join(len(p).to_bytes(4, "big") + p for p in parts)).hexdigest()
    assert vault.digest(LABEL, token) == by_hand == commitment(LABEL, opened.salt, "张三")
    assert vault.digest(LABEL, vault.seal(LABEL, "张三")) != by_hand, "the salt differs each time"


def test_the_keyring_file_is_its_owners_alone_and_is_made_once(tmp_path):
    path = tmp_path / "keys" / "keyring.json"
    with pytest.raises(CityError, match=r"personal\.keyring\.missing"):
        load(path)
    made = load(path, make=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load(path, make=True) == made
    with pytest.raises(FileExistsError):
        save(Keyring.new(Suite.AES), path, replacing=False)
    assert list(path.parent.iterdir()) == [path], "no temporary file is left"
    path.chmod(0o640)
    with pytest.raises(CityError, match=r"personal\.keyring\.open"):
        load(path)


def test_the_keyring_from_the_environment_wins_and_bad_ones_are_refused_without_showing_them(tmp_path):
    ring = Keyring.new(Suite.SM)
    assert load(tmp_path / "none", given=ring.dumps()) == ring
    secret = json.loads(ring.dumps())["masters"][0]["secret"]
    for bad in ("", "{}", "[]", ring.dumps().replace("secret", "s"), ring.dumps()[:-9], '{"masters":[],"searches":[]}'):
        if bad:
            with pytest.raises(CityError, match=r"personal\.keyring\.malformed") as refused:
                load(tmp_path / "none", given=bad)
            assert secret not in str(refused.value)
    assert secret not in repr(ring)


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        (Kind.NAME, "张三", "张*"),
        (Kind.NAME, "欧阳小明", "欧***"),
        (Kind.NAME, "王", "王*"),
        (Kind.ID_NUMBER, "11010519491231002X", "110***********002X"),
        (Kind.PHONE, "+8613800138000", "138****8000"),
        (Kind.PHONE, "138 0013 8000", "138****8000"),
        (Kind.PHONE, "110", "****"),
        (Kind.ADDRESS, "聊城市东昌府区柳园路12号3单元401", "聊城市东昌府区柳园路****"),
        (Kind.ADDRESS, "某处", "某****"),
        (Kind.PLATE, "鲁P·12345", "鲁P1**45"),
        (Kind.BANK_CARD, "6222 0212 3456 7890", "************7890"),
        (Kind.EMAIL, "someone@example.cn", "s***@example.cn"),
        (Kind.EMAIL, "no-at", "****"),
        (Kind.NOTE, "anything", "****"),
        (Kind.NAME, "", "*"),
    ],
)
def test_masks(kind, text, shown):
    assert mask(kind, text) == shown


@given(st.sampled_from(Kind), texts.filter(lambda t: len(t.strip()) > 1))
def test_a_mask_never_shows_the_whole(kind, text):
    shown = mask(kind, text)
    assert text.strip() not in shown
    assert "*" in shown
    assert normalise(kind, text) == normalise(kind, normalise(kind, text)), "normal forms are stable"


@pytest.mark.parametrize(("reader", "reason"), [("", "why"), ("account:1", ""), ("account:1", "  ")])
def test_a_purpose_names_reader_and_reason(reader, reason):
    with pytest.raises(CityError, match=r"personal\.purpose\.empty"):
        Purpose(reader=reader, reason=reason)

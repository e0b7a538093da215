"""Keys, what they seal, and the hashes that people are found by."""

from __future__ import annotations

import pytest

from storage.crypto import Keyring, KeysNotUnderstood, WrongKey, new_key_text

OLD = new_key_text(1)
NEW = new_key_text(2)


def test_what_was_encrypted_decrypts_in_its_own_column_only():
    keyring = Keyring.from_text(OLD)
    stored = keyring.encrypt(b"12 Ash Lane", b"person.profile")
    assert keyring.decrypt(stored, b"person.profile") == b"12 Ash Lane"
    with pytest.raises(WrongKey, match=r"A value in draft\.answers does not open with key 1"):
        keyring.decrypt(stored, b"draft.answers")


def test_the_same_text_never_looks_the_same_twice():
    keyring = Keyring.from_text(OLD)
    assert keyring.encrypt(b"Ada", b"a.b") != keyring.encrypt(b"Ada", b"a.b")


def test_a_stored_value_is_key_id_nonce_and_ciphertext_with_its_tag():
    stored = Keyring.from_text(NEW).encrypt(b"Ada", b"a.b")
    assert stored[:2] == b"\x00\x02"
    assert len(stored) == 2 + 12 + len(b"Ada") + 16


def test_the_newest_key_encrypts_and_all_of_them_decrypt():
    before = Keyring.from_text(OLD).encrypt(b"Ada", b"a.b")
    both = Keyring.from_text(f"{NEW},{OLD}")
    assert both.encrypt(b"Ada", b"a.b")[:2] == b"\x00\x02"
    assert both.decrypt(before, b"a.b") == b"Ada"


def test_a_key_that_is_missing_is_named():
    stored = Keyring.from_text(OLD).encrypt(b"Ada", b"a.b")
    with pytest.raises(
        WrongKey, match=r"encrypted with key 1, which is not in ENCRYPTION_KEYS\. Put that key back"
    ):
        Keyring.from_text(NEW).decrypt(stored, b"a.b")


def test_another_key_under_the_same_number_is_refused():
    stored = Keyring.from_text(new_key_text(1)).encrypt(b"Ada", b"a.b")
    with pytest.raises(WrongKey, match="is not the one that the database was written with"):
        Keyring.from_text(new_key_text(1)).decrypt(stored, b"a.b")


@pytest.mark.parametrize(
    "damage",
    [
        lambda stored: stored[:-1],  # cut off
        lambda stored: stored[:-1] + bytes([stored[-1] ^ 1]),  # one bit
        lambda stored: stored[:5],  # hardly anything left
    ],
)
def test_a_damaged_value_is_refused(damage):
    keyring = Keyring.from_text(OLD)
    with pytest.raises(WrongKey):
        keyring.decrypt(damage(keyring.encrypt(b"Ada", b"a.b")), b"a.b")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is empty"),  # nothing set
        ("AAAA", "a number from 1 to"),  # no number
        (OLD.replace("1:", "one:"), "a number from 1 to"),  # a word
        (OLD.replace("1:", "0:"), "a number from 1 to"),  # zero means nothing
        (OLD.replace("1:", "65536:"), "a number from 1 to"),  # more than two bytes
        ("1:not base64!", "key 1 in ENCRYPTION_KEYS is not base64"),
        ("1:AAAA", "key 1 in ENCRYPTION_KEYS has 3 bytes; it needs 32"),
        (f"{OLD},{new_key_text(1)}", "one number for two keys"),
    ],
    ids=["empty", "no number", "a word", "zero", "too large", "no base64", "too short", "one number twice"],
)
def test_a_setting_that_is_no_list_of_keys_is_explained(text, sentence):
    with pytest.raises(KeysNotUnderstood, match=sentence) as refusal:
        Keyring.from_text(text)
    assert OLD.partition(":")[2] not in str(refusal.value)


def test_keys_are_not_shown_where_a_keyring_is():
    secret = Keyring.from_text(OLD).newest.secret
    assert repr(secret) not in repr(Keyring.from_text(OLD))


def test_a_new_key_in_front_leaves_lookups_as_they_are():
    before, after = Keyring.from_text(OLD), Keyring.from_text(f"{NEW}, {OLD}")
    assert after.chat_key(7001) == before.chat_key(7001)
    assert after.hash_text("name", "ada") == before.hash_text("name", "ada")


def test_lookups_differ_by_key_by_purpose_and_by_text():
    keyring = Keyring.from_text(OLD)
    hashes = {
        keyring.hash_text("name", "ada"),
        keyring.hash_text("name", "bob"),
        keyring.hash_text("address", "ada"),
        Keyring.from_text(NEW).hash_text("name", "ada"),
    }
    assert len(hashes) == 4
    assert {len(one) for one in hashes} == {16}


def test_a_chat_key_is_a_signed_number_of_64_bits():
    keyring = Keyring.from_text(OLD)
    keys = [keyring.chat_key(chat_id) for chat_id in range(-1_001_000_000_100, -1_001_000_000_000)]
    assert len(set(keys)) == 100
    assert all(-(2**63) <= key < 2**63 for key in keys)
    assert min(keys) < 0 < max(keys)

"""Telegram's HTML: what it becomes, and what is refused with which words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.entities import parse_html, to_html, typed_entities
from bot.sandbox.errors import ApiError

PARSED = [
    # plain; entities of characters; an unknown one stays; a lone "&" and ">" are themselves
    ("a &lt;b&gt; &amp;&quot;", 'a <b> &"', []),
    ("R&B &nbsp; > &#39;&#x41;", "R&B &nbsp; > 'A", []),
    # nested, outer first
    ("<b>x <i>y</i></b>", "x y", [("bold", 0, 3), ("italic", 2, 1)]),
    # offsets count UTF-16 units: the emoji takes two
    ("👍 <code>KM4P</code>", "👍 KM4P", [("code", 3, 4)]),
    # white space at the ends goes, spans shrink with it
    ("\n <b> x </b>\n", "x", [("bold", 0, 1)]),
    # a span around nothing is no span
    ("a<b></b>", "a", []),
    # an end tag without a name closes the last
    ("<u>a</>", "a", [("underline", 0, 1)]),
    # synonyms, capitals, quoting styles
    ("<STRONG>a</STRONG><span class='tg-spoiler'>b</span>", "ab", [("bold", 0, 1), ("spoiler", 1, 1)]),
    ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
    ('<a href="https://a.org/?x=1&amp;y=2">a</a>', "a", [("text_link", 0, 1)]),
    ('<tg-time unix="1796079600">9am</tg-time>', "9am", [("date_time", 0, 3)]),
]


@pytest.mark.parametrize(("source", "text", "spans"), PARSED)
def test_markup_becomes_text_and_entities(source, text, spans):
    plain, entities = parse_html(source)
    assert plain == text
    assert [(one["type"], one["offset"], one["length"]) for one in entities] == spans


REFUSED = [
    ("a <x>b</x>", 'Unsupported start tag "x" at byte offset 2'),
    # byte offsets count UTF-8
    ("é <br>", 'Unsupported start tag "br" at byte offset 3'),
    ("less < more", 'Unsupported start tag "" at byte offset 5'),
    ("a <", "Unclosed start tag at byte offset 2"),
    ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
    ("a</b>", "Unexpected end tag at byte offset 1"),
    ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
    ("<b>a</b", "Unclosed end tag at byte offset 4"),
    ("<a href>a</a>", 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
    ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ('<a href="x', 'Unclosed start tag "a" at byte offset 0'),
]


@pytest.mark.parametrize(("source", "words"), REFUSED)
def test_bad_markup_is_refused_with_its_place(source, words):
    with pytest.raises(ApiError) as refusal:
        parse_html(source)
    assert refusal.value.code == 400
    assert words in refusal.value.description
    assert refusal.value.description.startswith("Bad Request: can't parse entities: ")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_survives_being_escaped_and_parsed(text):
    assert parse_html(to_html(text, [])) == (text.strip(), [])


@given(
    st.recursive(
        st.text("ab <&👍é", min_size=1).map(lambda text: to_html(text, [])),
        lambda inner: st.tuples(
            st.sampled_from(["b", "i", "u", "s", "code", "blockquote"]),
            st.lists(inner, min_size=1, max_size=3),
        ).map(lambda pair: f"<{pair[0]}>{''.join(pair[1])}</{pair[0]}>"),
        max_leaves=8,
    )
)
def test_markup_written_from_entities_parses_to_the_same(source):
    text, entities = parse_html(source)
    assert parse_html(to_html(text, entities)) == (text, entities)


TYPED = [
    ("/start p_library", [("bot_command", 0, 6)]),
    ("👍 /help@nwcsp_demo_bot now", [("bot_command", 3, 20)]),
    ("and/or 1/2 </b> //x", []),
    ("see https://example.org/a or ask@example.org", [("url", 4, 21), ("email", 29, 15)]),
    ("@somebody said", [("mention", 0, 9)]),
]


@pytest.mark.parametrize(("text", "spans"), TYPED)
def test_commands_and_links_in_typed_text_are_found(text, spans):
    assert [(one["type"], one["offset"], one["length"]) for one in typed_entities(text)] == spans

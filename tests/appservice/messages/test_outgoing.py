# SPDX-License-Identifier: AGPL-3.0-or-later
import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appservice.messages import outgoing
from appservice.messages.asked import Mentions
from appservice.messages.markup import formatted
from appservice.messages.outgoing import Answered

ME, BOB, CAROL = "@me:hs.test", "@bob:hs.test", "@carol:hs.test"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("hello", None),
        ("hello\nthere", None),
        ("hello\n\nthere", "<p>hello</p>\n<p>there</p>"),
        ('a "quoted" & <plain> text', None),
        ("1 < 2", None),
        ("**bold** *it* ~~gone~~", "<strong>bold</strong> <em>it</em> <s>gone</s>"),
        ("`code <b>`", "<code>code &lt;b&gt;</code>"),
        (
            "```python\nprint(1)\n```",
            '<pre><code class="language-python">print(1)\n</code></pre>',
        ),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a", '<ol start="3">\n<li>a</li>\n</ol>'),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("[x](https://e.org/a)", '<a href="https://e.org/a">x</a>'),
        # Never HTML, never another scheme, never a picture that another server would be asked for.
        ("<script>alert(1)</script>", None),
        ("**<img src=x>**", "<strong>&lt;img src=x&gt;</strong>"),
        ("[x](javascript:alert(1))", None),
        ("[x](data:text/html,x)", None),
        ("![x](https://e.org/a.png)", '!<a href="https://e.org/a.png">x</a>'),
        ("# no heading", None),
        ("snake_case_name", None),
        ("2 * 3 * 4", None),
        (r"\*not bold\*", "*not bold*"),
    ],
)
def test_what_is_typed_is_formatted(typed: str, expected: str | None) -> None:
    assert formatted(typed) == expected


@given(st.text(max_size=300))
def test_what_is_formatted_is_harmless(typed: str) -> None:
    html = formatted(typed)
    if html is not None:
        tags = {"p", "br", "strong", "em", "s", "code", "pre", "ul", "ol", "li", "blockquote", "a"}
        cleaned = nh3.clean(
            html,
            tags=tags,
            attributes={"a": {"href"}, "code": {"class"}, "ol": {"start"}},
            url_schemes={"http", "https", "mailto"},
            link_rel=None,
        )
        assert "<script" not in html
        assert cleaned.count("<") == html.count("<")


def test_words_keep_their_lines_and_lose_their_tricks() -> None:
    content = outgoing.text("a\r\nb\u202ec\x00", emote=True, longest_html=100)
    assert content == {"msgtype": "m.emote", "body": "a\nbc"}
    long = outgoing.text("**" + "x" * 100 + "**", emote=False, longest_html=50)
    assert "formatted_body" not in long


def test_who_is_meant_is_always_said() -> None:
    assert outgoing.meant(Mentions(), me=ME) == {}
    asked = Mentions(users=[BOB, ME, BOB], room=True)
    assert outgoing.meant(asked, CAROL, me=ME) == {"user_ids": [BOB, CAROL], "room": True}


@pytest.mark.parametrize(
    ("answered", "root", "latest", "expected"),
    [
        (None, None, None, {}),
        ("$a", None, None, {"m.in_reply_to": {"event_id": "$a"}}),
        (
            None,
            "$r",
            "$l",
            {
                "rel_type": "m.thread",
                "event_id": "$r",
                "is_falling_back": True,
                "m.in_reply_to": {"event_id": "$l"},
            },
        ),
        (
            "$a",
            "$r",
            "$l",
            {
                "rel_type": "m.thread",
                "event_id": "$r",
                "is_falling_back": False,
                "m.in_reply_to": {"event_id": "$a"},
            },
        ),
        (
            None,
            "$r",
            None,
            {
                "rel_type": "m.thread",
                "event_id": "$r",
                "is_falling_back": True,
                "m.in_reply_to": {"event_id": "$r"},
            },
        ),
    ],
)
def test_relations(
    answered: str | None, root: str | None, latest: str | None, expected: dict[str, object]
) -> None:
    found = Answered(answered, BOB) if answered else None
    assert outgoing.related(found, root, latest) == expected


def test_an_edit_calls_only_the_new_ones() -> None:
    content = outgoing.text("**x**", emote=False, longest_html=100)
    whole = outgoing.edit("$e", content, {"user_ids": [BOB, CAROL]}, [BOB])
    assert whole["body"] == "* **x**"
    assert whole["formatted_body"] == "* <strong>x</strong>"
    assert whole["m.mentions"] == {"user_ids": [CAROL]}
    assert whole["m.new_content"]["m.mentions"] == {"user_ids": [BOB, CAROL]}
    assert whole["m.relates_to"] == {"rel_type": "m.replace", "event_id": "$e"}


def test_a_file_with_and_without_words() -> None:
    file = {"msgtype": "m.file", "filename": "a.pdf", "url": "mxc://a/b", "info": {}}
    assert outgoing.captioned(file, " ", longest_html=100)["body"] == "a.pdf"
    words = outgoing.captioned(file, "*see*", longest_html=100)
    assert (words["msgtype"], words["body"], words["formatted_body"]) == (
        "m.file",
        "*see*",
        "<em>see</em>",
    )

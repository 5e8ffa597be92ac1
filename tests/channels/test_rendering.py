"""The small HTML of the templates, read into a card."""

import pytest

from channels.card import Button, Card, Menu, Paragraph, Span
from channels.rendering import SAID, read_card, render


def read(text: str) -> Card:
    return read_card(text, "es")


def test_what_people_wrote_stays_what_they_wrote() -> None:
    card = read('<p>1 &lt; 2 &amp;amp; <a href="https://e.org/?a=1&amp;b=%22&#34;">&lt;b&gt;</a></p>')
    link = Span("<b>", "plain", 'https://e.org/?a=1&b=%22"')
    assert card.paragraphs == (Paragraph((Span("1 < 2 &amp; "), link)),)


def test_lines_lose_their_indentation_and_paragraphs_their_empty_ends() -> None:
    card = read("<quote>\n\n   one\n\n     <b>two</b>\n  </quote>\n<p>  \n </p>")
    assert card.paragraphs == (Paragraph((Span("one\n\n"), Span("two", "bold")), quote=True),)


def test_every_element_has_its_place() -> None:
    card = read(
        "<notice>in\n one  line</notice> between <title>Title</title><p>Text</p>"
        '<button command="claim ESC-1" style="primary">Claim</button><update>Done</update>'
        '<menu title="Choose"><option command="a">A</option></menu><menu title="Show"></menu>'
        '<show command="show ESC-1"></show><ask-location></ask-location><pin latitude="1.5" longitude="-2"></pin>'
    )
    assert card == Card(
        notice="in one line",
        title="Title",
        paragraphs=(Paragraph((Span("Text"),)),),
        buttons=(Button("Tomar", "claim ESC-1", "primary"),),
        menu=Menu("Elegir", (Button("A", "a"),)),
        update="Done",
        asks_location=True,
        pin=(1.5, -2.0),
        notice_command="show ESC-1",
    )


@pytest.mark.parametrize("text", ["<script>x</script>", "<P>x</P>", "<!-- x -->", "<br/>", "<p>x", "<p>a <u>b</u></p>"])
def test_no_other_element_is_let_through(text: str) -> None:
    with pytest.raises(ValueError, match="no element of a message"):
        read(text)


def test_what_was_said_is_shown_as_it_was_said() -> None:
    said = {"text": ' 1 < 2 &amp; <b>\n   "two"\n', "buttons": [{"label": "Claim", "command": 'claim "ESC-1"'}]}
    card = render(SAID, said, language="es")
    assert card == Card(
        notice='1 < 2 &amp; <b> "two"',
        paragraphs=(Paragraph((Span('1 < 2 &amp; <b>\n"two"'),)),),
        buttons=(Button("Tomar", 'claim "ESC-1"'),),
    )
    assert render(SAID, {"text": " "}) == Card(notice="")

from quotes.main import quote


def test_first_quote():
    assert quote(0) == {"quote": "Less is more."}

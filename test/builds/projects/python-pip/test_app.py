from app import app


def test_badge():
    assert app.test_client().get("/badge.png").mimetype == "image/png"

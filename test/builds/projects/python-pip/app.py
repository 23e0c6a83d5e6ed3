"""Draws small badges as PNG images."""

import io
import os

from flask import Flask, Response, jsonify, render_template, request
from PIL import Image, ImageDraw

app = Flask(__name__)


@app.get("/health")
def health():
    return jsonify(status="ok")


@app.get("/")
def index():
    return render_template("index.html", title=os.environ.get("TITLE", "Badges"))


@app.get("/badge.png")
def badge():
    image = Image.new("RGB", (120, 20), "#2b5fa8")
    ImageDraw.Draw(image).text((6, 4), request.args.get("text", "badge"), fill="white")
    data = io.BytesIO()
    image.save(data, "PNG")
    return Response(data.getvalue(), mimetype="image/png")

from fastapi import FastAPI

app = FastAPI()
QUOTES = ["Less is more.", "Well begun is half done."]


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}


@app.get("/quotes/{number}")
def quote(number: int) -> dict[str, str]:
    return {"quote": QUOTES[number % len(QUOTES)]}

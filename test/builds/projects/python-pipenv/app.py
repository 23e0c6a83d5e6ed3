"""Says what time of the day an hour belongs to."""
import bottle

app = bottle.default_app()


@bottle.get("/health")
def health():
    return "ok"


@bottle.get("/part/<hour:int>")
def part(hour):
    names = ["night", "morning", "afternoon", "evening"]
    return {"hour": hour, "part": names[hour % 24 // 6]}

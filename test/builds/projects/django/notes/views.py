from django.http import HttpResponse, JsonResponse
from django.shortcuts import render

from notes.models import Note


def health(request):
    return JsonResponse({"status": "ok"})


def index(request):
    Note.objects.create(text=f"note {Note.objects.count() + 1}")
    return render(request, "index.html", {"notes": Note.objects.all()})

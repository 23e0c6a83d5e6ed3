FROM python:3.13-slim
WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-compile -r requirements.txt
CMD ["python", "-c", "import idna; print(idna.__version__)"]

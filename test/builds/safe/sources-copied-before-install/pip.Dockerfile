FROM python:3.13-slim
WORKDIR /app
COPY . .
RUN pip install --no-cache-dir --no-compile -r requirements.txt
CMD ["python", "main.py"]

FROM python:3.13-slim AS build
COPY requirements.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.13-slim
# Japanese letters for what is drawn, 8 MB.
RUN apt-get update && apt-get install -y --no-install-recommends fonts-vlgothic && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --no-create-home easel && install -d -o easel -g easel /data /backups
COPY --from=build /venv /venv
COPY bot /app/bot
COPY cogs /app/cogs
ENV PATH=/venv/bin:$PATH PYTHONPATH=/app PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER easel
# Started in /, the default storage.directory "data" is this volume.
WORKDIR /
VOLUME /data
# http.client, because urllib would ask a proxy where the container has one.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-c", \
    "from http.client import HTTPConnection as c; h = c('127.0.0.1', 8080, timeout=4); h.request('GET', '/healthz'); exit(h.getresponse().status != 200)"]
ENTRYPOINT ["python", "-m", "bot", "--config", "/config/config.toml"]

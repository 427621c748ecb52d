# Needs DATABASE_URL at run time: PostgreSQL 16 or newer with pgvector. Without it Passend starts an embedded database
# inside the container, whose data goes when the container goes.
FROM python:3.12-slim AS builder

# pip finds packages as it is set up to; both arguments are pip's own settings and stay out of the final image.
ARG PIP_INDEX_URL
ARG PIP_EXTRA_INDEX_URL
# Passend computes on the CPU. Where the index also has the CPU build, TORCH_VERSION=2.13.0+cpu gives a far smaller image.
ARG TORCH_VERSION=2.13.0

ENV PATH=/opt/passend/bin:$PATH
WORKDIR /src
RUN python -m venv /opt/passend \
    && pip install --no-cache-dir "torch==${TORCH_VERSION}"

COPY pyproject.toml README.md LICENSE ./
COPY embeddings embeddings
COPY matching matching
COPY service service
COPY assets assets
# Node comes from a wheel, in an environment of its own that stays behind; NPM_CONFIG_REGISTRY is npm's own setting.
ARG NPM_CONFIG_REGISTRY
RUN python -m venv /opt/node && assets/build /opt/node/bin
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels . \
    && pip install --no-cache-dir /wheels/passend-*.whl

# Builds the bundled model once, so that the first sentence does not wait for it; -I: from the wheel, not from /src.
RUN python -I -c "from pathlib import Path; from embeddings.encoder import ADAPTED, SentenceEncoder; \
    SentenceEncoder(ADAPTED, Path('/var/lib/passend/models')).encode(['Ik repareer fietsen.'])"


FROM python:3.12-slim

RUN useradd --uid 10001 --user-group --create-home --home-dir /var/lib/passend --shell /usr/sbin/nologin passend
COPY --from=builder /opt/passend /opt/passend
COPY --from=builder --chown=passend:passend /var/lib/passend /var/lib/passend

ENV PATH=/opt/passend/bin:$PATH \
    PASSEND_HOME=/var/lib/passend \
    PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /var/lib/passend
EXPOSE 8000

# http.client, because urllib would follow a proxy that is set for the container.
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s --retries=3 CMD ["python", "-c", \
    "from http.client import HTTPConnection as C; c = C('127.0.0.1', 8000, timeout=4); c.request('GET', '/health/live'); raise SystemExit(c.getresponse().status != 200)"]

CMD ["passend", "serve", "--host", "0.0.0.0"]

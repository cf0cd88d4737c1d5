# The same binary as `make build`. Debian packages and their pins stand in
# tools/packages.txt, the version of ONNX Runtime in tools/setup.sh, and
# nowhere else.
FROM node:20-bookworm-slim AS ort
COPY tools /parus/tools
RUN /parus/tools/setup.sh ort /ort

FROM node:20-bookworm-slim AS map
WORKDIR /parus/api/web
COPY api/web/package.json api/web/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY api /parus/api
RUN npm run -s build

FROM golang:1.26-bookworm AS build
COPY tools /parus/tools
RUN /parus/tools/setup.sh packages build
WORKDIR /parus
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=map /parus/api/web/dist/app api/web/dist/app
ARG VERSION=unknown
RUN go build -trimpath -buildvcs=false -ldflags "-X main.version=${VERSION}" -o /out/parus ./cmd/parus

FROM debian:12-slim
COPY tools /tmp/tools
RUN /tmp/tools/setup.sh packages run && rm -rf /tmp/tools /var/lib/apt/lists/*
COPY --from=build /out/parus /usr/local/bin/parus
COPY --from=ort /ort/libonnxruntime.so.1 /usr/local/bin/libonnxruntime.so.1
RUN useradd --create-home parus
USER parus
ENTRYPOINT ["parus"]

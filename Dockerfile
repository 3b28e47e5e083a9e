# One image: AiKore, NGINX, displays and what applications need to install themselves. docs/deploy/README.md tells of its
# arguments and of how it is run. It keeps to what the classic builder and BuildKit both know.

# Node 22.14 or newer, for which no package of npm has to be compiled.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim
ARG DEBIAN_IMAGE=debian:bookworm-20260918-slim

# --- What compiles AiKore ------------------------------------------------------------------------------------------
FROM ${NODE_IMAGE} AS toolchain
ARG APT_MIRROR
ARG APT_SECURITY_MIRROR
COPY docker/build/dpkg.cfg /etc/dpkg/dpkg.cfg.d/aikore
COPY docker/build/apt-sources.sh docker/build/apt-install.sh /build/
COPY docker/packages/toolchain.txt /build/packages/
RUN /build/apt-sources.sh && /build/apt-install.sh /build/packages/toolchain.txt

FROM toolchain AS packages
ARG NPM_REGISTRY
# An empty one is npm's own.
ENV npm_config_registry=${NPM_REGISTRY}
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
COPY scripts/install-packages.sh scripts/
RUN scripts/install-packages.sh && touch node_modules/.installed && rm -rf /root/.npm

FROM packages AS program
COPY Makefile container.mk tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY blueprints blueprints
COPY frontend frontend
COPY src src
RUN make build
COPY docker/build/collect-program.mjs /build/
RUN node /build/collect-program.mjs /src /program

FROM ${NODE_IMAGE} AS node-release

# --- What runs: the parts that change least come first --------------------------------------------------------------
FROM ${DEBIAN_IMAGE} AS system
ARG APT_MIRROR
ARG APT_SECURITY_MIRROR
COPY docker/build/dpkg.cfg /etc/dpkg/dpkg.cfg.d/aikore
COPY docker/build/apt-sources.sh docker/build/apt-install.sh /build/
COPY docker/packages/system.txt docker/packages/applications.txt docker/packages/fonts.txt /build/packages/
RUN /build/apt-sources.sh && /build/apt-install.sh /build/packages/system.txt
RUN /build/apt-install.sh /build/packages/applications.txt
RUN /build/apt-install.sh /build/packages/fonts.txt

# kasmvnc, tigervnc or none
ARG DISPLAY_SERVER=kasmvnc
ARG KASMVNC_VERSION=1.5.0
ARG KASMVNC_SHA256_AMD64=770fd3df51510beecc89666879d82faf411276e68c6e11df612f736b891b5f71
ARG KASMVNC_SHA256_ARM64=aa83a1a6c9069d1a02239988b07a3a2a082a433042b4d4ee2b9e9f6b2df9643c
# firefox-esr, chromium or none
ARG KIOSK_BROWSER=firefox-esr
COPY docker/build/release.sh docker/build/install-desktop.sh /build/
COPY docker/packages/desktop.txt /build/packages/
RUN /build/install-desktop.sh

ARG UV=1
ARG UV_VERSION=0.13.9
ARG UV_SHA256_AMD64=d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19
ARG UV_SHA256_ARM64=5435c5ce14a56431208ca0996416d310f1598e8c2c8ba707688985a16bb82dbe
ARG PIP_INDEX_URL
COPY docker/build/install-uv.sh /build/
RUN /build/install-uv.sh

ARG MINIFORGE=1
ARG MINIFORGE_VERSION=26.3.2-3
ARG MINIFORGE_SHA256_AMD64=848194851a98903134187fbb4ab50efe87b003e0c0f808f97644b7524a62bf2c
ARG MINIFORGE_SHA256_ARM64=2c113a69297e612b01ca0f320c22a3107a11f2ab9b573d79ac868a175945ce29
COPY docker/build/install-miniforge.sh /build/
RUN /build/install-miniforge.sh

COPY --from=node-release /usr/local/bin/node /usr/local/bin/node
COPY --from=node-release /usr/local/lib/node_modules/npm /usr/local/lib/node_modules/npm
COPY docker/build/prepare-system.sh /build/
RUN /build/prepare-system.sh && rm -rf /build

# --- AiKore itself: all that a change of its source builds anew ------------------------------------------------------
FROM system
COPY docker/service /etc/aikore/service
COPY docker/bin /usr/local/bin
COPY docker/entry.sh docker/functions.sh docker/versions.env /opt/sd-install/
COPY docker/tools /opt/sd-install/tools
COPY --from=program /program /opt/sd-install
RUN node /opt/sd-install/tools/make-sbom.mjs >/usr/share/aikore/sbom.cdx.json

ENV AIKORE_DATA_DIR=/config \
    AIKORE_HOST=0.0.0.0 \
    AIKORE_STOP_GRACE=7 \
    BASE_DIR=/config \
    SD_INSTALL_DIR=/opt/sd-install \
    LANG=C.UTF-8 \
    NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility,graphics,video \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/miniforge/condabin \
    PGID=1000 \
    PUID=1000 \
    TZ=UTC
VOLUME /config
EXPOSE 9000 9001 19001-19020
STOPSIGNAL SIGTERM
# The interval counts until the first yes, for a classic engine knows no shorter one for the start; later a check lingers.
HEALTHCHECK --interval=1s --timeout=40s --start-period=120s --retries=30 CMD ["aikore-health", "--linger"]
ENTRYPOINT ["/opt/sd-install/entry.sh"]

ARG DEBIAN_IMAGE
ARG AIKORE_VERSION=0.1.0
ARG AIKORE_REVISION=unknown
ARG BUILD_DATE=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="AiKore" \
      org.opencontainers.image.description="Turns bash blueprints into running instances of AI WebUIs: supervised, logged, reachable behind one sign-in." \
      org.opencontainers.image.version="${AIKORE_VERSION}" \
      org.opencontainers.image.revision="${AIKORE_REVISION}" \
      org.opencontainers.image.created="${BUILD_DATE}" \
      org.opencontainers.image.base.name="${DEBIAN_IMAGE}" \
      org.aikore.sbom="/usr/share/aikore/sbom.cdx.json"

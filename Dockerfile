# Call Manager in a container: docker build -t callmanager . ; deploy/compose.yaml runs it beside an ITSM-NG.
FROM node:24-bookworm-slim AS build
WORKDIR /src
COPY . .
RUN npm run setup && npm run build

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 DATA_DIR=/data
WORKDIR /opt/callmanager
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund && npm cache clean --force && install -d -o node -g node -m 700 /data
COPY bin bin
COPY --from=build /src/dist dist
USER node
VOLUME /data
EXPOSE 8090
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 8090}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--max-semi-space-size=2", "bin/callmanager.mjs"]
CMD ["serve"]

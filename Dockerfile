# The simulator as a container: docker build -t fluent-oms-simulator .
#
# It listens for other machines, so its secrets and its control token are made up at each start and
# printed, unless they are set: FLUENT_SIM_CLIENT_SECRET, FLUENT_SIM_PASSWORD, FLUENT_SIM_ADMIN_TOKEN.
FROM python:3.12-slim AS build

WORKDIR /source
COPY pyproject.toml setup.py requirements.lock README.md LICENSE ./
COPY contracts/ contracts/
COPY loadtests/ loadtests/
COPY schemas/ schemas/
COPY simulator/ simulator/
RUN python -m venv /opt/fluent-sim \
    && /opt/fluent-sim/bin/python -m pip --disable-pip-version-check install \
        --no-cache-dir --constraint requirements.lock '.[webhooks]'

FROM python:3.12-slim

COPY --from=build /opt/fluent-sim /opt/fluent-sim
ENV PATH=/opt/fluent-sim/bin:$PATH \
    FLUENT_SIM_HOST=0.0.0.0
# Nobody in particular, so that it may be any user that a cluster chooses.
USER 10001:10001
EXPOSE 4141
HEALTHCHECK --interval=5s --timeout=10s --start-period=60s \
    CMD ["fluent-sim", "wait", "--timeout", "5s"]
ENTRYPOINT ["fluent-sim"]
CMD ["serve"]

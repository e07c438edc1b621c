"""Where a setting comes from, and what is said about one that cannot be used."""

import re
from pathlib import Path

import pytest
from fluent_oms_simulator.settings import SETTINGS, Settings, SettingsError, field_names, resolve


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "sim.toml"


def test_nothing_given_means_the_documented_defaults() -> None:
    assert resolve({}, {}) == Settings(
        host="127.0.0.1",
        port=4141,
        account="FCTRAIN1001",
        retailers=("1",),
        client_id="fluent-sim",
        client_secret="fluent-sim-secret",
        username="sim",
        password="sim-password",
        auth="strict",
        seed_data="demo",
        profile="strict",
        behaviours={},
        log_level="warning",
    )


def test_a_flag_wins_over_the_environment_that_over_the_file(config: Path) -> None:
    config.write_text('port = 1\naccount = "FILE"\nusername = "file"\n')
    environ = {"FLUENT_SIM_PORT": "2", "FLUENT_SIM_ACCOUNT": "ENV"}

    settings = resolve({"port": "3", "host": None, "retailer": ()}, environ, config)

    assert (settings.port, settings.account, settings.username) == (3, "ENV", "file")
    assert settings.host == "127.0.0.1"


def test_the_environment_may_name_the_file(config: Path) -> None:
    config.write_text('log_level = "debug"\n')

    assert resolve({}, {"FLUENT_SIM_CONFIG": str(config)}).log_level == "debug"


def test_an_empty_environment_variable_is_not_given() -> None:
    assert resolve({}, {"FLUENT_SIM_PORT": "", "FLUENT_SIM_CONFIG": ""}).port == 4141


def test_the_address_that_kubernetes_gives_of_a_service_is_no_port(config: Path) -> None:
    config.write_text("port = 8080\n")
    environ = {"FLUENT_SIM_PORT": "tcp://10.0.0.1:4141"}

    assert resolve({}, environ).port == 4141
    assert resolve({}, environ, config).port == 8080
    assert resolve({"port": "1"}, environ, config).port == 1


@pytest.mark.parametrize("value", ["10.0.0.1:4141", "tcp://10.0.0.1", "http://10.0.0.1:4141", "x"])
def test_what_kubernetes_would_not_have_written_is_refused_as_a_port(value: str) -> None:
    with pytest.raises(SettingsError, match="the environment variable FLUENT_SIM_PORT: found"):
        resolve({}, {"FLUENT_SIM_PORT": value})


@pytest.mark.parametrize("text", ["1,2 3", " 1, 2\t3 ", "1 2 3 2"])
def test_retailers_are_separated_by_commas_or_spaces(text: str) -> None:
    assert resolve({}, {"FLUENT_SIM_RETAILER": text}).retailers == ("1", "2", "3")


def test_the_retailers_of_a_stronger_layer_replace_those_of_a_weaker(config: Path) -> None:
    config.write_text('retailer = [1, "2"]\n')

    assert resolve({}, {}, config).retailers == ("1", "2")
    assert resolve({"retailer": ("7",)}, {}, config).retailers == ("7",)


def test_behaviour_switches_are_merged_one_by_one(config: Path) -> None:
    config.write_text(
        '[behaviour]\n"delta.duplicate" = "reject"\ndelta.missing_position = "skip"\n'
        "http.max_body_bytes = 1000\n"
    )
    environ = {"FLUENT_SIM_BEHAVIOUR": "delta.duplicate=accumulate, job.closes=never"}
    flags = {"behaviour": ("job.closes=midnight_utc",)}

    assert resolve(flags, environ, config).behaviours == {
        "delta.duplicate": "accumulate",
        "delta.missing_position": "skip",
        "http.max_body_bytes": "1000",
        "job.closes": "midnight_utc",
    }


def test_a_profile_is_named_by_flag_environment_or_file(config: Path) -> None:
    config.write_text('profile = "documented"\n')

    assert resolve({}, {}, config).profile == "documented"
    assert resolve({}, {"FLUENT_SIM_PROFILE": "strict"}, config).profile == "strict"
    assert resolve({"profile": "documented"}, {"FLUENT_SIM_PROFILE": "strict"}).profile == (
        "documented"
    )


@pytest.mark.parametrize(
    ("flags", "environ", "message"),
    [
        (
            {"profile": "loose"},
            {},
            "--profile: found 'loose', expected one of strict, documented",
        ),
        (
            {"profile": "DOCUMENTED"},
            {},
            "--profile: found 'DOCUMENTED', expected one of strict, documented; did you mean "
            "documented?",
        ),
        ({}, {"FLUENT_SIM_PROFILE": "Strict"}, "FLUENT_SIM_PROFILE: found 'Strict', expected one"),
        ({"profile": "Documentd"}, {}, "did you mean documented?"),
        ({}, {"FLUENT_SIM_LOG_LEVEL": "WARNING"}, "did you mean warning?"),
        (
            {"auth": "OFF"},
            {},
            "--auth: found 'OFF', expected one of strict, off; did you mean off?",
        ),
        ({"port": "x"}, {}, "--port: found 'x', expected a whole number from 0 to 65535"),
        ({"port": "70000"}, {}, "--port: found '70000', expected a whole number"),
        ({"host": ""}, {}, "--host: found '', expected a text"),
        ({"auth": "loose"}, {}, "--auth: found 'loose', expected one of strict, off"),
        ({}, {"FLUENT_SIM_PORT": "-1"}, "the environment variable FLUENT_SIM_PORT: found '-1'"),
        ({}, {"FLUENT_SIM_RETAILER": "1,x"}, "FLUENT_SIM_RETAILER: found 'x', expected one or"),
        ({}, {"FLUENT_SIM_RETAILER": ","}, "FLUENT_SIM_RETAILER: found ',', expected one or"),
        ({"behaviour": ("a.b",)}, {}, "--behaviour: found 'a.b', expected NAME=VALUE"),
        (
            {"settling": "slow"},
            {},
            "--settling: found 'slow', expected immediate, manual",
        ),
        ({"settling": "time:9-1"}, {}, "--settling: found 'time:9-1', expected immediate, manual"),
        ({"settling": "time:1000000001"}, {}, "milliseconds from 0 to 1000000000"),
        ({"settling": "time:300~5.1"}, {}, "a median and a sigma up to 5"),
        ({}, {"FLUENT_SIM_SETTLING": "time:\u0663"}, "FLUENT_SIM_SETTLING: found"),
        ({"account": "A\nB"}, {}, "--account: found 'A\\nB', expected a text"),
    ],
)
def test_a_bad_value_is_refused_with_its_layer_and_what_was_expected(
    flags: dict[str, object], environ: dict[str, str], message: str
) -> None:
    with pytest.raises(SettingsError, match=re.escape(message)):
        resolve(flags, environ)


@pytest.mark.parametrize("name", ["client_secret", "password", "admin_token"])
@pytest.mark.parametrize("value", ["s3c ret\n", "s3c\x00ret"])
def test_a_secret_that_cannot_be_used_is_not_shown(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match="expected") as refused:
        resolve({name: value}, {})

    assert "s3c" not in str(refused.value)


@pytest.mark.parametrize(
    ("given", "origins"),
    [
        ("local", ("local",)),
        ("ANY", ("any",)),
        ("off", ("off",)),
        (
            "https://App.example:443/ http://[::1]:3000",
            ("https://app.example", "http://[::1]:3000"),
        ),
        ("local, https://app.example:8443", ("local", "https://app.example:8443")),
    ],
)
def test_origins_are_kept_as_browsers_write_them(given: str, origins: tuple[str, ...]) -> None:
    settings = resolve({}, {"FLUENT_SIM_CORS_ORIGIN": given, "FLUENT_SIM_ADMIN_CORS_ORIGIN": given})

    assert settings.cors_origins == settings.admin_cors_origins == origins


@pytest.mark.parametrize(
    "given",
    [
        "app.example",
        "ftp://app.example",
        "https://app.example/page",
        "https://user@app.example",
        "https://app.example:x",
        "https://",
        "off local",
        "*",
        "null",
    ],
)
def test_what_is_no_origin_is_refused(given: str) -> None:
    with pytest.raises(SettingsError, match=r"expected off, local, any, or origins such as https:"):
        resolve({}, {"FLUENT_SIM_CORS_ORIGIN": given})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("port = true", "port in .*sim.toml: found True, expected a whole number"),
        ("prot = 1", "prot in .*sim.toml: no such setting; did you mean port?"),
        ("port = ", "sim.toml: not valid TOML"),
        ("retailer = [1.5]", "retailer in .*: found 1.5, expected one or more"),
        ("[behaviour]\na = [1]", "behaviour in .*expected a single value"),
    ],
)
def test_a_bad_file_is_refused_by_name(config: Path, text: str, message: str) -> None:
    config.write_text(text)

    with pytest.raises(SettingsError, match=message):
        resolve({}, {}, config)


def test_a_missing_file_is_refused_by_name(config: Path) -> None:
    with pytest.raises(SettingsError, match=r"sim\.toml: No such file"):
        resolve({}, {}, config)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("localhost", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.5", False),
        ("example.test", False),
    ],
)
def test_only_loopback_addresses_are_closed_to_other_machines(host: str, loopback: bool) -> None:
    assert Settings(host=host).is_loopback is loopback


def test_the_table_has_a_row_for_every_field_that_a_user_may_set() -> None:
    assert {row.target for row in SETTINGS} == set(field_names())

"""Variables that look like ours: which are told of, and which name is meant."""

import pytest
from click.testing import CliRunner
from fluent_oms_simulator.cli import main
from fluent_oms_simulator.settings import ENV_PREFIX, variables
from fluent_oms_simulator.text.environment import unknown_variables

OF_A_SERVICE = {
    "FLUENT_SIM_SERVICE_HOST": "10.0.0.1",
    "FLUENT_SIM_SERVICE_PORT": "4141",
    "FLUENT_SIM_SERVICE_PORT_HTTP": "4141",
    "FLUENT_SIM_PORT": "tcp://10.0.0.1:4141",
    "FLUENT_SIM_PORT_4141_TCP": "tcp://10.0.0.1:4141",
    "FLUENT_SIM_PORT_4141_TCP_PROTO": "tcp",
    "FLUENT_SIM_PORT_4141_TCP_PORT": "4141",
    "FLUENT_SIM_PORT_4141_TCP_ADDR": "10.0.0.1",
    # another service, fluent-sim-admin
    "FLUENT_SIM_ADMIN_SERVICE_HOST": "10.0.0.2",
    "FLUENT_SIM_ADMIN_PORT": "tcp://10.0.0.2:80",
    "FLUENT_SIM_ADMIN_PORT_80_TCP_ADDR": "10.0.0.2",
}


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("FLUENT_SIM_PRT", "FLUENT_SIM_PORT"),
        ("FLUENT_SIM_port", "FLUENT_SIM_PORT"),
        ("FLUENT_SIM_RETAILERS", "FLUENT_SIM_RETAILER"),
        ("FLUENT_SIM_SEED", "FLUENT_SIM_SEED_DATA"),
        ("FLUENT_SIM_BEHAVIOR", "FLUENT_SIM_BEHAVIOUR"),
        ("FLUENT_SIM_CONFIG_FILE", "FLUENT_SIM_CONFIG"),
        ("FLUENT_SIM_ADMINTOKEN", "FLUENT_SIM_ADMIN_TOKEN"),
        ("fluent_sim_port", "FLUENT_SIM_PORT"),
        ("FLUENTSIM_PORT", "FLUENT_SIM_PORT"),
        ("FLUENT-SIM-ADMIN-TOKEN", "FLUENT_SIM_ADMIN_TOKEN"),
        ("FLUENT_SIMPORT", "FLUENT_SIM_PORT"),
        ("FLUENT_SIM_VERSION", ""),
        ("FLUENT_SIM_", ""),
    ],
)
def test_a_misspelt_variable_is_named_with_the_nearest_that_exists(name: str, meant: str) -> None:
    assert unknown_variables({name: "1"}, ENV_PREFIX, variables()) == [(name, meant)]


@pytest.mark.parametrize("name", variables())
def test_a_variable_that_is_read_is_not_told_of(name: str) -> None:
    assert unknown_variables({name: "x"}, ENV_PREFIX, variables()) == []


def test_what_kubernetes_sets_for_a_service_of_that_name_is_not_called_misspelt() -> None:
    assert unknown_variables(OF_A_SERVICE, ENV_PREFIX, variables()) == []


def test_what_is_empty_or_of_others_is_not_told_of() -> None:
    environ = {
        "FLUENT_SIM_PRT": "",
        "fluentsim_port": "",
        "FLUENT_SIMULATION": "1",
        "FLUENTSIM_PORT": "tcp://10.0.0.1:4141",
        "PORT": "1",
        "FLUENT_SIM_\x1b[1m": "1",
    }

    assert unknown_variables(environ, ENV_PREFIX, variables()) == []


@pytest.mark.parametrize(
    ("args", "name", "meant"),
    [
        (["serve", "--port", "x"], "FLUENT_SIM_PRT", "; did you mean FLUENT_SIM_PORT?"),
        (["serve", "--port", "x"], "FLUENT_SIM_VERSION", "."),
        (
            ["report", "--url", "x"],
            "FLUENT_SIM_ADMIN_TOKN",
            "; did you mean FLUENT_SIM_ADMIN_TOKEN?",
        ),
        (
            ["behaviours", "--url", "x"],
            "FLUENT_SIM_ADMIN_TOKN",
            "; did you mean FLUENT_SIM_ADMIN_TOKEN?",
        ),
        (
            ["contract", "--behaviour", "x"],
            "FLUENT_CONTRACT_USRNAME",
            "; did you mean FLUENT_CONTRACT_USERNAME?",
        ),
        (
            ["load", "delta", "--master", "--worker"],
            "FLUENT_LOAD_ACOUNT",
            "; did you mean FLUENT_LOAD_ACCOUNT?",
        ),
    ],
)
def test_a_command_says_which_variable_it_passes_over(
    args: list[str], name: str, meant: str
) -> None:
    clear = dict.fromkeys(variables())
    result = CliRunner(env={**clear, name: "1"}).invoke(main, args)

    command = "fluent-sim load delta" if args[0] == "load" else f"fluent-sim {args[0]}"
    first, *others = result.stderr.splitlines()
    assert first == f"{command}: {name} is no setting, and is passed over{meant}"
    assert result.stderr.count(name) == 1
    assert others  # that the rest of it cannot be either


def test_a_host_that_cannot_be_used_is_told_with_the_variable_that_names_it() -> None:
    environ = dict.fromkeys(variables()) | {"FLUENT_SIM_HOST": "tcp://10.0.0.1:4141"}
    result = CliRunner(env=environ).invoke(main, ["serve", "--port", "0", "--seed-data", "none"])

    assert result.exit_code == 2
    assert result.stderr.startswith(
        "fluent-sim serve: the environment variable FLUENT_SIM_HOST: tcp://10.0.0.1:4141: "
    )

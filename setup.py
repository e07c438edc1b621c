"""Which packages and files the distribution has: found by rule, so that none can be forgotten.

Each folder of `FOLDERS` is installed under the name beside it, and every folder below it that has
an `__init__.py` is a package. All else about the distribution stands in `pyproject.toml`.
"""

from setuptools import find_packages, setup

PACKAGE = "fluent_oms_simulator"
FOLDERS = {
    "simulator": PACKAGE,
    "contracts": f"{PACKAGE}.contracts",
    "loadtests": f"{PACKAGE}.loadtests",
    "schemas": f"{PACKAGE}.schemas",
}

setup(
    package_dir={package: folder for folder, package in FOLDERS.items()},
    packages=[
        name
        for folder, package in FOLDERS.items()
        for name in (package, *(f"{package}.{below}" for below in find_packages(folder)))
    ],
)

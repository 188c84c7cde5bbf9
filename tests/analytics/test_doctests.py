"""The examples in the docstrings of the numeric core are true."""

import doctest
import importlib
import pkgutil

import pytest

import analytics

MODULES = [module.name for module in pkgutil.iter_modules(analytics.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name):
    result = doctest.testmod(importlib.import_module(f"analytics.{name}"))
    assert result.attempted > 0
    assert result.failed == 0

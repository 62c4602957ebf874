"""What every test may ask for: see tests/server.py and tests/browser.py."""

pytest_plugins = ["tests.server", "tests.browser"]

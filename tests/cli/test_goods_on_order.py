"""The story of goods on order, pasted call by call: what comes back is what the page shows."""

import json
from collections.abc import Callable
from pathlib import Path

from ..guards.helpers.pages import blocks
from .conftest import Server
from .helpers.pasting import needs_shell, paste
from .test_first_page import SIGN_IN, holds

pytestmark = needs_shell

PAGE = "simulator/GOODS_ON_ORDER.md"
CALLS = blocks(PAGE, "bash")
SHOWN = [json.loads(block) for block in blocks(PAGE, "json")]
AT = "http://127.0.0.1:4141"
QUIET = 'until curl -s {url}/__admin/health | grep -q \'"events":0,"batches":0\'; do :; done'


def test_the_story_of_goods_on_order_comes_back_as_the_page_tells_it(
    start_server: Callable[..., Server], tmp_path: Path
) -> None:
    url = start_server("--port", "0", "--seed-data", "none").url

    # What a call sends has been applied before the next line of a block looks at it.
    lines = "\n".join(CALLS).replace("; echo\n", f"; echo\n{QUIET}\n")
    told = paste((SIGN_IN + lines).replace(AT, url).replace("{url}", url), tmp_path)

    replies = [json.loads(line) for line in told.splitlines()[1:]]
    assert len(replies) == len(SHOWN)
    for reply, shown in zip(replies, SHOWN, strict=True):
        assert holds(reply, shown), (reply, shown)

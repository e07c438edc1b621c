"""GraphQL is made when it is first asked for, whoever asks."""

import threading

from fluent_oms_simulator import Settings, build

CALLERS = 8
SECONDS = 60


def test_calls_that_come_first_together_share_one_graphql() -> None:
    simulator = build(Settings(seed_data="none"))
    acting, all_are_here = simulator.acting, threading.Barrier(CALLERS)
    made, found = [], []

    def counted() -> object:
        made.append(acting.make_graphql())
        return made[-1]

    def ask() -> None:
        all_are_here.wait(SECONDS)
        found.append(simulator.graphql)

    simulator.acting = acting._replace(make_graphql=counted)  # type: ignore[arg-type]
    asking = [threading.Thread(target=ask) for _ in range(CALLERS)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join(SECONDS)

    assert len(made) == 1
    assert found == made * CALLERS

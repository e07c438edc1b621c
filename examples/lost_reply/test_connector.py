from connector import Connector
from fluent_oms_simulator import FluentOms


def test_a_sale_counts_once_though_its_reply_is_lost(fluent_oms: FluentOms) -> None:
    fluent_oms.load({("SKU_1", "LOC_1"): 500})
    fluent_oms.faults.lose_reply(operation="event", nth=1)

    Connector(fluent_oms.env).sell("SKU_1", "LOC_1", 10)

    fluent_oms.assert_on_hand({("SKU_1", "LOC_1"): 490})

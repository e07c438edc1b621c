"""Mutations of inventory, as tests send them."""

from ...support import CATALOGUE, Client, Document
from .support import ask, code_of, walked

REF = "A:L:DEFAULT"
IN = {"catalogue": {"ref": CATALOGUE}}
AT = {**IN, "position": {"ref": REF, **IN}}

OWN = {"ref": "own", **IN, "type": "DEFAULT", "productRef": "T", "locationRef": "L"}
"""A position to be, with a ref of its own."""

SHOWN = {
    "InventoryCatalogue": "id ref type status name description retailerRefs workflowRef "
    "attributes { name type value }",
    "InventoryPosition": "id ref type status productRef locationRef onHand workflowRef "
    "attributes { name type value }",
    "InventoryQuantity": "id ref type status quantity condition expectedOn storageAreaRef "
    "attributes { name type value } position { ref status onHand }",
}


def document_of(name: str) -> str:
    """A mutation with its input as a variable."""
    kind = "Inventory" + name.rpartition("Inventory")[2]
    given = f"{name[0].upper()}{name[1:]}Input"
    return f"mutation ($i: {given}) {{ {name}(input: $i) {{ {SHOWN[kind]} }} }}"


def do(client: Client, name: str, /, **given: object) -> Document:
    """A mutation that must succeed."""
    found: Document = ask(client, document_of(name), i=given)[name]
    return found


def refused(client: Client, name: str, /, **given: object) -> str:
    """The code of a mutation that must be refused and change nothing."""
    before = everything(client)
    code = code_of(client, document_of(name), i=given)
    assert everything(client) == before
    return code


def everything(client: Client) -> list[list[Document]]:
    """All that can be read of the inventory."""
    lists = {
        "inventoryCatalogues": SHOWN["InventoryCatalogue"],
        "inventoryPositions": SHOWN["InventoryPosition"] + " createdOn updatedOn",
        "inventoryQuantities": SHOWN["InventoryQuantity"] + " createdOn updatedOn",
    }
    return [walked(client, field, 500, selection=shown) for field, shown in lists.items()]


def position(client: Client, ref: str = REF, catalogue: str = CATALOGUE) -> Document:
    """A position as it is read back."""
    query = f"""{{ inventoryPosition(ref: "{ref}", catalogue: {{ref: "{catalogue}"}}) {{
      {SHOWN["InventoryPosition"]} quantities {{ edges {{ node {{ ref quantity }} }} }} }} }}"""
    found: Document = ask(client, query)["inventoryPosition"]
    return found

"""What the simulator sends of its own accord: webhooks, signed and posted.

May import: simulator/client, simulator/stores (and what that may), simulator/basics.
"""

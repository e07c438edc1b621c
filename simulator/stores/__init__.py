"""Where catalogues, jobs and events are kept, and what is logged of them.

May import: simulator/domain/account (and what that may), simulator/domain/workflow,
simulator/domain/trouble, simulator/domain/webhooks, simulator/basics.
"""

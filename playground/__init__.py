"""A local stand-in of the Telegram Bot API, and a page on which one person is several users.

It knows no bot in particular: give any Bot API bot ``Playground.bot_api_url`` as its API
address. Public names: ``playground.config.PlaygroundConfig``, ``playground.serving.Playground``,
``playground.client.PlaygroundClient`` and ``playground.server.create_app``.
"""

"""A local Telegram Bot API, a local Slack, and a page on which one person is several users.

It knows no bot in particular: give any Bot API bot ``Playground.bot_api_url`` and any Slack app
``Playground.slack_api_url`` as its API address. Public names:
``playground.config.PlaygroundConfig``, ``playground.serving.Playground``,
``playground.client.PlaygroundClient``, ``playground.slack.client.SlackClient``,
``playground.slack.blocks`` and ``playground.server.create_app``.
"""

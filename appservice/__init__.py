# SPDX-License-Identifier: AGPL-3.0-or-later
"""The application service: REST, intake, jobs and the bot, on asyncio."""

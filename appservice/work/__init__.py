# SPDX-License-Identifier: AGPL-3.0-or-later
"""Background work: jobs kept in PostgreSQL, done by the worker, retried until final."""

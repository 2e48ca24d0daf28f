# SPDX-License-Identifier: AGPL-3.0-or-later
"""What of Synapse's database Kith's read-only role may see (the reconciler, reports, adoption)."""

from psycopg import sql

_TABLES = (
    "account_data",
    "appservice_stream_position",
    "application_services_state",
    "current_state_events",
    "erased_users",
    "event_json",
    "event_relations",
    "event_reports",
    "events",
    "ignored_users",
    "local_current_membership",
    "local_media_repository",
    "profiles",
    "push_rules_stream",
    "receipts_linearized",
    "redactions",
    "rejections",
    "room_account_data",
    "room_aliases",
    "room_memberships",
    "room_reports",
    "rooms",
    "state_events",
    "stream_positions",
    "user_reports",
)
_USERS = (
    "admin",
    "appservice_id",
    "approved",
    "creation_ts",
    "deactivated",
    "is_guest",
    "locked",
    "name",
    "shadow_banned",
    "suspended",
    "user_type",
)


def reader_grants() -> sql.Composed:
    """One statement that grants what exists; a Synapse of another version may lack some."""
    return sql.SQL(
        """DO $$
        DECLARE it text;
        BEGIN
          GRANT USAGE ON SCHEMA public TO kith_reader;
          FOREACH it IN ARRAY {tables}::text[] LOOP
            IF to_regclass('public.' || it) IS NOT NULL THEN
              EXECUTE format('GRANT SELECT ON public.%I TO kith_reader', it);
            END IF;
          END LOOP;
          FOR it IN SELECT column_name FROM information_schema.columns
            WHERE table_schema = 'public' AND table_name = 'users'
              AND column_name = ANY ({columns}::text[]) LOOP
            EXECUTE format('GRANT SELECT (%I) ON public.users TO kith_reader', it);
          END LOOP;
        END $$"""
    ).format(tables=sql.Literal(list(_TABLES)), columns=sql.Literal(list(_USERS)))

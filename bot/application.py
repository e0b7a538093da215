"""All wiring on one screen: from what the operator decided to an application that takes updates."""

from __future__ import annotations

import secrets
from typing import Any
from zoneinfo import ZoneInfo

from telegram.ext import ApplicationBuilder
from telegram.request import BaseRequest

from bot.updates import DurableApplication
from casework.clock import Clock
from casework.policy import Policy
from casework.working_days import WorkingCalendar
from handlers.forms.engine import FormKit
from handlers.routes import add_routes, make_kit
from handlers.turn import Service
from handlers.words import Catalogs
from storage.database import Database
from storage.vault import NO_VAULT, Vault

WORKERS_ON_POSTGRES = 8
"""Threads, each with one connection at most: what the pool has."""


def make_service(
    *,
    policy: Policy,
    clock: Clock,
    catalogs: Catalogs,
    database: Database,
    zone: ZoneInfo,
    bot_username: str,
    vault: Vault = NO_VAULT,
) -> Service:
    """What every turn relies on."""
    return Service(
        policy=policy,
        calendar=WorkingCalendar.from_policy(policy, zone),
        clock=clock,
        catalogs=catalogs,
        keyring=database.keyring,
        zone=zone,
        bot_username=bot_username,
        choose=secrets.choice,
        vault=vault,
    )


def build_application(
    *,
    token: str,
    api_url: str,
    service: Service,
    database: Database,
    request: BaseRequest,
    kit: FormKit | None = None,
) -> DurableApplication:
    """The application with every conversation in it. It neither polls nor sends: see bot.process."""
    workers = 1 if database.dialect == "sqlite" else WORKERS_ON_POSTGRES
    builder: Any = (
        ApplicationBuilder()
        .application_class(DurableApplication, {"service": service, "database": database, "workers": workers})
        .token(token)
        .base_url(f"{api_url}/bot")
        .base_file_url(f"{api_url}/file/bot")
        .request(request)
        .get_updates_request(request)
        .updater(None)
        .job_queue(None)
    )
    application: DurableApplication = builder.build()
    add_routes(application, kit or make_kit())
    return application

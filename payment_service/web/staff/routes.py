"""Every officers' page; all but the login page go through `require_session`."""

from litestar import Router

from payment_service.web.pages import ERROR_PAGES
from payment_service.web.sessions import require_session
from payment_service.web.staff.accounts import (
    decide,
    list_accounts,
    list_approvals,
    propose_account,
)
from payment_service.web.staff.break_queue import list_breaks
from payment_service.web.staff.breaks import show_break
from payment_service.web.staff.explanations import show_explanation
from payment_service.web.staff.lines import show_line
from payment_service.web.staff.log_in import enter, leave, show_login
from payment_service.web.staff.nights import list_nights, show_night
from payment_service.web.staff.payers import list_payers, revoke
from payment_service.web.staff.resolutions import (
    ask_act,
    ask_match_act,
    show_match_act,
    show_resolution,
)
from payment_service.web.staff.statements import (
    bring_statements,
    confirm,
    list_statements,
    show_statement,
)

ROUTES: list[Router] = [
    Router(path="/", route_handlers=[show_login, enter], exception_handlers=ERROR_PAGES),
    Router(
        path="/",
        route_handlers=[
            leave,
            list_nights,
            show_night,
            list_breaks,
            show_break,
            show_resolution,
            ask_act,
            show_match_act,
            ask_match_act,
            show_line,
            show_explanation,
            list_statements,
            bring_statements,
            show_statement,
            confirm,
            list_accounts,
            propose_account,
            list_approvals,
            decide,
            list_payers,
            revoke,
        ],
        before_request=require_session,
        exception_handlers=ERROR_PAGES,
    ),
]

"""Signing in and out, second factors, password: only what staff need of allauth's pages.

There is no sign-up, no mail address and no password reset by mail: accounts are opened by an administrator, who also
resets a password, in person.
"""

from __future__ import annotations

from allauth.account import views
from django.urls import include, path

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/", views.password_change, name="account_change_password"),
    path("password/first/", views.password_set, name="account_set_password"),
    path("factors/", include("allauth.mfa.urls")),
]

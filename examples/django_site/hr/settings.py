"""Settings of a demonstration on one machine. Nothing secret is kept here."""

import os
import secrets
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent

# Made anew at each start: whoever was logged in is logged out. A real site gives each of its processes the same one.
SECRET_KEY = os.environ.get("HR_SECRET_KEY") or secrets.token_urlsafe(50)
ALLOWED_HOSTS = ("127.0.0.1", "localhost")

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": HERE / "hr.sqlite3",
        "OPTIONS": {
            # The engine refuses a connection that would lose, in a power cut, what it has committed.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            # A transaction takes its place among the writers when it begins, not when it first writes.
            "transaction_mode": "IMMEDIATE",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = ("django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "hr")
MIDDLEWARE = (
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",  # every page but that of logging in
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
)
TEMPLATES = (
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ("django.template.context_processors.request", "django.contrib.auth.context_processors.auth")
        },
    },
)
ROOT_URLCONF = "hr.urls"
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "login", "candidates", "login"
USE_TZ, TIME_ZONE = True, "America/New_York"

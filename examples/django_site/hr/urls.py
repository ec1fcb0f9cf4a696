"""Where the pages are."""

from django.contrib.auth import views as auth
from django.urls import path

from hr import views

urlpatterns = [
    path("", views.candidates, name="candidates"),
    path("employees/", views.employee, name="employee"),
    path("cases/<slug:case>/", views.case, name="case"),
    path("cases/<slug:case>/refusals/<int:index>/", views.refusal, name="refusal"),
    path("login/", auth.LoginView.as_view(template_name="hr/login.html"), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
]

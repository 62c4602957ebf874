"""The addresses of the registry."""

from django.urls import path

from organisations import views

urlpatterns = [path("staff/organisations/", views.organisations, name="organisations")]

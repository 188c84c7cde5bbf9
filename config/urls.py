"""All addresses."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from config import health
from config.icons import favicon
from journeys.urls import live_urlpatterns
from journeys.views import map_schema
from painpoints.urls import live_urlpatterns as figures_live_urlpatterns
from reports import home
from reports.urls import shared_urlpatterns

handler500 = "config.refusals.failed"
urlpatterns = [
    # First, since programs call many times a second, and to try all others took a tenth of a call.
    path("api/v1/", include("config.api")),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("api/v1/docs/", SpectacularSwaggerView.as_view(url_name="api_schema"), name="api_docs"),
    path("", home.home, name="home"),
    path("demo/", home.demo_sign_in, name="demo_sign_in"),
    path("favicon.ico", favicon, name="favicon"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("map-file.schema.json", map_schema, name="map_schema"),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("accounts.urls")),
    path("", include("jobs.urls")),
    path("w/<slug:slug>/evidence/coverage/", include("touchpoints.coverage_urls")),
    path("", include(live_urlpatterns)),
    path("", include(figures_live_urlpatterns)),
    path("", include(shared_urlpatterns)),
    path("w/<slug:slug>/evidence/", include("evidence.urls")),
    path("w/<slug:slug>/touchpoints/", include("touchpoints.urls")),
    path("w/<slug:slug>/journeys/", include("journeys.urls")),
    path("w/<slug:slug>/painpoints/", include("painpoints.urls")),
    path("w/<slug:slug>/views/", include("painpoints.view_urls")),
    path("w/<slug:slug>/", include("reports.urls")),
]

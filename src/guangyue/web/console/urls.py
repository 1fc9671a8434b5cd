"""The console's addresses."""

from __future__ import annotations

from django.urls import path

from guangyue.web.console import acts, desk, figures, fraud_page, maps, matter, patrol, stream, views
from guangyue.web.console.streets import board, export, registers, roster, worklist

urlpatterns = [
    path("", desk.home, name="console_home"),
    path("rows", desk.rows, name="console_rows"),
    path("here", desk.here, name="console_here"),
    path("changes", stream.changes, name="console_changes"),
    path("map/matters.geojson", maps.matters, name="console_matters_map"),
    path("map/city.geojson", maps.city, name="console_city_map"),
    path("views", views.save, name="console_views"),
    path("views/<int:pk>/delete", views.delete, name="console_view_delete"),
    path("matters/<str:ref>", matter.page, name="console_matter"),
    path("matters/<str:ref>/act/<str:code>", acts.act, name="console_act"),
    path("matters/<str:ref>/task/<str:code>/<int:number>/<int:hop>", acts.tell, name="console_task"),
    path("new", acts.new, name="console_new"),
    path("new/<str:procedure>/<str:code>", acts.open_one, name="console_open"),
    path("fraud", fraud_page.page, name="console_fraud"),
    path("patrol", patrol.page, name="console_patrol"),
    path("patrol/plan.geojson", patrol.features, name="console_patrol_map"),
    path("export.<str:kind>", export.list_file, name="console_export"),
    path("streets", worklist.page, name="streets_work"),
    path("streets/roster", roster.page, name="streets_roster"),
    path("streets/gaps", registers.gaps, name="streets_gaps"),
    path("streets/visits", registers.visits, name="streets_visits"),
    path("streets/inspections", registers.inspections, name="streets_inspections"),
    path("streets/board", board.board, name="streets_board"),
    path("streets/board.<str:kind>", export.board_file, name="streets_board_file"),
    path("streets/entries/<str:code>", board.entries, name="streets_entries"),
    path("streets/entries/<str:code>/file.<str:kind>", export.entries_file, name="streets_entries_file"),
    path("figures", figures.page, name="console_figures"),
    path("figures/<str:procedure>/<str:code>", figures.members, name="console_figure"),
]

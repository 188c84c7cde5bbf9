// [data-map-editor], the plain page: after a change the map is new; the focus goes back to where it was.
let opener = "";

document.addEventListener("htmx:beforeRequest", (event) => {
  const element = event.detail.elt;
  if (event.detail.target?.id === "panel" && element.closest("[data-map-editor]")) {
    opener = element.id;
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.elt?.id !== "map" && event.detail.target?.id !== "map") return;
  if (document.activeElement && document.activeElement !== document.body) return;
  document.getElementById(opener)?.focus({ preventScroll: true });
});

// Calls `changed` when the server-sent event of that name comes from the address, as long as the page
// is in sight, and when it comes back into sight. Gives what ends it.
export function whenChanged(address, changed) {
  if (!window.EventSource) return () => {};
  let source = null;

  function leave() {
    source?.close();
    source = null;
  }

  function listen() {
    if (document.hidden) return leave();
    if (source) return undefined;
    source = new EventSource(address);
    source.addEventListener("changed", changed);
    return undefined;
  }

  function look() {
    if (!document.hidden && !source) changed();
    listen();
  }

  listen();
  document.addEventListener("visibilitychange", look);
  addEventListener("pagehide", leave);
  addEventListener("pageshow", listen);
  return () => {
    leave();
    document.removeEventListener("visibilitychange", look);
    removeEventListener("pagehide", leave);
    removeEventListener("pageshow", listen);
  };
}

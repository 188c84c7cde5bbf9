// Hears the server-sent events of a name from an address while the page is in sight: hidden tabs let
// go of their connection, of which a browser has only a few. `cameBack` when the page was hidden and
// is seen again. Gives what ends it.
export function whileInSight(address, name, heard, cameBack = () => {}) {
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
    source.addEventListener(name, heard);
    return undefined;
  }

  function look() {
    if (!document.hidden && !source) cameBack();
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

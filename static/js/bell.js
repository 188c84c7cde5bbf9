// [data-bell]: shows in its [data-bell-count] how many notifications are unread, told by server-sent
// events (data-bell is their address) while the page is in sight: hidden tabs let go of their
// connection, of which a browser has only a few.
import { behaviour } from "touchline/behaviour";
import { count, word } from "touchline/words";

behaviour("[data-bell]", (frame) => {
  let source = null;

  function show({ count: unread }) {
    for (const badge of frame.querySelectorAll("[data-bell-count]")) {
      badge.hidden = !unread;
      badge.querySelector("[data-bell-number]").textContent = unread > 99 ? "99+" : count(unread);
      badge.querySelector("[data-bell-words]").textContent = word("unread", { n: count(unread) });
    }
  }

  function listen() {
    if (document.hidden) return leave();
    if (source) return undefined;
    source = new EventSource(frame.dataset.bell);
    source.addEventListener("unread", (event) => show(JSON.parse(event.data)));
    return undefined;
  }

  function leave() {
    source?.close();
    source = null;
  }

  if (!window.EventSource) return undefined;
  listen();
  document.addEventListener("visibilitychange", listen);
  addEventListener("pagehide", leave);
  addEventListener("pageshow", listen);
  return () => {
    leave();
    document.removeEventListener("visibilitychange", listen);
    removeEventListener("pagehide", leave);
    removeEventListener("pageshow", listen);
  };
});

// [data-bell]: shows in its [data-bell-count] how many notifications are unread, told by server-sent
// events (data-bell is their address).
import { behaviour } from "touchline/behaviour";
import { whileInSight } from "touchline/live";
import { count, word } from "touchline/words";

behaviour("[data-bell]", (frame) => {
  function show({ count: unread }) {
    for (const badge of frame.querySelectorAll("[data-bell-count]")) {
      badge.hidden = !unread;
      badge.querySelector("[data-bell-number]").textContent = unread > 99 ? "99+" : count(unread);
      badge.querySelector("[data-bell-words]").textContent = word("unread", { n: count(unread) });
    }
  }

  return whileInSight(frame.dataset.bell, "unread", (event) => show(JSON.parse(event.data)));
});

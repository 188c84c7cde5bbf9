// [data-progress]: follows a job by server-sent events (data-sse-url), else by asking
// data-poll-url every two seconds. At the end: the event's url, data-end-url, or this page anew.
import { behaviour } from "touchline/behaviour";
import { count, timeLeft, word } from "touchline/words";

const POLL_MS = 2000;
const ENDED = new Set(["done", "failed", "cancelled"]);

function draw(box, state) {
  const bar = box.querySelector("[role=progressbar]");
  const part = (name) => box.querySelector(`[data-progress-${name}]`);
  const amounts = { done: count(state.done), total: count(state.total ?? 0), unit: state.unit ?? "" };
  box.dataset.status = state.status;
  part("message").textContent = state.error || state.message
    || (ENDED.has(state.status) ? word(state.status) : word("just_a_moment"));
  part("count").textContent = state.total ? word("of_total", amounts)
    : state.done ? word("so_far", amounts) : "";
  part("rate").textContent = ENDED.has(state.status) ? "" : [
    state.rate && word("per_second", { rate: count(Math.round(state.rate)) }),
    state.eta_s != null && word("left", { time: timeLeft(state.eta_s) }),
  ].filter(Boolean).join(" · ");
  bar.toggleAttribute("data-unknown", !state.total && !ENDED.has(state.status));
  const whole = state.status === "done" ? 100 : Math.min(100, (100 * state.done) / state.total);
  if (Number.isFinite(whole)) {
    bar.setAttribute("aria-valuemin", 0);
    bar.setAttribute("aria-valuemax", 100);
    bar.setAttribute("aria-valuenow", Math.round(whole));
    bar.firstElementChild.style.setProperty("--done", `${whole}%`);
  }
}

behaviour("[data-progress]", (box) => {
  let source = null;
  let timer = 0;
  let ended = ENDED.has(box.dataset.status);

  const bar = box.querySelector("[role=progressbar]");
  const whole = (100 * bar.getAttribute("aria-valuenow")) / bar.getAttribute("aria-valuemax");
  if (whole) bar.firstElementChild.style.setProperty("--done", `${Math.min(100, whole)}%`);

  function finish(state) {
    if (ended) return;
    ended = true;
    stop();
    box.dispatchEvent(new CustomEvent("touchline:ended", { bubbles: true, detail: state }));
    const url = state.url ?? (state.status === "done" ? box.dataset.endUrl : null);
    if (url) location.assign(url);
    else if (!box.hasAttribute("data-stay")) location.reload();
  }

  function stop() {
    source?.close();
    clearTimeout(timer);
  }

  async function poll() {
    if (!box.dataset.pollUrl || ended) return;
    try {
      const answer = await fetch(box.dataset.pollUrl, { headers: { Accept: "application/json" } });
      if (answer.ok) {
        const state = await answer.json();
        draw(box, state);
        if (ENDED.has(state.status)) return finish(state);
      }
    } catch { /* the next try may reach the server */ }
    timer = setTimeout(poll, POLL_MS);
  }

  function listen() {
    source = new EventSource(box.dataset.sseUrl);
    source.addEventListener("progress", (event) => draw(box, JSON.parse(event.data)));
    source.addEventListener("end", (event) => {
      const state = JSON.parse(event.data || "{}");
      if (state.status) draw(box, state);
      finish(state);
    });
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED || box.dataset.pollUrl) {
        source.close();
        poll();
      }
    });
  }

  if (ended) return undefined;
  if (box.dataset.sseUrl && window.EventSource) listen();
  else poll();
  addEventListener("pagehide", stop);
  return stop;
});

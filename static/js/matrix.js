// [data-matrix]: the bubbles of the opportunity matrix under hand and key. A bubble moves along the
// effort only: by dragging, or with the arrow keys (Home: no estimate; Enter: its page).
import { behaviour, connectAll } from "touchline/behaviour";
import { toast } from "touchline/toast";
import { count, csrfToken } from "touchline/words";

const STEPS = [1, 2, 3, 5, 8, 13, 20, 30, 45, 65, 90, 130, 200, 300, 450, 650, 1000, 1500, 2000];
const KEYS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };
const PAUSE_MS = 700;
const UNKNOWN_X = -1;
const UNKNOWN_UNTIL = -0.2;
const NAMES_FROM_PX = 620;
const MOVED_PX = 4;
// One after the other: what was asked for before an undo must not be shown after it.
let coming = Promise.resolve();

function rounded(x, most) {
  if (x < UNKNOWN_UNTIL) return null;
  const days = 2 ** x;
  const step = days < 20 ? 1 : days < 100 ? 5 : days < 500 ? 10 : 50;
  return Math.min(most, Math.max(1, Math.round(days / step) * step));
}

function next(days, way, most) {
  if (days === null) return way > 0 ? STEPS[0] : null;
  if (way > 0) return STEPS.find((step) => step > days) ?? most;
  return STEPS.findLast((step) => step < days) ?? null;
}

behaviour("[data-matrix]", (part) => {
  const place = part.querySelector("[data-matrix-place]");
  const plot = place?.querySelector("[data-plot]");
  if (!plot) return undefined;
  const bubbles = JSON.parse(place.querySelector("#matrix-bubbles").textContent);
  const mayEdit = place.dataset.steps === "edit";
  const most = Number(place.dataset.most);
  const templates = place.querySelector("[data-matrix-words]").content;
  const say = (name) => templates.querySelector(`[data-word="${name}"]`).textContent;
  const said = (days) => {
    if (days === null) return say("none");
    return days === 1 ? say("day") : say("days").replace("{n}", count(days));
  };
  let timer = 0;

  const axes = () => plot._fullLayout;
  const left = (x) => axes().xaxis._offset + axes().xaxis.d2p(x);
  const top = (y) => axes().yaxis._offset + axes().yaxis.d2p(y);
  const xOf = (days) => (days === null ? UNKNOWN_X : Math.log2(days));

  async function post(url, body) {
    const answer = await fetch(url, {
      method: "POST", body, headers: { "X-CSRFToken": csrfToken(), "X-Requested-With": "fetch" },
    });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.error ?? answer.statusText);
    return told;
  }

  async function again(focus) {
    coming = coming.catch(() => {}).then(() => window.htmx.ajax("GET", location.href, {
      target: "#matrix-part", select: "#matrix-part", swap: "outerHTML",
    }));
    await coming;
    if (focus) sessionStorage.setItem("matrix-focus", focus);
  }

  async function save(bubble, days, focus) {
    if (days === bubble.effort) return;
    try {
      const told = await post(bubble.save, new URLSearchParams({ effort_days: days ?? "" }));
      toast(`${bubble.name}: ${said(days)}`, "success", told.undo && {
        label: say("undo"), press: () => post(told.undo).then(() => again(focus)),
      });
      await again(focus);
    } catch {
      toast(say("failed"), "error");
      show();
    }
  }

  function hand(bubble) {
    const element = document.createElement(mayEdit ? "button" : "a");
    element.className = "matrix-bubble";
    element.id = `bubble-${bubble.id}`;
    element.dataset.tip = bubble.tip;
    element.style.width = element.style.height = `${Math.max(24, bubble.size)}px`;
    element.style.left = `${left(bubble.x)}px`;
    element.style.top = `${top(bubble.y)}px`;
    element.setAttribute("aria-label", `${bubble.number} ${bubble.name}`);
    if (mayEdit) slides(element, bubble);
    else element.href = bubble.url;
    return element;
  }

  function slides(element, bubble) {
    let days = bubble.effort;
    let from = null;
    let moved = false;
    let told = null;
    element.type = "button";
    element.setAttribute("role", "slider");
    element.setAttribute("aria-valuemin", "0");
    element.setAttribute("aria-valuemax", String(most));
    const tell = () => {
      element.setAttribute("aria-valuenow", String(days ?? 0));
      element.setAttribute("aria-valuetext", said(days));
    };
    const stand = (value, x = xOf(value)) => {
      days = value;
      element.style.left = `${left(x)}px`;
      told ??= place.appendChild(Object.assign(document.createElement("span"), { className: "matrix-days" }));
      told.textContent = said(days);
      told.style.left = element.style.left;
      told.style.top = `${top(bubble.y) - element.offsetHeight / 2 - 4}px`;
      tell();
    };
    const rest = () => { told?.remove(); told = null; delete element.dataset.moving; };
    tell();

    element.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { location.href = bubble.url; return; }
      const way = KEYS[event.key];
      const value = event.key === "Home" || event.key === "Delete" ? null
        : event.key === "End" ? most : way && next(days, way, most);
      if (value === undefined) return;
      event.preventDefault();
      stand(value);
      clearTimeout(timer);
      timer = setTimeout(() => { rest(); save(bubble, days, element.id); }, PAUSE_MS);
    });
    element.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      from = event.clientX;
      moved = false;
      element.setPointerCapture(event.pointerId);
    });
    element.addEventListener("pointermove", (event) => {
      if (from === null) return;
      if (!moved && Math.abs(event.clientX - from) < MOVED_PX) return;
      moved = true;
      element.dataset.moving = "";
      const at = event.clientX - plot.getBoundingClientRect().left - axes().xaxis._offset;
      const [low, high] = axes().xaxis.range;
      const x = Math.min(high, Math.max(low, axes().xaxis.p2d(at)));
      stand(rounded(x, most), x);
    });
    const drop = () => {
      if (from === null) return;
      from = null;
      rest();
      if (moved) save(bubble, days, element.id);
    };
    element.addEventListener("pointerup", drop);
    element.addEventListener("pointercancel", () => { days = bubble.effort; drop(); show(); });
    element.addEventListener("click", () => { if (!moved) location.href = bubble.url; });
  }

  // A name stands beside its bubble where it covers no other bubble and no other name.
  function names() {
    if (place.clientWidth < NAMES_FROM_PX) return;
    const taken = bubbles.map((b) => {
      const r = Math.max(24, b.size) / 2;
      return [left(b.x) - r, top(b.y) - r, left(b.x) + r, top(b.y) + r];
    });
    const free = (box) => box[0] > axes().xaxis._offset && box[2] < place.clientWidth
      && taken.every((t) => box[0] > t[2] || box[2] < t[0] || box[1] > t[3] || box[3] < t[1]);
    for (const bubble of bubbles) {
      const name = Object.assign(document.createElement("span"), { className: "matrix-name" });
      name.textContent = bubble.name;
      name.ariaHidden = "true";
      place.append(name);
      const r = Math.max(24, bubble.size) / 2 + 4;
      const [w, h, x, y] = [name.offsetWidth, name.offsetHeight, left(bubble.x), top(bubble.y)];
      const start = [x + r, x - r - w].find((at) => free([at, y - h / 2, at + w, y + h / 2]));
      if (start === undefined) { name.remove(); continue; }
      taken.push([start, y - h / 2, start + w, y + h / 2]);
      name.style.left = `${start}px`;
      name.style.top = `${y}px`;
    }
  }

  function show() {
    const focused = document.activeElement?.id;
    for (const old of place.querySelectorAll(".matrix-bubble, .matrix-name, .matrix-days")) old.remove();
    // From left to right and from the top, as one would read them.
    const ordered = [...bubbles].sort((a, b) => b.y - a.y);
    place.append(...ordered.map(hand));
    names();
    const wanted = sessionStorage.getItem("matrix-focus") ?? focused;
    sessionStorage.removeItem("matrix-focus");
    if (wanted?.startsWith("bubble-")) document.getElementById(wanted)?.focus();
  }

  const box = place.closest("[data-figure]");
  box.addEventListener("touchline:drawn", show);
  return () => { clearTimeout(timer); box.removeEventListener("touchline:drawn", show); };
});

connectAll();

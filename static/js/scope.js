// [data-numbers]: a page whose numbers come without the rest of it. Another scope (the filter form,
// a preset, a chip, back and forward) asks that address for the parts that are another then, puts
// the new scope into the page's address and into the links that carry it ([data-scoped]), and says
// in this element what came. Where the numbers have no place here, the page is loaded as a whole.
// What came since, told by [data-live], is shown too, if it has its place here. A [data-part] that
// is out of sight is not asked for until it comes into sight; till then it is [data-late].
import { behaviour } from "touchline/behaviour";
import { whileInSight } from "touchline/live";

const PAUSE_MS = 3000; // while evidence comes item by item, not for each of them
const SCOPE = ["since", "until", "channel", "segment", "unit"];

function carry(query) {
  for (const link of document.querySelectorAll("a[data-scoped], [data-scoped] a")) {
    const url = new URL(link.href);
    for (const name of SCOPE) {
      url.searchParams.delete(name);
      for (const value of query.getAll(name)) url.searchParams.append(name, value);
    }
    link.href = url.href;
  }
}

function fill(form, query) {
  for (const field of form.elements) {
    if (!SCOPE.includes(field.name)) continue;
    if (field.type === "checkbox") field.checked = query.getAll(field.name).includes(field.value);
    else field.value = query.get(field.name) ?? "";
  }
}

const isInSight = (part) => part.getClientRects().length > 0;

behaviour("[data-numbers]", (said) => {
  const bar = document.querySelector(".scope");
  const form = bar?.querySelector("form");
  if (!form) return undefined;
  let shown = location.search;
  let wanted = shown;
  let isAsked = true;
  let timer = 0;
  let coming = []; // the parts that were asked for last
  const parts = [...document.querySelectorAll("[data-part]")];

  async function show(search, isNew, headers = {}) {
    wanted = search;
    isAsked = !headers["X-Live"];
    const chip = document.activeElement?.closest("#scope-active");
    const asked = parts.filter(isInSight);
    coming = asked;
    const inSight = { "X-In-Sight": asked.map((part) => part.dataset.part).join(" ") };
    try {
      await window.htmx.ajax("GET", said.dataset.numbers + search, { source: said, target: said, headers: { ...headers, ...inSight } });
    } catch { return; }
    if (wanted !== search || !arrived) return;
    shown = search;
    for (const part of parts) part.toggleAttribute("data-late", !asked.includes(part));
    if (isNew) history.pushState({}, "", location.pathname + search);
    const query = new URLSearchParams(search);
    if (isAsked) fill(form, query); // else somebody may be writing in it
    carry(query);
    if (chip && document.activeElement === document.body) {
      [...bar.querySelectorAll("summary")].find((each) => each.offsetParent)?.focus();
    }
    for (const box of document.querySelectorAll("[data-figure]")) {
      box.dispatchEvent(new CustomEvent("touchline:numbers"));
    }
  }

  let arrived = false;
  said.addEventListener("htmx:beforeRequest", () => { arrived = false; });
  said.addEventListener("htmx:afterSwap", () => { arrived = true; });
  for (const failed of ["htmx:responseError", "htmx:sendError"]) {
    said.addEventListener(failed, () => { if (isAsked) location.assign(location.pathname + wanted); });
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const query = new URLSearchParams(new FormData(form)).toString();
    show(query && `?${query}`, true);
  });
  bar.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='?']");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    show(link.search, true);
  });
  const moved = () => { if (location.search !== shown) show(location.search, false); };
  addEventListener("popstate", moved);
  const look = () => {
    clearTimeout(timer);
    timer = setTimeout(() => show(shown, false, { "X-Live": "1" }), PAUSE_MS);
  };
  const sized = new ResizeObserver(() => {
    const isMissing = (part) => part.hasAttribute("data-late") && isInSight(part);
    if (parts.some((part) => isMissing(part) && !coming.includes(part))) show(shown, false);
  });
  for (const part of parts) sized.observe(part);
  const leave = whileInSight(said.dataset.live, "changed", look, look);
  return () => {
    leave();
    sized.disconnect();
    clearTimeout(timer);
    removeEventListener("popstate", moved);
  };
});

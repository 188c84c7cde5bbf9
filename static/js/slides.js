// Slides of a map: arrows, space, Home, End, Escape; swiping is the strip's own scrolling. A slide's
// writing is made as large as the window lets it be.
const strip = document.getElementById("slides");
const slides = [...strip.querySelectorAll("[data-slide]")];
const steps = [...document.querySelectorAll(".slides-steps a")];
const count = document.querySelector(".slides-count");
const does = (name) => document.querySelector(`[data-does="${name}"]`);
const still = matchMedia("(prefers-reduced-motion: reduce)");
const narrow = matchMedia("(max-width: 45rem)");
const SMALLEST = 0.6;
const LARGEST = 1.7;
const SETTLE_MS = 120;
let current = 0;
let settling = 0;

function go(to, smooth = !still.matches) {
  show(Math.max(0, Math.min(slides.length - 1, to)));
  strip.scrollTo({ left: slides[current].offsetLeft - strip.offsetLeft, behavior: smooth ? "smooth" : "instant" });
}

function show(index) {
  current = index;
  slides.forEach((slide, i) => { slide.inert = i !== index; });
  steps.forEach((step, i) => {
    step.toggleAttribute("data-done", i < index);
    if (i === index) step.setAttribute("aria-current", "step");
    else step.removeAttribute("aria-current");
  });
  count.textContent = `${index + 1} / ${slides.length}`;
  does("back").disabled = index === 0;
  does("on").disabled = index === slides.length - 1;
  history.replaceState(null, "", `#slide-${index + 1}`);
  for (const slide of slides) fit(slide);
}

// The largest size at which the slide needs no scrolling, within what can be read.
function fit(slide) {
  const body = slide.firstElementChild;
  const told = `${innerWidth} ${innerHeight} ${body.scrollHeight}`;
  if (slide.fitted === told) return;
  if (narrow.matches || slide.matches(".slide-cover")) {
    body.style.removeProperty("--fit");
    return reach(slide);
  }
  let low = SMALLEST;
  let high = Math.min(LARGEST, Math.max(1, innerWidth / 800));
  const fits = (size) => {
    body.style.setProperty("--fit", size.toFixed(3));
    return slide.scrollHeight <= slide.clientHeight && slide.scrollWidth <= slide.clientWidth;
  };
  if (!fits(high)) {
    for (let i = 0; i < 6; i += 1) {
      const middle = (low + high) / 2;
      if (fits(middle)) low = middle;
      else high = middle;
    }
    fits(low);
  }
  reach(slide);
  slide.fitted = `${innerWidth} ${innerHeight} ${body.scrollHeight}`;
}

// What does not fit all the same is scrolled, also by the keyboard.
function reach(slide) {
  if (slide.scrollHeight > slide.clientHeight) slide.tabIndex = 0;
  else slide.removeAttribute("tabindex");
}

function leave() {
  location.assign(strip.dataset.leave);
}

function toggleNotes() {
  const button = does("notes");
  if (!button) return;
  const on = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(on));
  for (const notes of document.querySelectorAll("[data-notes]")) notes.hidden = !on;
  fit(slides[current]);
}

function toggleFull() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.();
}

// Down the slide first, where it is longer than the window.
function onward() {
  const slide = slides[current];
  if (slide.scrollTop + slide.clientHeight < slide.scrollHeight - 4) {
    slide.scrollBy({ top: slide.clientHeight * 0.9, behavior: still.matches ? "instant" : "smooth" });
  } else go(current + 1);
}

const KEYS = {
  ArrowRight: () => go(current + 1),
  ArrowLeft: () => go(current - 1),
  ArrowDown: () => slides[current].scrollBy({ top: 80 }),
  ArrowUp: () => slides[current].scrollBy({ top: -80 }),
  PageDown: onward,
  PageUp: () => go(current - 1),
  " ": onward,
  Home: () => go(0),
  End: () => go(slides.length - 1),
  Escape: leave,
};
const LETTERS = { n: toggleNotes, f: toggleFull };

function lettersOn() {
  try {
    return localStorage.getItem("letters") !== "off";
  } catch {
    return true;
  }
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === " " && event.target.closest("a, button")) return;
  if (event.key === " " && event.shiftKey) {
    event.preventDefault();
    return go(current - 1);
  }
  const act = KEYS[event.key] ?? (lettersOn() ? LETTERS[event.key.toLowerCase()] : null);
  if (!act) return;
  event.preventDefault();
  act();
});

// After a swipe, the slide that has come to rest.
strip.addEventListener("scroll", () => {
  clearTimeout(settling);
  settling = setTimeout(() => {
    const at = Math.round(strip.scrollLeft / strip.clientWidth);
    if (at !== current && slides[at]) show(at);
  }, SETTLE_MS);
}, { passive: true });

addEventListener("resize", () => go(current, false));
addEventListener("hashchange", () => go(fromAddress()));
document.addEventListener("click", (event) => {
  const step = event.target.closest(".slides-steps a");
  if (!step) return;
  event.preventDefault();
  go(steps.indexOf(step));
});
does("back").addEventListener("click", () => go(current - 1));
does("on").addEventListener("click", () => go(current + 1));
if (does("full") && document.fullscreenEnabled) {
  does("full").hidden = false;
  does("full").addEventListener("click", toggleFull);
}
if (does("notes") && document.querySelector("[data-notes]")) {
  does("notes").hidden = false;
  does("notes").addEventListener("click", toggleNotes);
}

function fromAddress() {
  const found = slides.findIndex((slide) => `#${slide.id}` === location.hash);
  return found < 0 ? 0 : found;
}

go(fromAddress(), false);
strip.focus({ preventScroll: true });
document.documentElement.dataset.ready = "";

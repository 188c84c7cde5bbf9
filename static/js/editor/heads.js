// The heads of stages, steps and lanes.
import { element, icon } from "touchline/editor/reconcile";
import { say, sayCount } from "touchline/editor/words";

export function makeStage({ stage }) {
  const node = element("div", "ed-stage", { role: "columnheader", tabindex: "-1" });
  node.at = { kind: "stage", id: stage.id };
  node.name = element("span", "ed-name");
  node.toggle = button("collapse", "ed-tool ed-collapse");
  node.append(element("span", "ed-stage-in"));
  node.firstChild.append(node.toggle, node.name);
  node.add = button("add-step", "ed-tool ed-hover", "plus");
  node.append(node.add);
  return node;
}

export function drawStage(node, { stage, steps, columns, isCollapsed }) {
  const same = node.stage === stage && node.span === columns.length && node.isCollapsed === isCollapsed && node.steps === steps.length;
  if (same) return;
  Object.assign(node, { stage, span: columns.length, isCollapsed, steps: steps.length });
  node.style.setProperty("--span", columns.length);
  node.classList.toggle("ed-collapsed", isCollapsed);
  node.setAttribute("aria-colspan", columns.length);
  write(node.name, stage.name ?? stage.id);
  node.title = isCollapsed ? `${stage.name ?? stage.id} · ${sayCount("steps", steps.length)}` : "";
  node.toggle.replaceChildren(icon(isCollapsed ? "chevron-right" : "chevron-down"));
  node.toggle.setAttribute("aria-expanded", String(!isCollapsed));
  node.toggle.setAttribute("aria-label", say(isCollapsed ? "expand" : "collapse", { name: stage.name ?? stage.id }));
  node.add.setAttribute("aria-label", say("add_step_to", { name: stage.name ?? stage.id }));
}

export function makeColumn(column) {
  const node = element("div", "ed-step", { role: "columnheader" });
  if (!column.step) return node;
  node.tabIndex = -1;
  node.at = { kind: "step", id: column.step.id };
  node.name = element("span", "ed-name");
  node.points = element("span", "ed-touchpoints");
  node.append(node.name, node.points);
  return node;
}

export function drawColumn(node, column, page) {
  node.classList.toggle("ed-collapsed", column.isCollapsed);
  node.classList.toggle("ed-last", column.isLast);
  if (!column.step) {
    if (!column.isCollapsed && !node.firstChild) {
      const add = button("add-step", "button button-small button-quiet", "plus");
      add.append(say("add_step"));
      add.dataset.stage = column.stage.id;
      node.append(add);
    }
    return;
  }
  const { step } = column;
  if (node.step === step && node.library === page.libraryVersion) return;
  Object.assign(node, { step, library: page.libraryVersion });
  write(node.name, step.name ?? step.id);
  node.title = step.description ?? "";
  const chips = (step.touchpoints ?? []).map((code) => touchpoint(page.touchpoint(code)));
  if (step.opens) chips.push(opening(step.opens, page));
  node.points.replaceChildren(...chips);
}

// The journey that a step is: a way there, or only its name where it is not there.
function opening(slug, page) {
  const name = page.journeys[slug];
  const href = page.urls.journey.replace("__slug__", encodeURIComponent(slug));
  const opens = name === undefined ? element("span", "ed-opens") : element("a", "ed-opens", { href, tabindex: "-1" });
  opens.title = say("opens", { name: name ?? slug });
  opens.append(icon("arrow-right"), name ?? slug);
  return opens;
}

export function touchpoint({ name, kind }) {
  const chip = element("span", "ed-touchpoint", { title: name });
  const words = element("span");
  words.textContent = name;
  chip.append(icon(`channel-${kind || "none"}`), words);
  return chip;
}

export function makeLane(lane) {
  const node = element("div", "ed-lane", { role: "rowheader", tabindex: "-1" });
  node.at = { kind: "lane", id: lane.id };
  node.name = element("span", "ed-name");
  node.kind = element("span", "ed-kind");
  node.append(node.name, node.kind, element("span", "ed-edge", { "aria-hidden": "true", title: say("height") }));
  return node;
}

export function drawLane(node, lane, page) {
  if (node.lane === lane) return;
  node.lane = lane;
  write(node.name, lane.name ?? lane.id);
  const kind = page.kinds[lane.kind];
  const told = [kind === lane.name ? "" : kind, lane.hidden ? say("hidden") : ""].filter(Boolean).join(" · ");
  node.kind.replaceChildren(...(told ? [icon(`lane-${lane.kind}`), told] : []));
}

function write(node, text) {
  if (!node.querySelector(".ed-input")) node.textContent = text;
  else node.dataset.was = text;
}

function button(does, className, iconName = "") {
  const made = element("button", className, { type: "button", tabindex: "-1", "data-does": does });
  if (iconName) made.append(icon(iconName));
  return made;
}

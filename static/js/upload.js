// form[data-upload]: refuses a file over data-limit before sending it, and shows how far it is.
// Without this script the form sends itself.
import { behaviour } from "touchline/behaviour";
import { toast } from "touchline/toast";
import { lang } from "touchline/words";

behaviour("form[data-upload]", (form) => {
  const input = form.querySelector("input[type=file]");
  const box = form.querySelector("[data-upload-progress]");
  const bar = box.querySelector("[role=progressbar]");
  const count = box.querySelector("[data-upload-count]");
  const percent = new Intl.NumberFormat(lang, { style: "percent" });

  function draw(share) {
    bar.firstElementChild.style.setProperty("--done", `${100 * share}%`);
    bar.setAttribute("aria-valuenow", Math.round(100 * share));
    count.textContent = percent.format(share);
    // All is sent; the server now looks at the file.
    bar.toggleAttribute("data-unknown", share === 1);
  }

  function show(request) {
    // The answer is the next page, or this one with what is wrong.
    if (request.responseURL !== location.href) return location.assign(request.responseURL);
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    document.querySelector("main").replaceWith(page.querySelector("main"));
    document.querySelector("main [role=alert]")?.scrollIntoView({ block: "nearest" });
    window.htmx?.process(document.querySelector("main"));
    return undefined;
  }

  function send(event) {
    const file = input.files[0];
    if (!file) return;
    event.preventDefault();
    if (file.size > Number(form.dataset.limit)) {
      toast(form.dataset.tooBig, "warning");
      return;
    }
    const request = new XMLHttpRequest();
    request.open("POST", location.href);
    request.upload.addEventListener("progress", (at) => at.total && draw(at.loaded / at.total));
    request.addEventListener("load", () => show(request));
    request.addEventListener("error", () => form.submit());
    request.send(new FormData(form));
    box.hidden = false;
    form.querySelector("button").disabled = true;
  }

  form.addEventListener("submit", send);
  return () => form.removeEventListener("submit", send);
});

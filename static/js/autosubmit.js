// form[data-autosubmit]: sends itself on a change; empty fields stay out of the address.
import { behaviour } from "touchline/behaviour";

const PAUSE_MS = 350;

behaviour("form[data-autosubmit]", (form) => {
  let timer = 0;
  const button = form.querySelector("[data-autosubmit-button]");
  if (button) button.hidden = true;

  form.addEventListener("change", (event) => {
    // A half-typed date is not valid yet; wait for the whole of it.
    if (event.target.type === "date" && event.target.validity.badInput) return;
    clearTimeout(timer);
    timer = setTimeout(() => form.requestSubmit(), PAUSE_MS);
  });
  form.addEventListener("formdata", (event) => {
    if (form.method !== "get") return;
    for (const [name, value] of [...event.formData]) {
      if (value === "" && event.formData.getAll(name).every((each) => each === "")) {
        event.formData.delete(name);
      }
    }
  });
  return () => clearTimeout(timer);
});

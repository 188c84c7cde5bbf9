// .dropzone around an <input type="file">: drag a file in or choose one; [data-dropzone-name]
// shows its name and size; data-dropzone-submit sends the form at once.
import { behaviour } from "touchline/behaviour";
import { toast } from "touchline/toast";
import { size, word } from "touchline/words";

function fits(file, accept) {
  const kinds = accept.split(",").map((kind) => kind.trim().toLowerCase()).filter(Boolean);
  return !kinds.length || kinds.some((kind) => (
    kind.startsWith(".") ? file.name.toLowerCase().endsWith(kind) : file.type === kind
  ));
}

behaviour("[data-dropzone]", (zone) => {
  const input = zone.querySelector("input[type=file]");
  const name = zone.querySelector("[data-dropzone-name]");

  const show = () => {
    const file = input.files[0];
    if (!file) return;
    if (name) name.textContent = `${file.name} · ${size(file.size)}`;
    if (zone.hasAttribute("data-dropzone-submit")) input.form.requestSubmit();
  };

  input.addEventListener("change", show);
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.dataset.over = "";
  });
  zone.addEventListener("dragleave", (event) => {
    if (!zone.contains(event.relatedTarget)) delete zone.dataset.over;
  });
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    delete zone.dataset.over;
    const files = event.dataTransfer.files;
    if (files.length > 1 && !input.multiple) return toast(word("one_file"), "warning");
    if (!files.length) return undefined;
    if (!fits(files[0], input.accept)) {
      return toast(word("wrong_file", { expected: input.accept, name: files[0].name }), "warning");
    }
    input.files = files;
    return show();
  });
});

// form[data-upload]: sends the chosen file piece by piece (tus), so that a broken connection costs
// at most a piece: it tries again by itself, and the same file chosen later, also after a reload,
// goes on where it stopped. Without this script the form sends itself.
import { behaviour } from "touchline/behaviour";
import { toast } from "touchline/toast";
import { csrfToken, lang, size, timeLeft, word } from "touchline/words";

const PIECE = 8 * 2 ** 20;
const WAITS_S = [1, 2, 4, 8, 15, 30];
const RATE_OVER_MS = 10_000;

class Stopped extends Error {}
class Refused extends Error {}
class Lost extends Error {}

function base64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

function ask(method, url, { headers = {}, body = null, onProgress = null, signal = null } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    const all = { "X-CSRFToken": csrfToken(), "Tus-Resumable": "1.0.0", ...headers };
    for (const [name, value] of Object.entries(all)) request.setRequestHeader(name, value);
    if (onProgress) request.upload.addEventListener("progress", (at) => onProgress(at.loaded));
    request.addEventListener("load", () => resolve(request));
    request.addEventListener("error", () => reject(new Lost()));
    request.addEventListener("abort", () => reject(new Stopped()));
    signal?.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}

function reason(request, fallback) {
  try {
    return JSON.parse(request.responseText).error || fallback;
  } catch {
    return fallback;
  }
}

behaviour("form[data-upload]", (form) => {
  const input = form.querySelector("input[type=file]");
  const box = form.querySelector("[data-upload-progress]");
  const part = (name) => form.querySelector(`[data-upload-${name}]`);
  const bar = box.querySelector("[role=progressbar]");
  const percent = new Intl.NumberFormat(lang, { style: "percent" });
  const says = form.dataset;
  let going = null; // {file, beginning, url, control, steps}

  function draw(done) {
    const { file, steps } = going;
    const share = Math.min(1, done / file.size);
    bar.firstElementChild.style.setProperty("--done", `${100 * share}%`);
    bar.setAttribute("aria-valuenow", Math.round(100 * share));
    part("count").textContent = [
      word("of_total", { done: size(done), total: size(file.size), unit: "" }).trim(),
      percent.format(share),
    ].join(" · ");
    const now = performance.now();
    steps.push([now, done]);
    while (now - steps[0][0] > RATE_OVER_MS) steps.shift();
    const seconds = (now - steps[0][0]) / 1000;
    const rate = seconds > 0.5 ? (done - steps[0][1]) / seconds : 0;
    part("rate").textContent = rate > 0 ? [
      word("per_second", { rate: size(rate) }),
      word("left", { time: timeLeft((file.size - done) / rate) }),
    ].join(" · ") : "";
  }

  function say(text, unknown = false) {
    part("words").textContent = text;
    bar.toggleAttribute("data-unknown", unknown);
    if (unknown) part("rate").textContent = "";
  }

  function show(sending) {
    box.hidden = !sending;
    input.disabled = sending;
    part("send").hidden = sending;
    part("pause").hidden = !sending;
    part("pause").textContent = says.pause;
    part("cancel").hidden = !sending;
    part("back").hidden = sending;
    part("error").hidden = true;
  }

  function fail(sentence) {
    going = null;
    show(false);
    part("error").hidden = false;
    part("error-words").textContent = sentence;
    part("error").scrollIntoView({ block: "nearest" });
  }

  async function begin(mine) {
    const { file } = mine;
    mine.beginning = ask("POST", says.uploads, {
      headers: {
        "Upload-Length": file.size,
        "Upload-Metadata": `filename ${base64(file.name)},mark ${base64(`${file.lastModified}`)}`,
      },
    });
    const answer = await mine.beginning;
    if (answer.status !== 201) throw new Refused(reason(answer, says.failed));
    mine.url = answer.getResponseHeader("Location");
    return Number(answer.getResponseHeader("Upload-Offset"));
  }

  async function whereItIs() {
    const answer = await ask("HEAD", going.url);
    if (answer.status === 404) return begin(going); // swept, or thrown away elsewhere
    if (answer.status >= 500) throw new Lost();
    const told = answer.getResponseHeader("Upload-Offset");
    if (told === null) throw new Refused(says.signedOut);
    return Number(told);
  }

  async function sendPiece(offset) {
    const { file, url, control } = going;
    const answer = await ask("PATCH", url, {
      headers: { "Upload-Offset": offset, "Content-Type": "application/offset+octet-stream" },
      body: file.slice(offset, offset + PIECE),
      onProgress: (sent) => going && draw(offset + sent),
      signal: control.signal,
    });
    if ([204, 409].includes(answer.status)) {
      return Number(answer.getResponseHeader("Upload-Offset"));
    }
    if (answer.status === 507) throw new Refused(reason(answer, says.failed));
    throw new Lost();
  }

  async function sendAll() {
    const mine = going;
    const { file, control } = mine;
    // Paused or cancelled while the server was asked something: its answer starts nothing.
    const goOn = () => { if (control.signal.aborted) throw new Stopped(); };
    let tries = 0;
    let offset = going.url ? await retried(whereItIs) : await retried(() => begin(mine));
    goOn();
    going.steps = [];
    draw(offset);
    while (offset < file.size) {
      goOn();
      say(says.sending);
      try {
        offset = await sendPiece(offset);
        tries = 0;
      } catch (error) {
        if (!(error instanceof Lost)) throw error;
        await waitForConnection(tries);
        tries += 1;
        offset = await retried(whereItIs);
        goOn();
        going.steps = [];
      }
      goOn();
      draw(offset);
    }
    return finish();
  }

  async function retried(work) {
    for (let tries = 0; ; tries += 1) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof Lost)) throw error;
        await waitForConnection(tries);
      }
    }
  }

  function waitForConnection(tries) {
    say(says.lost, true);
    const { signal } = going.control;
    return new Promise((resolve, reject) => {
      const seconds = WAITS_S[Math.min(tries, WAITS_S.length - 1)];
      const timer = setTimeout(resolve, 1000 * seconds);
      addEventListener("online", resolve, { once: true });
      signal.addEventListener("abort", () => { clearTimeout(timer); reject(new Stopped()); });
    });
  }

  async function finish() {
    say(says.looking, true);
    part("pause").hidden = true;
    const answer = await ask("POST", `${going.url}finish/`);
    if (answer.status !== 201) throw new Refused(reason(answer, says.failed));
    location.assign(JSON.parse(answer.responseText).url);
  }

  async function run() {
    going.control = new AbortController();
    part("pause").textContent = says.pause;
    try {
      await sendAll();
    } catch (error) {
      if (error instanceof Stopped) return;
      fail(error instanceof Refused ? error.message : says.failed);
    }
  }

  function send(event) {
    const file = input.files[0];
    if (!file) return;
    event.preventDefault();
    if (file.size > Number(says.limit)) return void toast(says.tooBig, "warning");
    if (!file.size) return void fail(says.empty);
    going = { file, beginning: null, url: null, control: null, steps: [] };
    show(true);
    part("pause").focus();
    say(says.sending);
    run();
  }

  function pause() {
    if (going.control.signal.aborted) return void run();
    going.control.abort();
    part("pause").textContent = says.goOn;
    part("rate").textContent = "";
    say(says.paused);
  }

  async function cancel() {
    const mine = going;
    going = null;
    mine.control.abort();
    show(false);
    input.focus();
    try {
      await mine.beginning?.catch(() => {}); // the server may be about to know of it
      if (mine.url) await ask("DELETE", mine.url);
      toast(says.cancelled);
    } catch { /* it is swept some day */ }
  }

  form.addEventListener("submit", send);
  part("pause").addEventListener("click", pause);
  part("cancel").addEventListener("click", cancel);
  return () => {
    form.removeEventListener("submit", send);
    going?.control.abort();
  };
});

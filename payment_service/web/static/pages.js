// Conveniences only: every page works without this file.
"use strict";

const WAIT_MAX_SECONDS = 60;

function showScriptParts(root) {
  for (const part of root.querySelectorAll(".script-only")) part.hidden = false;
}

async function copyText(button) {
  const value = button.dataset.copy;
  try {
    await navigator.clipboard.writeText(value);
  } catch {
    // Without permission, the text is at least selected for the person to copy.
    const range = document.createRange();
    range.selectNodeContents(button.parentElement.querySelector(".code"));
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return;
  }
  const words = button.textContent;
  button.textContent = button.dataset.copied;
  setTimeout(() => { button.textContent = words; }, 2000);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-copy]");
  if (button) copyText(button);
});

function swap(id, parsed) {
  const shown = document.getElementById(id);
  const fresh = parsed.getElementById(id);
  if (!shown || !fresh) return;
  showScriptParts(fresh);
  if (shown.innerHTML === fresh.innerHTML) return;
  // The element itself stays, so that screen readers notice the change in a region they know.
  shown.replaceChildren(...fresh.childNodes);
  for (const { name, value } of fresh.attributes) shown.setAttribute(name, value);
}

function follow(area) {
  const state = () => document.getElementById("state");
  const offline = document.getElementById("offline");
  const transfer = document.getElementById("transfer");
  let tag = "";
  let failures = 0;

  async function look() {
    try {
      const headers = tag ? { "If-None-Match": tag } : {};
      const answer = await fetch(area.dataset.follow, { headers, cache: "no-store" });
      if (answer.status === 200) {
        tag = answer.headers.get("ETag") || "";
        const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
        swap("state", parsed);
        swap("ways", parsed);
        document.title = state().dataset.title;
        // What was ordered is shown only as long as just that is still open.
        const open = parsed.getElementById("ways").dataset.open;
        if (transfer && transfer.dataset.asks !== open) transfer.remove();
        if (state().dataset.received) document.getElementById("came-back")?.remove();
      } else if (answer.status !== 304) {
        throw new Error(String(answer.status));
      }
      failures = 0;
    } catch {
      failures += 1;
    }
    offline.hidden = failures < 2;
    plan();
  }

  function plan() {
    if (state().dataset.finished) return;
    const seconds = Math.min(Number(area.dataset.seconds) * 2 ** failures, WAIT_MAX_SECONDS);
    setTimeout(() => (document.hidden ? plan() : look()), seconds * 1000);
  }

  // What a gateway added to the address is not ours to keep or to bookmark.
  if (new URLSearchParams(location.search).has("from")) history.replaceState(null, "", area.dataset.home);
  plan();
}

showScriptParts(document);
const changing = document.getElementById("changing");
if (changing) follow(changing);

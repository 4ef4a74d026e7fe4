// The search of the reference: without a server, without a network. The index is a script, loaded when it is first
// needed, because pages that are opened as files may not fetch anything.
"use strict";

const form = document.querySelector("form.search");
const input = form.querySelector("input");
const found = document.getElementById("found");
const most = 30;
let entries = null;

// Called by search-index.js.
window.searchIndex = (loaded) => {
  entries = loaded.map(([title, address, kind, text]) =>
    ({ title, address, kind, text, lower: title.toLowerCase(), all: `${title} ${kind} ${text}`.toLowerCase() }));
  show();
};

function load() {
  if (load.asked) return;
  load.asked = true;
  const script = document.createElement("script");
  script.src = form.dataset.root + "search-index.js";
  document.head.append(script);
}

// The lower, the better: the whole name, its beginning, a part of it, a part of the text.
function rank(entry, words, query, written) {
  if (!words.every((word) => entry.all.includes(word))) return Infinity;
  const page = entry.address.includes("#") ? 0.5 : 0;
  if (entry.title === written) return page - 1;
  if (entry.lower === query) return page;
  if (entry.lower.startsWith(query)) return 1 + page;
  if (entry.lower.includes(query)) return 2 + page;
  return (words.some((word) => entry.lower.includes(word)) ? 3 : 4) + page;
}

function line(entry) {
  const link = document.createElement("a");
  link.href = form.dataset.root + entry.address;
  const title = document.createElement("b");
  title.textContent = entry.title;
  link.append(title);
  if (entry.kind) {
    const kind = document.createElement("span");
    kind.textContent = entry.kind;
    link.append(" ", kind);
  }
  if (entry.text) {
    const text = document.createElement("small");
    text.textContent = entry.text;
    link.append(text);
  }
  const item = document.createElement("li");
  item.append(link);
  return item;
}

function show() {
  const written = input.value.trim();
  const query = written.toLowerCase();
  found.hidden = !query || !entries;
  if (found.hidden) return;
  const words = query.split(/\s+/);
  const hits = entries.map((entry) => [rank(entry, words, query, written), entry])
    .filter(([order]) => order < Infinity)
    .sort((left, right) => left[0] - right[0] || left[1].title.length - right[1].title.length);
  const list = document.createElement("ul");
  list.append(...hits.slice(0, most).map(([, entry]) => line(entry)));
  const note = document.createElement("p");
  note.textContent = hits.length ? `${hits.length} found` : "Nothing found";
  found.replaceChildren(note, list);
}

// The arrow keys go through the results.
function move(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || found.hidden) return;
  const stops = [input, ...found.querySelectorAll("a")];
  const next = stops[stops.indexOf(document.activeElement) + step];
  if (next) next.focus();
  event.preventDefault();
}

form.hidden = false;
input.addEventListener("focus", load);
input.addEventListener("input", () => { load(); show(); });
form.addEventListener("keydown", move);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const first = found.querySelector("a");
  if (first && !found.hidden) location.href = first.href;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") found.hidden = true;
  const typing = event.target.closest("input, textarea, [contenteditable]");
  if (event.key === "/" && !typing) {
    event.preventDefault();
    input.focus();
  }
});
document.addEventListener("click", (event) => {
  if (!form.contains(event.target)) found.hidden = true;
});

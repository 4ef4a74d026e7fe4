// Copy buttons. Without this script they stay hidden, and the text is selected and copied by hand.
const status = document.getElementById("copy-status");

function select(source) {
  if (source instanceof HTMLInputElement) {
    source.focus();
    source.select();
  } else {
    getSelection().selectAllChildren(source);
  }
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(source.value ?? source.textContent);
    button.textContent = "Copied";
    status.textContent = "Copied to the clipboard.";
  } catch {
    // No permission, or a page without TLS: the browser's own copying still works on the selection.
    select(source);
    button.textContent = "Selected";
    status.textContent = "Selected. Copy it with your browser's own command.";
  }
  setTimeout(() => {
    button.textContent = label;
    status.textContent = "";
  }, 4000);
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}

for (const field of document.querySelectorAll("input[readonly]")) {
  field.addEventListener("focus", () => field.select());
}

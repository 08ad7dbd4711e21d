/* The one line above a page that the server writes: what came of what was pressed. */

const line = document.getElementById("said");

export function say(tone, text) {
  line.className = `message ${tone}`;
  line.setAttribute("role", tone === "bad" ? "alert" : "status");
  line.textContent = text;
  line.hidden = text === "";
  if (tone === "bad") line.scrollIntoView({ block: "nearest" });
}

/* To the line, where the button that was pressed is gone. */
export function focusSaid() {
  line.tabIndex = -1;
  line.focus();
}

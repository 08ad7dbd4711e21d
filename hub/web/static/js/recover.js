/* A recovery link: what stands after # is sent when the button is tapped, and never before. */

import { jsonPost } from "./footer.js";
import { t } from "./text.js";

const button = document.getElementById("recover");
const problem = document.getElementById("problem");
const token = decodeURIComponent(location.hash.slice(1));
history.replaceState(null, "", "/recover");

button.disabled = false;
button.addEventListener("click", async () => {
  problem.textContent = "";
  button.disabled = true;
  try {
    const response = await fetch("/api/recover", jsonPost({ token: token || "-" }));
    if (response.ok) return location.replace("/welcome");
    problem.textContent = (await response.json()).text;
  } catch {
    problem.textContent = t("ui.no_connection");
  }
  button.disabled = false;
  button.focus();
});

/* A recovery link: what stands after # is sent when the button is tapped, and never before. It leaves the
   address at once, and stays with this tab alone until it has been answered: a reload does not lose it. */

import { decoded } from "./address.js";
import { jsonPost } from "./footer.js";
import { t } from "./text.js";

const button = document.getElementById("recover");
const problem = document.getElementById("problem");
const KEPT = "varde-recovery";
const token = decoded(location.hash.slice(1)) || sessionStorage.getItem(KEPT);
if (token) sessionStorage.setItem(KEPT, token);
history.replaceState(null, "", "/recover");

button.disabled = false;
button.addEventListener("click", async () => {
  problem.textContent = "";
  button.disabled = true;
  try {
    const response = await fetch("/api/recover", jsonPost({ token: token || "-" }));
    if (response.status !== 429 && response.status < 500) sessionStorage.removeItem(KEPT);
    if (response.ok) return location.replace("/welcome");
    problem.textContent = (await response.json()).text;
  } catch {
    problem.textContent = t("ui.no_connection");
  }
  button.disabled = false;
  button.focus();
});

/* After the first sign-in: a passkey for the next time, or not now. */

import "./footer.js";
import { deviceName, hasPasskeys, isLost, makePasskey } from "./passkey.js";
import { t } from "./text.js";

const button = document.getElementById("make-passkey");
const problem = document.getElementById("problem");

if (!hasPasskeys) location.replace("/");

button.disabled = false;
button.addEventListener("click", async () => {
  problem.textContent = "";
  button.disabled = true;
  try {
    const response = await makePasskey(deviceName());
    if (response.ok) return location.replace("/");
    problem.textContent = (await response.json()).text;
  } catch (error) {
    problem.textContent = t(isLost(error) ? "ui.no_connection" : "ui.sign_in.no_passkey");
  }
  button.disabled = false;
  button.focus();
});

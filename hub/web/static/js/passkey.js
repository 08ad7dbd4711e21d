/* Passkeys: the browser's API speaks in buffers, ours in base64url. Not every browser that has
   passkeys has the conversions built in. */

import { jsonPost } from "./footer.js";

export const hasPasskeys = Boolean(window.PublicKeyCredential) && window.isSecureContext;

function octets(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (char) => char.charCodeAt(0));
}

function base64url(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

const ids = (listed = []) => listed.map((one) => ({ ...one, id: octets(one.id) }));

function asJson(credential) {
  const { response } = credential;
  const told = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) told[name] = base64url(response[name]);
  }
  return { id: credential.id, rawId: base64url(credential.rawId), type: credential.type, response: told };
}

/* Answers with a Response; a person who cancels makes it throw. */
const post = (path, body) => fetch(path, jsonPost(body));

export async function makePasskey(name) {
  const begun = await post("/api/passkeys/begin", {});
  if (!begun.ok) return begun;
  const { ticket, options } = await begun.json();
  const publicKey = {
    ...options,
    challenge: octets(options.challenge),
    user: { ...options.user, id: octets(options.user.id) },
    excludeCredentials: ids(options.excludeCredentials),
  };
  const credential = await navigator.credentials.create({ publicKey });
  return post("/api/passkeys", { ticket, credential: asJson(credential), name });
}

export async function usePasskey() {
  const begun = await post("/api/sign-in/passkey/begin", {});
  if (!begun.ok) return begun;
  const { ticket, options } = await begun.json();
  const publicKey = { ...options, challenge: octets(options.challenge), allowCredentials: ids(options.allowCredentials) };
  const credential = await navigator.credentials.get({ publicKey });
  return post("/api/sign-in/passkey", { ticket, credential: asJson(credential) });
}

/* Whether it was the connection; else the person, or the device, said no. */
export const isLost = (error) => error instanceof TypeError || error.code === DOMException.TIMEOUT_ERR;

/* What the passkey is called at first: the device's own word for itself. */
export const deviceName = () => navigator.userAgentData?.platform || navigator.platform || "?";

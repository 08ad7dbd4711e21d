/* Putting the app on the home screen: a button where the browser offers one, else how it is done. */

export const isInstalled = () => matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;
const isIos = () => /iPhone|iPad/.test(navigator.userAgent);
const box = document.getElementById("install");
const go = document.getElementById("install-go");
let offer = null;

const reveal = (id) => {
  const element = document.getElementById(id);
  if (element) element.hidden = false;
};

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer = event;
  if (go) go.hidden = false;
  const byMenu = document.getElementById("install-menu");
  if (byMenu) byMenu.hidden = true;
});

go?.addEventListener("click", async () => {
  await offer.prompt();
  const { outcome } = await offer.userChoice;
  if (outcome === "accepted") go.hidden = true;
});

if (box && !isInstalled()) {
  box.hidden = false;
  reveal(isIos() ? "install-ios" : "install-menu");
}

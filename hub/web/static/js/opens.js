/* A page elsewhere in a tab of its own, which learns nothing of ours: neither opener nor referrer. */

import { t } from "./text.js";

/* Opened at the click itself: a browser refuses it later. */
export function emptyTab() {
  const tab = window.open("", "_blank");
  if (tab) tab.opener = null;
  return tab;
}

/* Where the browser has opened no tab, a link stands beside what is said. */
export function show(tab, url, said) {
  if (tab) {
    tab.location.replace(url);
    return;
  }
  const link = document.createElement("a");
  Object.assign(link, { href: url, target: "_blank", rel: "noopener noreferrer", textContent: t("ui.look.link") });
  const line = document.createElement("p");
  line.append(t("ui.look.open"), " ", link);
  said.after(line);
}

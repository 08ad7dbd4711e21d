/* The way there, in the phone's own map. It is a link: nothing is sent before it is tapped. */

import { h, icon } from "./dom.js";
import { t } from "./text.js";

const { userAgent, maxTouchPoints } = navigator;
const isApple = /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
const isAndroid = /Android/.test(userAgent);

/* Apple: https://developer.apple.com/library/archive/featuredarticles/iPhoneURLScheme_Reference/MapLinks
   Android: geo: is RFC 5870, with `q` as https://developer.android.com/guide/components/intents-common#Maps */
function address(query, place) {
  const q = encodeURIComponent(query);
  if (isApple) return `https://maps.apple.com/?daddr=${q}`;
  if (isAndroid) return place ? `geo:${place.lat},${place.lon}?q=${q}` : `geo:0,0?q=${q}`;
  return place ? `https://www.openstreetmap.org/?mlat=${place.lat}&mlon=${place.lon}#map=17/${place.lat}/${place.lon}` : `https://www.openstreetmap.org/search?query=${q}`;
}

export const navigate = (query, place = null) =>
  h("a", { class: "act", href: address(query, place), target: "_blank", rel: "noopener noreferrer", "data-key": place ? "navigate-place" : "navigate" }, icon("car"), h("span", {}, t(place ? "ui.navigate.place" : "ui.navigate")));

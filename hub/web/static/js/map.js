/* The map of an open alarm: drawn when it is asked for, gone when the alarm is closed. Leaflet is
   fetched at the first opening; pictures come from the hub, and where there are none a plain grid with
   coordinates does. */

import { h } from "./dom.js";
import { navigate } from "./navigate.js";
import { getJson } from "./store.js";
import { t, timeOf } from "./text.js";

const FOLDER = "/static/vendor/leaflet";
const AGAIN_MS = 15000;
const ZOOM = 16;
const PLAIN = { min_zoom: 3, max_zoom: 18, bounds: null, attribution: "" };
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let loading = null;
let shown = null;
let changed = () => {};

function load(tag, attributes) {
  return new Promise((resolve, reject) => document.head.append(h(tag, { ...attributes, onload: resolve, onerror: reject })));
}

function leaflet() {
  loading ??= Promise.all([load("link", { rel: "stylesheet", href: `${FOLDER}/leaflet.css` }), load("script", { src: `${FOLDER}/leaflet.js` })]).catch((error) => {
    loading = null;
    throw error;
  });
  return loading;
}

/* Pictures as elements of our own, so that a missing one is a square of the grid. */
function layer(drawn) {
  const Pictures = L.GridLayer.extend({
    createTile({ z, x, y }, done) {
      const square = h("div", { class: "map-square" });
      if (drawn === PLAIN) {
        setTimeout(done);
        return square;
      }
      const end = () => done(null, square);
      square.append(h("img", { alt: "", src: `/api/tiles/${z}/${x}/${y}`, referrerpolicy: "no-referrer", onload: end, onerror: (event) => { event.target.remove(); end(); } }));
      return square;
    },
  });
  const bounds = drawn.bounds && [[drawn.bounds[1], drawn.bounds[0]], [drawn.bounds[3], drawn.bounds[2]]];
  return new Pictures({ minZoom: drawn.min_zoom, maxZoom: drawn.max_zoom, ...(bounds && { bounds }) });
}

const plainText = (text) => h("span", {}, text).innerHTML;

function make(box, drawn, place) {
  const still = { zoomAnimation: !calm.matches, fadeAnimation: !calm.matches, inertia: !calm.matches };
  const map = L.map(box, { zoomControl: false, attributionControl: false, preferCanvas: true, minZoom: drawn.min_zoom, maxZoom: drawn.max_zoom, ...still });
  map.setView([place.lat, place.lon], Math.min(ZOOM, drawn.max_zoom));
  layer(drawn).addTo(map);
  L.control.zoom({ zoomInTitle: t("ui.map.zoom_in"), zoomOutTitle: t("ui.map.zoom_out") }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  if (drawn.attribution) L.control.attribution({ prefix: false }).addAttribution(plainText(drawn.attribution)).addTo(map);
  return map;
}

function mark({ box, map, layers }, { lat, lon, accuracy_m }) {
  layers.splice(0).forEach((one) => one.remove());
  const color = getComputedStyle(box).getPropertyValue("--critical");
  if (accuracy_m) layers.push(L.circle([lat, lon], { radius: accuracy_m, color, weight: 1.5, fillOpacity: 0.14, interactive: false }).addTo(map));
  const here = L.divIcon({ className: "map-here", iconSize: [24, 24], html: "" });
  layers.push(L.marker([lat, lon], { icon: here, interactive: false, keyboard: false }).addTo(map));
}

const coordinates = ({ lat, lon }) => `${lat.toFixed(5)}, ${lon.toFixed(5)}`;

function caption({ place, drawn }) {
  const time = place.at ? timeOf(place.at) : "";
  const when = time && (place.accuracy_m ? t("ui.map.at", { time, accuracy: Math.round(place.accuracy_m) }) : t("ui.map.at_time", { time }));
  return [
    when && h("p", { role: "status" }, when),
    h("p", { class: "coordinates" }, coordinates(place)),
    drawn === PLAIN && h("p", { class: "soft" }, t("ui.map.plain")),
    navigate(coordinates(place), place),
  ];
}

async function place(one) {
  const { ok, body } = await getJson(`/api/alarms/${encodeURIComponent(one.id)}/position`);
  if (shown !== one) return false;
  if (!ok) {
    close();
    return false;
  }
  one.drawn = body.map ?? PLAIN;
  one.place = body.place;
  return true;
}

async function follow(one) {
  if (shown !== one || document.hidden) return;
  if (!one.box.isConnected) return close();
  if (!(await place(one).catch(() => false))) return;
  mark(one, one.place);
  one.caption.replaceChildren(...caption(one).filter(Boolean));
}

export async function open(id, listener) {
  close();
  changed = listener;
  const box = h("div", { class: "map", role: "region", "aria-label": t("ui.map.title") });
  const one = { id, box, caption: h("div", { class: "map-caption" }), layers: [], state: "loading" };
  shown = one;
  changed(id);
  try {
    const [found] = await Promise.all([place(one), leaflet()]);
    if (!found || shown !== one) return;
    one.state = "open";
    one.caption.replaceChildren(...caption(one).filter(Boolean));
    changed(id);
    one.map = make(box, one.drawn, one.place);
    one.size = new ResizeObserver(() => one.map.invalidateSize());
    one.size.observe(box);
    mark(one, one.place);
    box.parentElement?.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
    one.timer = setInterval(() => follow(one), AGAIN_MS);
  } catch {
    one.state = "failed";
    changed(id);
  }
}

/* What is open for this alarm, or coming, or did not come. */
export const shownFor = (id) => (shown?.id === id ? shown : null);

export function close() {
  if (!shown) return;
  clearInterval(shown.timer);
  shown.size?.disconnect();
  shown.map?.remove();
  const { id } = shown;
  shown = null;
  changed(id);
}

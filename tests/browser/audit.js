/* What axe does not look at, measured in the page under test. Each function returns words about what
   is wrong, and nothing where all is well. */

window.vardeAudit = (() => {
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [tabindex='0']";
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

  const named = (one) => {
    const text = (one.getAttribute("aria-label") || one.textContent || one.name || "").trim().replace(/\s+/g, " ");
    return `${one.localName}${one.id ? `#${one.id}` : ""}.${[...one.classList].join(".")} “${text.slice(0, 40)}”`;
  };

  const shown = (one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    && !one.closest("[inert], .visually-hidden, .skip")
    && one.getBoundingClientRect().width > 0;

  /* Any CSS colour as [r, g, b, alpha]. */
  function rgb(colour) {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  }

  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a)];

  /* The colour that stands behind an element. */
  function ground(one) {
    const layers = [];
    for (let at = one; at; at = at.parentElement) layers.push(rgb(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
  }

  /* WCAG 2.1, definition of relative luminance and contrast ratio. */
  function contrast(a, b) {
    const light = (colour) => {
      const [r, g, b] = colour.map((part) => part / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  }

  /* Reflow and text size: nothing wider than the screen, no text cut off. */
  function unfit() {
    const wide = document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth;
    const found = [];
    if (wide > 1) {
      const right = document.documentElement.clientWidth + 1;
      const guilty = [...document.body.querySelectorAll("*")].filter((one) => shown(one) && one.getBoundingClientRect().right > right);
      found.push(`scrolls ${wide} px sideways: ${guilty.slice(-3).map(named).join(" | ")}`);
    }
    for (const one of document.body.querySelectorAll("*")) {
      const own = [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
      if (!own || !shown(one) || one.closest("select, datalist, script, .leaflet-container")) continue;
      const style = getComputedStyle(one);
      const hides = (overflow) => overflow === "hidden" || overflow === "clip";
      const cutX = hides(style.overflowX) && one.scrollWidth > one.clientWidth + 1;
      const cutY = hides(style.overflowY) && one.scrollHeight > one.clientHeight + 2;
      if (cutX || cutY) found.push(`cut off: ${named(one)}`);
    }
    return found;
  }

  /* A link within a sentence may be as high as its line (WCAG 2.1, 2.5.5, exception inline). */
  const inline = (one) => one.localName === "a" && getComputedStyle(one).display === "inline"
    && one.parentElement.textContent.trim() !== one.textContent.trim();

  /* What is tapped is at least so many pixels high and wide. */
  function small(least) {
    const found = [];
    for (const one of document.querySelectorAll(CONTROLS)) {
      if (!shown(one) || inline(one)) continue;
      const tapped = /^(radio|checkbox)$/.test(one.type) ? one.closest("label") ?? one : one;
      const { width, height } = tapped.getBoundingClientRect();
      if (width < least - 0.5 || height < least - 0.5) found.push(`${named(one)} is ${Math.round(width)} x ${Math.round(height)}`);
    }
    return found;
  }

  /* The edge of a field, and an icon that stands alone, differ from what is around them (1.4.11). */
  function faint() {
    const found = [];
    for (const one of document.querySelectorAll("input:not([type=hidden], [type=radio], [type=checkbox]), select, textarea")) {
      if (!shown(one)) continue;
      const ratio = contrast(over(rgb(getComputedStyle(one).borderTopColor), ground(one.parentElement)), ground(one.parentElement));
      if (ratio < 3) found.push(`edge of ${named(one)}: ${ratio.toFixed(2)}`);
    }
    for (const icon of document.querySelectorAll("svg")) {
      if (!shown(icon) || icon.closest(".cairn, .leaflet-container, [disabled], [aria-disabled=true]")) continue;
      const ratio = contrast(over(rgb(getComputedStyle(icon).color), ground(icon.parentElement)), ground(icon.parentElement));
      if (ratio < 3) found.push(`icon in ${named(icon.parentElement)}: ${ratio.toFixed(2)}`);
    }
    return found;
  }

  /* What still moves although the reader wants no motion. */
  const moving = () => document.getAnimations()
    .filter((one) => one.playState === "running" && one.effect.getComputedTiming().duration > 50)
    .map((one) => `${one.animationName ?? one.transitionProperty} on ${named(one.effect.target)}`);

  /* Everything that the Tab key should come to: of a group of radio buttons one. */
  function stops() {
    const groups = new Set();
    return [...document.querySelectorAll(CONTROLS)].filter((one) => {
      if (one.disabled || one.tabIndex < 0 || !one.checkVisibility({ visibilityProperty: true }) || one.closest("[inert]")) return false;
      if (one.type !== "radio") return true;
      const group = `${one.name} ${[...document.forms].indexOf(one.form)}`;
      const first = !groups.has(group);
      groups.add(group);
      return first;
    });
  }

  /* How the focus shows where it is now; null on the page itself. */
  function focus() {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const style = getComputedStyle(one);
    const { top, bottom, left, right } = one.getBoundingClientRect();
    const wrong = [];
    if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) wrong.push("focus does not show");
    else {
      const ratio = contrast(over(rgb(style.outlineColor), ground(one.parentElement)), ground(one.parentElement));
      if (ratio < 3) wrong.push(`focus is faint: ${ratio.toFixed(2)}`);
    }
    if (bottom < 0 || top > innerHeight || right < 0 || left > innerWidth) wrong.push("outside the screen");
    const all = stops();
    return { place: all.indexOf(one), of: all.length, name: named(one), wrong };
  }

  return { unfit, small, faint, moving, stops: () => stops().length, focus };
})();

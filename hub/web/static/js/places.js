/* Sections of the page that are filled by a module of their own, before the list of alarms. */

export function placeOf(id) {
  const there = document.getElementById(id);
  const list = document.getElementById("list");
  if (there || !list) return there;
  const made = document.createElement("section");
  Object.assign(made, { id, hidden: true });
  list.before(made);
  return made;
}

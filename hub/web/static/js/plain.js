/* Staff's pages that the server writes. */

import "./hold.js";
import "./forms.js";
import "./fresh.js";

document.getElementById("print")?.addEventListener("click", () => print());

/* Language switch and signing out: the same on every page. */

const YEAR_S = 31536000;
const ENDED = "varde-session-ended";

export function toSignIn() {
  sessionStorage.setItem(ENDED, "yes");
  location.replace("/sign-in");
}

export function sessionEnded() {
  const ended = sessionStorage.getItem(ENDED) === "yes";
  sessionStorage.removeItem(ENDED);
  return ended;
}

export const jsonPost = (body) => ({
  method: "POST",
  headers: { "content-type": "application/json", "x-varde": "1" },
  body: JSON.stringify(body),
});

for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => {
    document.cookie = `varde_language=${button.dataset.language}; path=/; max-age=${YEAR_S}; samesite=lax`;
    location.reload();
  });
}

document.getElementById("sign-out")?.addEventListener("click", async () => {
  await fetch("/api/sign-out", jsonPost({}));
  location.replace("/sign-in");
});

"""The person at a terminal. Enter goes on; `s` skips, `n` says that it does not work, `q` cuts."""

import asyncio
import sys

from hub.acceptance.conduct import Reply
from hub.text import Catalogue

_REPLIES = {"": Reply.GO, "s": Reply.SKIP, "n": Reply.FAIL, "q": Reply.QUIT}
_SAID_EVERY_S = 10
"""Where the output is no terminal, the time left is a line now and then."""


class Terminal:
    """`Operator` on standard input and output."""

    def __init__(self, say: Catalogue) -> None:
        self._say = say
        self._shown = False
        self._last = -1

    def tell(self, msgid: str, **params: object) -> None:
        self._end_line()
        print(self._say(msgid, **params), flush=True)

    async def ask(self, msgid: str, **params: object) -> Reply:
        self.tell(msgid, **params)
        self._last = -1
        while True:
            print(self._say("acceptance.keys"), end=" ", flush=True)
            line = await asyncio.to_thread(sys.stdin.readline)
            if not line:
                return Reply.QUIT
            reply = _REPLIES.get(line.strip().lower())
            if reply is not None:
                return reply

    def countdown(self, left_s: int) -> None:
        if left_s == self._last:
            return
        self._last = left_s
        text = self._say("acceptance.left", left_s=left_s)
        if sys.stdout.isatty():
            print(f"\r{text}  ", end="", flush=True)
            self._shown = True
        elif left_s % _SAID_EVERY_S == 0:
            print(text, flush=True)

    def _end_line(self) -> None:
        if self._shown:
            print()
        self._shown = False

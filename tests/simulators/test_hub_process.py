"""The child process, with small programs in the hub's place."""

import sys
import textwrap
from pathlib import Path

import pytest

from simulators.hub_process import HubFailed, HubProcess
from tests.simulators.stub_hub import StubHub


def hub(tmp_path: Path, program: str) -> HubProcess:
    script = tmp_path / "varde.py"
    script.write_text(textwrap.dedent(program))
    return HubProcess(
        tmp_path / "m.yaml", tmp_path / "s.yaml", tmp_path, (sys.executable, str(script))
    )


async def test_it_is_ready_when_it_is_healthy_and_ends_when_asked(tmp_path: Path) -> None:
    async with StubHub().served() as stub:
        child = hub(
            tmp_path,
            f"""
            import json, pathlib, sys, time
            assert sys.argv[1] == "run" and "--die-with-parent" in sys.argv
            where = {{"scaip": {{"udp": ["127.0.0.1", 5060]}}}}
            text = json.dumps({{"web": "{stub.web}", "broker": {{"host": "127.0.0.1", "port": 1}},
                               "listeners": where}})
            pathlib.Path({str(tmp_path)!r}, "run.json").write_text(text)
            time.sleep(600)
            """,
        )
        running = await child.start()
        assert running.web == stub.web
        assert running.address("scaip", "udp") == ("127.0.0.1", 5060)
        await child.stop()
        assert "exit code -15" in str(await child.exited())


async def test_an_early_end_says_why(tmp_path: Path) -> None:
    child = hub(tmp_path, "import sys; print('port 8080 is taken', file=sys.stderr); sys.exit(3)")
    with pytest.raises(HubFailed, match=r"exit code 3\. It said last:\n  \| port 8080 is taken"):
        await child.start()


async def test_a_hub_that_is_never_ready_is_named(tmp_path: Path) -> None:
    child = hub(tmp_path, "import time; time.sleep(600)")
    with pytest.raises(HubFailed, match=r"not ready within 0\.2 s\. It said nothing"):
        await child.start(ready_within_s=0.2)
    await child.stop()


async def test_an_old_run_file_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("{}")
    child = hub(tmp_path, "raise SystemExit(1)")
    with pytest.raises(HubFailed, match="exit code 1"):
        await child.start()
    assert not (tmp_path / "run.json").exists()


async def test_the_code_is_what_the_command_prints(tmp_path: Path) -> None:
    program = "import sys; assert sys.argv[1:3] == ['code', 'nora']; print('ABCD-EFGH')"
    child = hub(tmp_path, program)
    assert await child.code("nora") == "ABCD-EFGH"


async def test_a_code_that_is_refused_says_why(tmp_path: Path) -> None:
    child = hub(tmp_path, "raise SystemExit('nobody is called gro')")
    with pytest.raises(HubFailed, match="code gro` ended with 1: nobody is called gro"):
        await child.code("gro")

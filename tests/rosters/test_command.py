"""`varde roster` and what `varde check` says of gaps: output, exit codes, and nothing half done."""

import json
from pathlib import Path

import pytest

from hub.cli.main import main
from hub.configuration.check import check
from hub.rosters.duty import registry_of
from routing.instant import DAY, MINUTE, from_rfc3339
from routing.roster import on_duty

DATA = Path(__file__).parents[1] / "data" / "rosters"
SOURCE = """\
municipality: {id: m, name: M, default_policy: p, language: en}
teams: [{id: home, name: Home}]
people:
  - {id: kari, name: Kari Eksempel, roles: [staff], teams: [home], competences: [medication]}
  - {id: ola, name: Ola Eksempel, roles: [staff], teams: [home]}
  - {id: nils, name: Nils Eksempel, roles: [staff], teams: [home]}
policies:
  - {id: p, steps: [{call: [{on_duty: home}], wait: 60 s}], fallback: [{team: home}]}
shifts:
  - {id: day, team: home, people: [kari], from: "07:00", to: "22:45"}
  - {id: night, team: home, people: [ola], from: "23:00", to: "07:00"}
needs:
  - {id: always, team: home}
  - {id: medicine, team: home, competence: medication, from: "06:00", to: "09:00"}
  - {id: weekend, team: home, people: 2, weekdays: [sat], from: "10:00", to: "12:00"}
"""
AT = ["--at", "2026-11-27T11:00:00Z"]
"""A Friday."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "m.yaml"
    path.write_text(SOURCE, "utf-8")
    return path


def test_gaps_and_thin_spots_in_words(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["roster", str(file), "--days", "1", *AT]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "home: Friday 2026-11-27 22:45 to Friday 2026-11-27 23:00: nobody is on duty, 1 needed.",
        "home: Saturday 2026-11-28 06:00 to Saturday 2026-11-28 07:00: "
        "nobody with medication is on duty, 1 needed.",
        "home: Saturday 2026-11-28 10:00 to Saturday 2026-11-28 12:00: 1 on duty, 2 needed.",
        f"{file}: 1 days, 2 gaps, 1 thin spots.",
    ]


def test_with_a_team_also_who_is_on_duty(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["roster", str(file), "--days", "1", *AT, "--team", "home"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        "home: Friday 2026-11-27 12:00 to Friday 2026-11-27 22:45: Kari Eksempel",
        "home: Friday 2026-11-27 22:45 to Friday 2026-11-27 23:00: nobody",
        "home: Friday 2026-11-27 23:00 to Saturday 2026-11-28 01:00: Ola Eksempel",
    ]


def test_json_has_instants_and_local_times(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["roster", str(file), "--days", "1", *AT, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0] == {
        "what": "gap",
        "team": "home",
        "need": "always",
        "from": "2026-11-27T21:45:00Z",
        "to": "2026-11-27T22:00:00Z",
        "from_local": "2026-11-27T22:45",
        "to_local": "2026-11-27T23:00",
        "required": 1,
        "have": 0,
        "competence": None,
    }


def test_check_warns_of_the_next_fourteen_days(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(file)]) == 0
    said = capsys.readouterr()
    gaps = [line for line in said.err.splitlines() if "22:45" in line and "nobody is on" in line]
    assert len(gaps) == 14
    assert gaps[0].startswith("Warning: home: ")
    assert said.out.startswith(f"{file}: sound.")


def test_an_imported_calendar_is_a_file_that_says_the_same(file: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.yaml"
    calendar = str(DATA / "outlook.ics")
    at = ["--at", "2026-10-01T00:00:00Z", "--days", "60"]
    told = ["roster", str(file), "--team", "home", "--import", calendar, "--output", str(new), *at]
    assert main(told) == 0
    found = check(new.read_text("utf-8"))
    assert found.errors == []
    assert found.file is not None
    registry = registry_of(found.file)
    assert on_duty(registry, "home", from_rfc3339("2026-10-24T20:15:00Z")) == ("kari",)
    assert on_duty(registry, "home", from_rfc3339("2026-10-25T01:30:00Z")) == ("ola", "kari")
    assert on_duty(registry, "home", from_rfc3339("2026-10-21T01:30:00Z")) == ()  # Ola is away
    again = tmp_path / "again.yaml"
    told[1], told[7] = str(new), str(again)
    assert main(told) == 0
    assert again.read_text("utf-8") == new.read_text("utf-8")


def test_one_refusal_and_nothing_is_written(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = tmp_path / "new.yaml"
    wrong = str(DATA / "wrong.ics")
    told = ["roster", str(file), "--team", "home", "--import", wrong, "--output", str(new),
            "--at", "2026-10-01T00:00:00Z"]  # fmt: skip
    assert main(told) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 9
    assert lines[-1] == f"{wrong}: 8 to put right; nothing was imported."
    assert not new.exists()


@pytest.mark.parametrize("kind", ["ics", "csv"])
def test_an_export_reads_back(kind: str, file: Path, tmp_path: Path) -> None:
    out, new = tmp_path / f"duty.{kind}", tmp_path / "new.yaml"
    at = ["--at", "2026-10-23T00:00:00Z", "--days", "4"]
    team = ["--team", "home"]
    assert main(["roster", str(file), *team, "--export", kind, "--output", str(out), *at]) == 0
    bare = tmp_path / "bare.yaml"
    bare.write_text(SOURCE.partition("shifts:")[0], "utf-8")
    told = ["roster", str(bare), *team, "--import", str(out), "--output", str(new), *at]
    assert main(told) == 0
    found = check(new.read_text("utf-8")).file
    assert found is not None
    planned = check(SOURCE).file
    assert planned is not None
    start = from_rfc3339("2026-10-24T00:00:00Z")
    before, after = registry_of(planned), registry_of(found)
    for at_minute in range(start, start + 2 * DAY, 5 * MINUTE):
        assert on_duty(after, "home", at_minute) == on_duty(before, "home", at_minute)


def test_a_team_must_be_one_of_the_file(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["roster", str(file), "--export", "ics"]) == 2
    assert capsys.readouterr().err == "`` is no team of the file. Teams: home.\n"
    assert main(["roster", str(file), "--team", "moon"]) == 2


def test_files_that_are_not_there_or_no_text(file: Path, tmp_path: Path) -> None:
    assert main(["roster", str(tmp_path / "no.yaml")]) == 2
    gone = str(tmp_path / "no.ics")
    assert main(["roster", str(file), "--team", "home", "--import", gone]) == 2
    latin = tmp_path / "latin.ics"
    latin.write_bytes("SUMMARY:Fråvær".encode("latin-1"))
    assert main(["roster", str(file), "--team", "home", "--import", str(latin)]) == 2


def test_a_wrong_municipality_file_is_told_as_by_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(SOURCE.replace("people: [ola]", "people: [olga]"), "utf-8")
    assert main(["roster", str(path)]) == 1
    assert "`olga` does not exist in `people`" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--days", "0"], ["--days", "x"], ["--at", "noon"]])
def test_a_command_line_that_cannot_be_read(file: Path, words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["roster", str(file), *words])
    assert ended.value.code == 2


def test_without_needs_nothing_is_looked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(SOURCE.partition("needs:")[0], "utf-8")
    assert main(["roster", str(path)]) == 0
    assert "nothing is said under `needs`" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--days", "soon"], "1 to 3660 days"),
        (["--name", "\u00c6 B"], "lower-case letters"),
        (["--at", "9999-12-31T00:00:00Z"], "a year from 1970 to 2199"),
        (["--at", "0001-01-01T00:00:00Z"], "a year from 1970 to 2199"),
        (["--at", "2026-11-22T14:00"], "is not as 2026-11-22T14:00+01:00"),
        (["--at", "tomorrow"], "is not as 2026-11-22T14:00+01:00"),
    ],
)
def test_a_question_that_cannot_be_meant_is_told(
    file: Path, more: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["roster", str(file), *more])
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("how", [["--export", "csv"], ["--import", "duty.csv"]])
def test_an_output_that_cannot_be_written_is_told(
    file: Path, how: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (file.parent / "duty.csv").write_text("person,team,from,to,kind\n", "utf-8")
    how = [str(file.parent / one) if one.endswith(".csv") else one for one in how]
    output = file.parent / "none" / "out"
    assert main(["roster", str(file), "--team", "home", *how, "--output", str(output), *AT]) == 2
    assert f"{output} cannot be written" in capsys.readouterr().err


def test_an_import_leaves_one_whose_name_begins_alike_alone(file: Path) -> None:
    duty = file.parent / "duty.csv"

    def take(name: str, person: str) -> list[tuple[str, tuple[str, ...]]]:
        row = f"{person},home,2026-12-24T15:00,2026-12-24T16:00,\n"
        duty.write_text("person,team,from,to,kind\n" + row, "utf-8")
        asked = ["--import", str(duty), "--name", name, "--output", str(file)]
        assert main(["roster", str(file), *asked, *AT]) == 0
        found = check(file.read_text("utf-8")).file
        assert found is not None
        return sorted((one.id[:-17], one.people) for one in found.overrides)

    assert take("north-2", "kari") == [("north-2", ("kari",))]
    assert take("north", "ola") == [("north", ("ola",)), ("north-2", ("kari",))]
    assert take("north", "nils") == [("north", ("nils",)), ("north-2", ("kari",))]


HEAD = "person,team,from,to,kind\n"
DUTY = "kari,home,2026-12-24T15:00,2026-12-24T16:00,\n"
LATER = DUTY.replace("12-24", "12-25")
AWAY = "ola,,2026-12-24,2026-12-26,absence\n"
PAST = DUTY.replace("12-24", "10-24")


@pytest.mark.parametrize(
    ("first", "then", "counted"),
    [
        ("", "", "0 entries, up to 2027-11-28: 0 new, 0 as before; 0 of"),
        ("", DUTY + AWAY, "2 entries, up to 2027-11-28: 2 new, 0 as before; 0 of"),
        (DUTY, DUTY + LATER, "2 entries, up to 2027-11-28: 1 new, 1 as before; 0 of"),
        (DUTY + AWAY, LATER, "1 entries, up to 2027-11-28: 1 new, 0 as before; 2 of"),
        (AWAY, DUTY, "1 entries, up to 2027-11-28: 1 new, 0 as before; 1 of"),
        ("", PAST, "0 entries, up to 2027-11-28: 0 new, 0 as before; 0 of"),
    ],
)
def test_an_import_says_what_it_has_changed(
    file: Path, first: str, then: str, counted: str, capsys: pytest.CaptureFixture[str]
) -> None:
    duty = file.parent / "duty.csv"
    for rows in (first, then):
        duty.write_text(HEAD + rows, "utf-8")
        assert main(["roster", str(file), "--import", str(duty), "--output", str(file), *AT]) == 0
    last = capsys.readouterr().err.splitlines()[-1]
    assert last == f"{duty}: {counted} the last import `import` removed."


NO_DUTY = (
    "no duty ahead in home; all 1 entries that the last import `import` made there would be "
    "removed. Look whether the right file was exported, with the right days. For another team, "
    "use another `--name`. If they are to go, delete `import-...` from the municipality file "
    "yourself."
)
NOTHING = (
    "nothing ahead; all 1 absences that the last import `import` made would be removed. Look "
    "whether the right file was exported, with the right days. If they are to go, delete "
    "`import-...` from the municipality file yourself."
)
BUSY = "BEGIN:VFREEBUSY\nUID:b\nFREEBUSY:20261224T140000Z/PT1H\nEND:VFREEBUSY\n"
OVER = "BEGIN:VEVENT\nUID:o\nSUMMARY:kari\nDTSTART:20261024T140000Z\nDURATION:PT1H\nEND:VEVENT\n"
ON_LEAVE = OVER.replace("kari", "ola ferie").replace("20261024", "20261224")


@pytest.mark.parametrize(
    ("first", "then", "words"),
    [
        (DUTY, "", [NO_DUTY]),
        (DUTY, BUSY, [NO_DUTY]),
        (DUTY, OVER, [NO_DUTY]),
        (DUTY, ON_LEAVE, [NO_DUTY]),
        (DUTY + AWAY, "", [NO_DUTY, NOTHING]),
        (AWAY, OVER, [NOTHING]),
        (DUTY, HEAD, [NO_DUTY]),
        (DUTY, HEAD + PAST, [NO_DUTY]),
    ],
)
def test_an_import_that_would_take_all_duty_away_is_refused(
    file: Path, first: str, then: str, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    kind = "csv" if then.startswith(HEAD) else "ics"
    duty, empty, new = file.parent / "duty.csv", file.parent / f"empty.{kind}", file.parent / "new"
    duty.write_text(HEAD + first, "utf-8")
    calendar = f"BEGIN:VCALENDAR\nVERSION:2.0\n{then}END:VCALENDAR\n"
    empty.write_text(calendar if kind == "ics" else then, "utf-8")
    told = ["roster", str(file), "--team", "home", *AT]
    assert main([*told, "--import", str(duty), "--output", str(file)]) == 0
    capsys.readouterr()
    assert main([*told, "--import", str(empty), "--output", str(new)]) == 1
    summary = f"{len(words)} to put right; nothing was imported."
    assert capsys.readouterr().err.splitlines() == [f"{empty}: {w}" for w in [*words, summary]]
    assert not new.exists()


def test_an_import_for_another_team_under_the_same_name_is_refused(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = SOURCE.replace("name: Home}]", "name: Home}, {id: night, name: Night}]")
    file.write_text(more, "utf-8")
    duty = file.parent / "duty.csv"
    told = ["roster", str(file), "--import", str(duty), "--output", str(file), *AT]
    duty.write_text(HEAD + DUTY, "utf-8")
    assert main(told) == 0
    duty.write_text(HEAD + DUTY.replace("home", "night"), "utf-8")
    assert main(told) == 1
    assert NO_DUTY in capsys.readouterr().err
    assert main([*told, "--name", "night"]) == 0


def test_who_is_left_out_is_told_before_what_was_imported(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    duty, new = file.parent / "duty.ics", file.parent / "new.yaml"
    event = OVER.replace("20261024", "20261224")
    declined = "ATTENDEE;PARTSTAT=DECLINED:mailto:ola@x.example\nEND:VEVENT"
    events = event + event.replace("END:VEVENT", declined)
    duty.write_text(f"BEGIN:VCALENDAR\nVERSION:2.0\n{events}END:VCALENDAR\n", "utf-8")
    told = ["roster", str(file), "--team", "home", "--import", str(duty), *AT]
    assert main([*told, "--output", str(new)]) == 0
    assert capsys.readouterr().err.splitlines() == [
        f"{duty}:9 (event kari): `ola` has declined, and is not put on duty.",
        f"{duty}: 1 entries, up to 2027-11-28: 1 new, 0 as before; "
        "0 of the last import `import` removed.",
    ]


def test_a_row_of_ten_thousand_years_is_refused(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    duty = file.parent / "duty.csv"
    row = "kari,home,0001-01-01T00:00,9999-12-31T23:59,\n"
    duty.write_text("person,team,from,to,kind\n" + row, "utf-8")
    assert main(["roster", str(file), "--import", str(duty), *AT]) == 1
    told = capsys.readouterr()
    assert "duty.csv:2: `0001-01-01T00:00` is not possible for from." in told.err
    assert told.out == ""

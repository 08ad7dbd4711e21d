"""Addresses come from the person's document just as the configuration writes it."""

from msgspec.structs import replace

from hub.configuration.check import check
from hub.configuration.compile import compile
from hub.journal.memory import MemoryStore, open_writer
from hub.journal.port import Document
from hub.notifier.sms import home_of
from hub.router.addresses import Addresses
from routing.alarm import Alarm
from routing.facts import Page
from routing.kinds import Category, Kind, Severity
from routing.municipality import Municipality, Person, Resident, Role
from routing.reasons import ReasonCode, because
from routing.state import Owed, Registry, State

FILE = """
municipality: {id: simby, name: Simby, default_policy: plain}
people:
  - id: anna
    name: Anna Oppdiktet
    roles: [staff]
    channels:
      - webhook: {url: "http://127.0.0.1:1/one/{alarm}"}
      - webhook: {url: "http://127.0.0.1:1/two"}
policies:
  - {id: plain, steps: [{call: [{person: anna}], wait: 1 min}]}
"""
ALARM = Alarm(
    id="a1",
    kind=Kind.HELP_PRESSED,
    category=Category.HELP,
    severity=Severity.HIGH,
    subject="scaip:1",
    device=None,
    resident=None,
    unit=None,
    policy="p",
    raised_at=0,
    received_at=0,
)


def owed(alarm: str, channel: str) -> Owed:
    return Owed(alarm, Page("send", "anna", channel, because(ReasonCode.NAMED_IN_STEP)))


async def test_each_channel_has_the_address_that_the_file_gave_it() -> None:
    file = check(FILE).file
    assert file is not None
    documents = [Document(*key, body) for key, body in compile(file).documents.items()]
    journal = open_writer(MemoryStore("simby"))
    await journal.append([], 1, documents)
    addresses = Addresses(journal, State(alarms={"a1": ALARM}))
    found = [addresses.describe(owed("a1", channel)) for channel in ("webhook-1", "webhook-2")]
    assert [send.address for send in found if send is not None] == [
        {"url": "http://127.0.0.1:1/one/{alarm}"},
        {"url": "http://127.0.0.1:1/two"},
    ]
    unknown = addresses.describe(owed("a1", "webhook-3"))
    assert unknown is not None
    assert unknown.address == {}
    assert addresses.describe(owed("gone", "webhook-1")) is None
    journal.close()


async def test_a_document_nobody_can_read_has_no_addresses_and_stops_nobody() -> None:
    journal = open_writer(MemoryStore("simby"))
    await journal.append([], 1, [Document("person", "anna", b"{not json")])
    found = Addresses(journal, State(alarms={"a1": ALARM})).describe(owed("a1", "webhook-1"))
    assert found is not None
    assert found.address == {}


async def test_a_send_says_what_its_person_reads_and_in_whose_zone_it_is() -> None:
    journal = open_writer(MemoryStore("simby"))
    documents = [
        Document("person", "anna", b'{"name": "Anna Oppdiktet", "language": "nn"}'),
        Document("unit", "east", '{"name": "Øst"}'.encode()),
    ]
    await journal.append([], 1, documents)
    state = State(alarms={"a1": replace(ALARM, unit="east")})
    found = Addresses(journal, state).describe(owed("a1", "push-1"))
    assert found is not None
    assert (found.language, found.place) == ("nn", "Øst")


async def test_whoever_chose_no_language_reads_the_municipalitys() -> None:
    state = State(alarms={"a1": ALARM})
    state.registry.municipality = Municipality(
        id="simby", timezone="Europe/Oslo", language="nn", default_policy="plain"
    )
    found = Addresses(open_writer(MemoryStore("simby")), state).describe(owed("a1", "push-1"))
    assert found is not None
    assert (found.language, found.place) == ("nn", None)


async def test_a_units_document_that_nobody_can_read_stops_nobody() -> None:
    journal = open_writer(MemoryStore("simby"))
    await journal.append([], 1, [Document("unit", "east", b"{not json")])
    state = State(alarms={"a1": replace(ALARM, unit="east")})
    found = Addresses(journal, state).describe(owed("a1", "push-1"))
    assert found is not None
    assert found.place == "east"


async def test_the_relative_of_one_is_not_told_who_else_shares_the_device() -> None:
    journal = open_writer(MemoryStore("simby"))
    registry = Registry(
        people={name: Person(id=name, roles=(Role.RELATIVE,)) for name in ("dina", "egil")},
        residents={
            "rolf": Resident(id="rolf", unit="north", relatives={"dina": "responsible"}),
            "siri": Resident(id="siri", unit="north", relatives={"egil": "responsible"}),
        },
    )
    shared = replace(ALARM, resident="rolf", about=("rolf", "siri"))
    addresses = Addresses(journal, State(registry=registry, alarms={"a1": shared}))
    knows = {}
    for person in ("dina", "egil", "anna"):
        page = replace(owed("a1", "webhook-1").page, person=person)
        send = addresses.describe(Owed("a1", page))
        assert send is not None
        knows[person] = send.knows_home
        assert (home_of(send) == "rolf") is send.knows_home
    assert knows == {"dina": True, "egil": False, "anna": True}

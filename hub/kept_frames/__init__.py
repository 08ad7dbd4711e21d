"""What unknown devices said, and frames that nobody could read: kept for a person to assign and
replay. Personal data: in a file of its own beside the journal, bounded, and only for so many days.

    store.py     the file: what is kept, what has given way, who was heard
    keeper.py    the router's side: keeps beside the road of alarms, and tells of overflow
    again.py     a kept frame read again, as events of the past
    replaying.py the router's side of a request to replay
    desk.py      what a person can do: list, assign, replay
"""

"""The municipality file: read, checked, compared with the journal, recorded, and written back.

    load -> check -> compile -> difference -> facts        and        journal -> described -> export

`model` is the file's shape. `check` gathers every problem at once, in plain words with file and
line. `compile` parts the file into routing items (ids, numbers, times: they become facts) and
private documents (names, addresses, notes, phones, URLs: facts carry only their keyed digest).
"""

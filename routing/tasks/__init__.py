"""Tasks: the second thing with a life of its own, beside the alarm.

    life     phases, actions and what follows (the table)     plans    rules, planned visits, nights
    facts    what is told of tasks                            value    one task, and its fold
    book     all tasks of a municipality, and their fold      command  what people do with tasks
    make     tasks that rules and other facts ask for         planned  visits that come again
    offer    who is asked, step by step, and never at night   act      what follows from a command
    due      what follows when a deadline falls               follow   the hooks of `routing.decide`

A task never rings like an alarm: it is offered by the policy of the category `task`, one step after
another, once; then a lead is told, and it waits in the list until its window ends.
"""

"""Which way reaches whom, as far as it is known, and who says they are there.

A channel is *tested* by a send that the person must answer; an answer proves it, a failure or no
answer within two minutes does not. What is known decides only the order in which a person's
channels are used: nothing is ever left out because of it.

    command -> ReachEnded          test -> proven | unproven          begin, end -> the roster
"""

meetings-title = Meetings
meetings-none = No meeting was noted.
meetings-none-hint = “Hold the meeting” opens the page of the day: its agenda is there already.
meeting-hold = Hold the meeting
meeting-of = Meeting of { $day }
meeting-no-day = Without a date
meeting-mode = Large screen
meeting-print = Print
meeting-venue = Where?
meeting-who = Who is here?
meeting-present =
    { $all ->
        [0] Nobody is noted yet.
        [one] One person: { $women } F, { $men } M, { $community } for the community
       *[other] { $all } people: { $women } F, { $men } M, { $community } for the community
    }
meeting-decided =
    { $count ->
        [0] nothing decided
        [one] one decision
       *[other] { $count } decisions
    }
meeting-sex-f = Woman
meeting-sex-m = Man
meeting-community = For the community
meeting-remove-named = Remove { $name }
meeting-removed = Removed: { $name }
meeting-team-hint = The team: one key a person.
meeting-add = Add somebody who is here
meeting-add-button = Add
meeting-add-placeholder = Somebody else
meeting-agenda = Agenda
meeting-agenda-hint = Made of what is due. One line for each point.
meeting-agenda-actions =
    { $count ->
        [one] One action to look at again
       *[other] { $count } actions to look at again
    }
meeting-last = Decided on { $day }
meeting-carried = Actions under way
meeting-decisions = What we decide
meeting-decide = What do we decide?
meeting-decide-both = For an action, say who and by when.
meeting-who-when = { $who }, by { $day }
meeting-chart-then = The chart as it looked on { $day }
meeting-notes = What was said
meeting-notes-hint = A few words are enough. No patient’s name.
meeting-leave = Leave
meeting-step = { $step } of { $count }
meeting-back = Back
meeting-next = Next
meeting-since = Since last time
meeting-due = What is waiting for us
meeting-decided-title = What we have decided
meeting-nothing-decided = Nothing yet. Write the first decision below.

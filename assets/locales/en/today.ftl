today-hello =
    Hello { $name }. { $count ->
        [0] Nothing is pressing today.
        [1] One thing today.
        [2] Two things today.
        [3] Three things today.
        [4] Four things today.
        [5] Five things today.
       *[other] { $count } things today.
    }
today-minutes = { $minutes } min
today-nothing = Everything is done. Well done to the team.
today-suggestion = Look at a cycle with the team
today-hello-reader = Hello { $name }.
today-reads = Here you read and change nothing.
today-reads-act = See the cycles
today-start-cycle = Begin a first cycle
today-start-cycle-detail = Choose the care to improve: a template brings the aim, the measures and ideas.
today-start-cycle-act = Begin
today-review-values =
    { $count ->
        [one] Two people wrote in one place: choose
       *[other] Values to choose in { $count } places
    }
today-review-values-detail = Everybody’s values are kept. Say which one to show.
today-review-values-act = Choose
today-send-work =
    Send to the district: { $count ->
        [one] one save is waiting
       *[other] { $count } saves are waiting
    }
today-send-work-detail = The oldest is of { $since }. Without a network, a USB stick will do.
today-send-work-act = Send
today-backfill =
    Take up the last 12 months: { $count ->
        [one] one measure
       *[other] { $count } measures
    }
today-backfill-detail = Ten months from the register are enough for a first verdict.
today-backfill-act = Enter
today-enter-month =
    Enter { $month }: { $count ->
        [one] one measure waiting
       *[other] { $count } measures waiting
    }
today-enter-month-detail =
    { $filled ->
        [one] { $filled } measure of { $expected } is already entered.
       *[other] { $filled } measures of { $expected } are already entered.
    }
today-enter-month-act = Enter
today-study-trial = Study the trial “{ $title }”
today-study-trial-detail = It was to end on { $ends }. Compare what you saw with what you thought. Cycle: { $cycle }.
today-study-trial-act = Study
today-decide = Decide on the trial “{ $title }”
today-decide-detail = You have compared. What do you keep? Cycle: { $cycle }.
today-decide-act = Decide
today-explain-sign = { $cycle }: a sign of change
today-explain-sign-detail =
    { $length } points in a row { $side ->
        [above] above
       *[below] below
    } the median since { $since }. What explains it?
today-explain-sign-act = Answer
today-complete-aim = Complete the aim: { $cycle }
today-complete-aim-detail = For whom, what, from how much to how much, by when.
today-complete-aim-act = Complete
today-plan-trial = Plan a first trial: { $cycle }
today-plan-trial-detail = Small: one person, one shift, one week.
today-plan-trial-act = Plan
today-do-action = { $text }
today-do-action-detail = { $who }, by { $due }. Is it done?
today-do-action-act = Answer
today-all-actions = All actions ({ $count })
today-owed =
    { $level ->
        [asaco] The ASACO owes you
        [commune] The commune owes you
        [region] The region owes you
       *[district] The district owes you
    } { $count ->
        [one] one answer
       *[other] { $count } answers
    }
today-owed-first = “{ $text }”
today-owed-act = See
today-owes =
    { $count ->
        [one] You owe one answer
       *[other] You owe { $count } answers
    }
today-owes-whom = to { $places }
today-owes-act = Answer
today-recheck = Does the gain hold? { $looked }
today-recheck-detail = { $trial }: { $months } months after the decision to adopt. { $who }, by { $due }.
today-recheck-act = Look
today-visit-soon = Visit planned: { $place }
today-visit-soon-detail = On { $day }. Read the earlier recommendations again and print the sheet.
today-visit-soon-act = Prepare
today-visit-under-way = Visit to be finished: { $place }
today-visit-under-way-detail = Begun on { $day }. All answers are kept.
today-visit-under-way-act = Go on
today-visit-returned = Visit to be corrected: { $place }
today-visit-returned-detail = Of { $day }. { $why }
today-visit-returned-act = Correct
today-pause = Look back together: { $month }
today-pause-detail = The quarter has ended. What did you expect, what happened, why, and what will you do?
today-pause-act = Begin

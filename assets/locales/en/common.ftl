save = Save
saving = Saving…
saved-at = Saved at { $time }
cancel = Cancel
close = Close
edit = Change
edit-named = Change: { $label }
remove = Remove
remove-named = Remove: { $label }
undo = Undo
redo = Redo
try-again = Try again
nothing-found = Nothing matches. Try another word.
not-a-number = This is not a number. It is not saved.
not-a-day = This date is not understood. Write for example 30/09/2027.
day-placeholder = day/month/year
two-values = Two values
not-yours-to-write = You are reading another place’s work. You may comment; for the rest, talk with the team.
conflict-title = { $about }: two people wrote.
conflict-ask = Both values are kept. Which one should be shown?
conflict-shown = shown for now
conflict-empty = nothing
conflict-uncertain = The clock of that laptop is not reliable.
conflict-choose = Show { $value }
conflict-reason = Reason: “{ $reason }”
conflict-why = Why this choice?
area-mnch = Mother, newborn and child
area-fp = Family planning
area-malaria = Malaria
area-nutrition = Nutrition
area-data-quality = Data quality
area-hrh = Human resources
area-community = Community
level-country = country
level-region = region
level-district = health district
level-facility = health centre (CSCom)
level-village = village
level-site = site
role-member = team member
role-lead = head of centre (DTC)
role-coach = district coach
role-region = regional directorate
role-nation = national directorate
role-administrator = administrator
role-partner = partner
nodata-register-missing = register missing
nodata-register-missing-short = register
nodata-stock-out = stock-out
nodata-stock-out-short = stock-out
nodata-strike = strike
nodata-strike-short = strike
nodata-closed = service closed
nodata-closed-short = closed
nodata-other = other reason
nodata-other-short = other
kind-cycle = cycle
kind-team-member = team
kind-cycle-measure = measure of the cycle
kind-measurement = values
kind-idea = idea
kind-trial = trial
kind-lesson = lesson
kind-comment = comment
kind-sample = random list
kind-baseline = baseline
kind-cause = cause
kind-driver = driver
kind-evidence = what shows it
kind-opening = opening mark
kind-chart-phase = phase of a chart
kind-chart-freeze = frozen baseline
kind-excluded-point = month left out
kind-chart-setting = setting of a chart
kind-chart-goal = goal of a measure
kind-variant = local definition of a measure
variant-local = local definition
variant-of = { $place }, version { $version }
kind-event = event
kind-action = action
kind-meeting = meeting
kind-attendance = attendance
kind-decision = decision
kind-progress = progress score
kind-observation = observation
kind-photo = photo
kind-picture = picture of a photo
kind-import = import
kind-import-part = values of an import
kind-person = person
kind-place = place
sealed-masked = Masked text
sealed-closed = Text that is kept and cannot be read here
value-removed = removed
value-kept = kept
marks-saved = saved here
marks-carried = left on a stick on { $day }
marks-district = received by the district on { $day }
marks-server = received by the server on { $day }
marks-opened = opened by { $by } on { $day }
marks-opened-more =
    { $count ->
        [one] { $opened }, and { $count } other
       *[other] { $opened }, and { $count } others
    }
marks-here = Still on this laptop only, or on its way.
marks-arrived = Somebody else has a copy.
history-record = History
history-show = See who wrote what
history-hide = Hide the history
history-became = became
history-put-back = Put back
history-restored = Put back. { $field }: { $value }
history-why = Why put this value back?
history-import = imported
history-settle = chosen among several
history-restore = put back
history-undo = undone
history-mask = masked for good
history-newer-field = field of a newer version
history-more = Look for older history
history-partial = What is older stayed at the server.
history-more-left = There is more: go on when the network allows.
history-complete = The history is complete.

doubt-telephone = “{ $piece }” looks like a telephone number.
doubt-file-number = “{ $piece }” looks like the number of a file or a card.
doubt-name = “{ $piece }” looks like a person’s name.
doubt-why = What lets people recognise a patient has no place here: others will read this text.
doubt-correct = Correct it
doubt-keep = Keep it as it is
file-choose = Choose a file
folder-choose = Choose…
folder-placeholder = For example E:\ or /media/stick
periods-day =
    { $count ->
        [one] event
       *[other] events
    }
periods-interval =
    { $count ->
        [one] interval
       *[other] intervals
    }
periods-week =
    { $count ->
        [one] week
       *[other] weeks
    }
periods-month =
    { $count ->
        [one] month
       *[other] months
    }
periods-quarter =
    { $count ->
        [one] quarter
       *[other] quarters
    }
periods-year =
    { $count ->
        [one] year
       *[other] years
    }
grid-back = Entry grid
chart-back = Chart
cycle-back = Cycle

measure-title =
    { $span ->
        [year] Measure the year { $month }
       *[month] Measure { $month }
    }
measure-title-events = Measure events
measure-filled =
    { $filled ->
        [one] { $filled } measure
       *[other] { $filled } measures
    } of { $expected } { $span ->
        [week] for this week.
        [quarter] for this quarter.
        [year] for this year.
       *[month] for this month.
    }
measure-months = { $count } months
measure-months-label = Months shown
measure-often = What is counted
columns-weekly = Weeks
columns-monthly = Months
columns-quarterly = Quarters
columns-annual = Years
columns-event = Events
measure-split = Detail by…
measure-split-sex = Sex
measure-split-age = Age
measure-split-site = Village or site
measure-source = Another source…
measure-written = Written
source-register = Register
source-dhis2 = DHIS2
source-recount = Recount
source-community = Community
cell-written = { $source }, { $author }, { $at }
import-source = Where these values come from
chart-from = Source
chart-split = Split the chart
chart-split-none = Whole
chart-parts = Each part, on the same scale
stratum-sex-f = Women, girls
stratum-sex-m = Men, boys
stratum-age-0-4 = Under 5
stratum-age-5-14 = 5 to 14
stratum-age-15-19 = 15 to 19
stratum-age-20-24 = 20 to 24
stratum-age-25-plus = 25 and over
measure-event-day = Day of the event
measure-event-add = Add this day
measure-import = Import a file
measure-tools = Tools
measure-none = No measure to enter.
measure-none-hint = Measures come from cycles: begin one, and the grid opens here.
measure-none-act = Begin a cycle
sheet-link = Counting sheet
sheet-title = Counting sheet: { $place }
sheet-print = Print the sheet
sheet-columns-label = Boxes in a row
sheet-columns =
    { $count ->
        [one] { $count } box in a row
       *[other] { $count } boxes in a row
    }
sheet-by = Counted by
sheet-on = on
sheet-code = Code
sheet-zero = Nothing happened: write 0. An empty box means “not counted yet”.
sheet-no-data = No data: write a dash and the reason ({ $reasons }).
sheet-enter = To enter it: in the grid, type the row’s code, then Enter. The hand goes there, in the same column.
tally-link = Count in the villages
tally-sheet = Sheet to tick
tally-sheet-how = Strike out one circle for each person or case, from left to right. At the end of the month, count the struck circles and write the total in the box.
tally-title = Count in the villages, { $month }
tally-lead = One stroke for each person or case: the space bar or a click adds one, Backspace takes one away. You can also type the number.
tally-total = Together
tally-less = { $village }: one less
tally-kept = Each village and all of them together are kept with the source “Community”, beside the register and never in its place.
tally-apart = The whole of the source “Community” was typed or imported by itself ({ $whole }) and stays as it is. Here only the count of each village is kept; the whole is changed in the grid.
tally-none = No village is listed here yet.
tally-none-hint = List your villages and sites once: each then has its line.
tally-none-act = List the villages
sample-link = Draw files at random
sample-title = Draw files at random
sample-paper = Random list: { $measure }
sample-lead = To check without choosing: number the rows of the register or the files from 1, then draw a few. With the seed anybody else finds the same list.
sample-measure = For which measure
sample-population = How many rows, { $month }
sample-size = How many to draw
sample-seed = Seed, for a list drawn before
sample-draw = Draw at random
sample-register = Source: { $register }.
sample-count =
    { $size ->
        [one] { $size } row of { $population }.
       *[other] { $size } rows of { $population }.
    }
sample-made = Seed { $seed }, { $size } rows of { $population }, drawn on { $day }. The same numbers give the same list.
sample-before = Lists drawn before
sample-show = Show
measure-chart = Chart of the measure
measure-grid = Values by month
measure-head = Measure and register
measure-numerator = Numerator
measure-denominator = Denominator
cell-name = { $measure }, { $month }
cell-empty = empty
cell-none = no data
cell-no-data = no data: { $reason }
cell-open = two values to choose from
cell-asked = to check
cell-told = Explained: { $explanation }
cell-corrected = Written by the coach: { $author }
cell-reason = Reason: “{ $reason }”
paste-outside =
    { $count ->
        [one] { $count } pasted value falls outside the grid: it is not saved.
       *[other] { $count } pasted values fall outside the grid: they are not saved.
    }
ask-why =
    { $count ->
        [one] You are correcting another place’s value. Why?
       *[other] You are correcting { $count } values of another place. Why?
    }
ask-why-placeholder = For example: recounted in the register
ask-why-save = Correct with this reason
ask-leave-as-it-was = Leave it as it was
ask-no-data = No data: why?
ask-because = Yes, because…
ask-yes-because = Yes, because…
ask-correct = Correct
ask-take-up =
    { $span ->
        [week] Take up the last { $count } weeks from the register.
        [quarter] Take up the last { $count } quarters from the register.
        [year] Take up the last year from the register.
       *[month] Take up the last { $count } months from the register.
    }
ask-take-up-why =
    { $span ->
        [week] Ten weeks are enough for a first verdict.
        [quarter] Ten quarters are enough for a first verdict.
        [year] Ten years are enough for a first verdict.
       *[month] Ten months are enough for a first verdict.
    }
ask-take-up-act =
    { $span ->
        [week] Take up the last { $count } weeks
        [quarter] Take up the last { $count } quarters
        [year] Take up the last year
       *[month] Take up the last { $count } months
    }
ask-questions =
    { $count ->
        [one] { $count } value to check. Everything is saved on this laptop.
       *[other] { $count } values to check. Everything is saved on this laptop.
    }
ask-questions-act = See
key-ctrl = Ctrl
key-next = next
key-zero = zero
key-no-data = no data
key-edit = change
key-undo = undo
key-question = next question
question-typed =
    { $span ->
        [month] { $value } in { $month }:
       *[other] { $value }, { $month }:
    }
question-numerator-above-denominator = the numerator exceeds the denominator. Is that right?
question-not-whole = this is not a whole number ({ $words }). Is that right?
question-jump-above =
    { $span ->
        [month] much more than in { $month } ({ $last }). Is that right?
       *[other] much more than last time ({ $month }: { $last }). Is that right?
    }
question-jump-below =
    { $span ->
        [month] much less than in { $month } ({ $last }). Is that right?
       *[other] much less than last time ({ $month }: { $last }). Is that right?
    }
question-unusual-size = the { $months } { $periods } before ranged from { $smallest } to { $largest } ({ $words }). Is that right?
question-parts-differ = the detailed rows make { $parts } ({ $words }). Is that right?
question-missing-period = { $month }:
question-missing = nothing is entered, but { $before } and { $after } are. Take it up from the register, or type “-” if there is no data.
question-zero-after-activity = the { $months } { $periods } before counted { $total } ({ $words }). Did nothing happen, or is there no data?
history-button = History of the value
history-none = Nobody has written anything here yet.
field-numerator = Numerator
field-denominator = Denominator
field-no-data = No data
field-explanation = Explanation
import-title = Import values
import-lead = A spreadsheet file (XLSX, XLS, ODS) or a CSV: a row for each measure and month, or the months side by side. You see everything before anything is saved.
import-choose = Choose a file
import-choose-other = Choose another file
import-reading = Reading the file…
import-saved =
    { $count ->
        [one] { $count } row is saved.
       *[other] { $count } rows are saved.
    }
import-see = See the grid
import-preview = Preview
import-preview-of = Preview: { $file }
import-counts = New rows: { $added }; changed: { $changed }; already there: { $same }.
import-errors =
    { $count ->
        [one] { $count } error in the file.
       *[other] { $count } errors in the file.
    }
import-errors-safe = Nothing is saved. Correct the file, then choose it again.
import-sheet = Sheet
import-prepare = Prepare a workbook to fill
import-prepared = The workbook is here: { $path }
book-code = Code
book-counted = What is counted
book-number = Number
book-entry = Entry
book-entry-lead = Fill the months, keep the codes, then choose this workbook in Measure, Import. Without data: the reason, as on the sheet of reasons.
book-reasons = Reasons
book-refused = A number or a reason
book-refused-why = This takes a number from zero up, one of the reasons on the sheet “Reasons”, or a dash. An empty cell stays without an answer.
book-data = Data
book-goal = Goal
book-signal = Signal
book-remarks = Remarks
book-events = Events and trials
book-definition = Definition: { $source }
book-written = Written by { $by } on { $day } with Ɲɛtaa.
book-no-data = no data: { $reason }
book-incomplete = not complete yet
book-excluded = left out by { $by }: { $reason }
book-taken-back = { $what }, taken back
book-decisions = Decisions
book-day = Day
book-who = Who
book-what = What
book-set = Setting
book-why = Why
book-until = Until
picture-label = Take this chart along
picture-title = { $measure }, { $place }
picture-copy = Copy the picture
picture-png = PNG picture
picture-svg = SVG picture
picture-pdf = PDF page
picture-book = Data (XLSX)
picture-saved = The file is here: { $path }
picture-copied = The picture is copied: paste it into a document or a message.
picture-not-copied = This laptop does not let the picture be copied. Save it as PNG.
paper-page = { $page } of { $pages }
paper-pdf = Save as PDF
paper-word = Save as DOCX
paper-signature = Signature
paper-day = Date
import-columns = What does each column hold?
import-columns-lead = The headings in row { $row } do not say. Tell it once: Ɲɛtaa will remember for files with the same headings.
import-columns-missing = Still missing: { $missing }.
import-columns-read = Read with these columns
import-columns-change = Change the columns
import-columns-remembered = The columns are read as last time.
import-column-heading = Heading in the file
import-column-sample = Example
import-column-holds = Holds
import-column-none = nothing to read
import-column-month = month: { $month }
import-column-place = Place
import-column-indicator = Indicator
import-column-part = Numerator or denominator
import-column-period = Period
import-column-numerator = Numerator
import-column-denominator = Denominator
import-column-no-data = No data
import-done-before = This file was already imported on { $day }.
import-nothing = All that this file says is already here. Nothing to do.
import-apply-right =
    { $count ->
        [0] Write the refused rows into a file
        [one] Save { $count } right row, and write the refused ones into a file
       *[other] Save the { $count } right rows, and write the refused ones into a file
    }
import-refused = The refused rows are written here, each with its reason: { $path }. Correct this file, then choose it here.
import-refused-file = refused
import-refused-row = Row in the file
import-refused-why = Why refused
import-past = Imports done here
import-past-line =
    { $count ->
        [one] { $day }, { $by }: { $count } value
       *[other] { $day }, { $by }: { $count } values
    }
import-past-undone = undone on { $day }
import-undo = Undo this import
import-undo-ask =
    { $count ->
        [one] { $count } value will say again what it said before.
       *[other] { $count } values will say again what they said before.
    }
import-undo-kept =
    { $count ->
        [one] { $count } was changed since, and stays.
       *[other] { $count } were changed since, and stay.
    }
import-undo-yes = Yes, undo the import
import-undo-no = Keep the import
import-undone =
    { $count ->
        [one] The import is undone: { $count } value says again what it said before.
       *[other] The import is undone: { $count } values say again what they said before.
    }
import-undone-kept = Changed since, and left: { $values }.
import-row = Row
import-column = Column
import-value = Value
import-problem = Problem
import-measure = Measure
import-change = Change
import-new = new
import-same = already there
import-changed = replaces { $before }
import-question = to check
import-apply =
    { $count ->
        [one] Save { $count } row
       *[other] Save { $count } rows
    }
import-more =
    { $count ->
        [one] And { $count } more row.
       *[other] And { $count } more rows.
    }
import-error-missing-indicator = The indicator is missing.
import-error-unknown-indicator = This measure is not in the library. Write its code, for example MNCH-02.
import-error-missing-period = The month is missing.
import-error-not-a-period = This is not a month. Write for example 2026-03.
import-error-not-a-number = This is not a number.
import-error-negative = The number is negative.
import-error-missing-part = Is it the numerator or the denominator? Say so, or write both: 18/31.
import-error-too-large = The number is too large.
import-error-denominator-not-expected = This measure has no denominator.
import-error-unknown-reason = This reason is not known.
import-error-no-data-with-number = There is a number, and also “no data”.
import-error-extra-cell = One cell too many: perhaps a decimal comma in a file separated by commas.
import-error-month-ahead = This period has not come yet.
import-error-period-length = This measure is not counted over this length. Month: 2026-03; quarter: 2026-Q1; week: 2026-W07; year: 2026; day of an event: 2026-03-05.
import-error-other-place = This row belongs to another place.
import-error-duplicate = The same measure and month already stand in row { $row }.
sums-title = The measures of { $place }
sums-own = Our own measures
sums-lead = What the centres counted in their registers, added up by the server. A proportion counts only the centres that have both its numbers.
sums-measure = Measure
sums-together = One scale for all places
sums-none = No sum has arrived yet.
sums-none-hint = The server adds up what the centres send, some seconds later. Sync to receive it.
sums-none-act = Sync
chart-open = Open the chart
chart-page-title = { $measure }, { $place }
chart-side = What the chart says and what you do about it
chart-choose = Choose a point, with the mouse or with the arrows and Enter: what it says, and what can be noted.
chart-none = Nothing has been counted for this measure yet.
chart-none-hint = Take from the register what was counted already: ten points are enough for a first verdict.
chart-none-act = Enter figures
span-label = Time shown
span-earlier = Earlier
span-later = Later
span-closer = Look closer
span-wider = Look wider
span-seen = { $from } – { $to }. The sentence speaks of the whole measure.
phase-short = A phase has fewer than ten useful points: it does not say much yet.
sign-trials =
    { $count ->
        [one] Is it your trial?
       *[other] Is it one of your trials?
    }
sign-shows = What shows it?
sign-none = None of your trials began before it. What has changed?
sign-cycle = Open a cycle from this sign
point-counts = { $n } out of { $d }
point-incomplete = Under way: this point counts once its period is over.
point-incomplete-until = Not complete yet: this point counts from { $day }.
point-limits = Chance explains from { $lower } to { $upper }.
point-trial = Trial: { $label }
point-cell = See it in the grid
point-excluded = Left out by { $author } on { $day }: { $reason }
point-phase = A phase begins here, by { $author } on { $day }: { $reason }
point-frozen = Baseline frozen up to here, by { $author } on { $day }: { $reason }
point-include = Count it again
point-phase-back = Take it back
point-thaw = Freeze no longer
point-back = Take back
point-back-why = Why is it taken back?
point-exclude = Leave this point out
point-begin = Begin a phase here
point-freeze = Freeze the baseline up to here
point-mark = Note an event
point-exclude-why = Why is { $month } left out?
point-exclude-example = register flooded, ten days are missing
point-exclude-act = Leave out
point-phase-why = Why does the calculation begin anew in { $month }?
point-phase-example = new protocol, confirmed by the team
point-phase-act = Begin
point-freeze-why = Why is the baseline frozen on what goes until { $month }?
point-freeze-example = that was before our trials
point-freeze-act = Freeze
event-one = Event
event-new = What happened
event-by = Noted by { $author } on { $day }.
event-sort = What
event-starts = First day
event-ends = Last day
event-ends-hint = empty: a single day
event-alone = For this measure only
event-text = Details
event-text-example = bed nets, district store
event-remove = Remove this event
action-title = What we are doing
action-ask = What do we do, who, by when?
action-new = Agree an action
action-what = What do we do?
action-who = Who?
action-when = By when?
action-add = Agree
action-finish = It is done
action-due = { $who }, by { $day }
action-late = { $who }, it was due on { $day }
action-origin = Finding: { $origin }
action-closed = Done: { $text }
action-done = { $text }: { $who }, done on { $day }
action-done-count =
    { $count ->
        [one] One action done
       *[other] { $count } actions done
    }
action-by-coach = Agreed with the team
setting-change = Chart and rules
setting-rules = Rules
setting-why = Why this chart and these rules?
setting-example = asked for by the team, more than 12 months
setting-act = Set
goal-change = Set a goal
goal-value = Goal ({ $unit })
goal-from = From
goal-why = Why this goal?
goal-example = the last one has been met for six months
goal-act = Set the goal
past-title = Decisions on this chart
past-show = Who decided what
past-none = Nothing was decided: one phase, all points, the rules everyone begins with.
past-by = { $author }, { $day }.
past-phase = A phase begins in { $month }.
past-phase-back = The phase that began in { $month } is taken back.
past-freeze = The baseline is frozen on what goes until { $month }.
past-freeze-back = The baseline is no longer frozen.
past-exclude = { $month } is left out.
past-exclude-back = { $month } counts again.
past-goal = Goal of { $goal } from { $month } on.
past-goal-back = The goal from { $month } on is taken back.
past-setting = { $chart }. { $rules }.
past-setting-back = The first setting holds again.

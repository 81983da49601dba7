rail-supervision = Visits
supervision-title = Visits
supervision-lead = Choose the checklists of a visit and print the sheet. It follows the walk through the centre, and what several checklists ask stands on it once.
supervision-choose = Checklists, { $most } at most
supervision-size =
    { $critical ->
        [0] { $items } items
       *[other] { $items } items, { $critical } of them critical
    }
supervision-none-chosen = Choose a checklist: its items show here, in the order of the visit.
supervision-walk = Items in the order of the visit
supervision-walk-count =
    { $count ->
        [one] { $count } item, in the order of the visit
       *[other] { $count } items, in the order of the visit
    }
supervision-critical-item = { $item } (critical)
supervision-elsewhere = For a phone
supervision-xlsform = Kobo and ODK read these workbooks (XLSForm). Weights, critical items and places have columns of their own.
supervision-keep = XLSForm workbook: { $name }
supervision-sheet = Visit sheet { $names }
supervision-sheet-title = Supportive supervision sheet
supervision-centre = Centre
supervision-day = Date
supervision-how = One cross in one box a row. N/A: not applicable. The code is there to find the row again. A “no” to a critical item asks for a recommendation.
supervision-code = Code
supervision-item = Item
supervision-yes = Yes
supervision-no = No
supervision-na = N/A
supervision-remark = Number, remark
supervision-recommendations = Recommendations
supervision-recommendation = Recommendation
supervision-owner = Owner
supervision-level = Level
supervision-due = Due
supervision-sign-visitor = Supervisor: name and signature
supervision-sign-centre = Centre: name and signature
supervision-version = { $name }, version { $version }.
station-arrival = Arrival
station-maternity = Maternity
station-antenatal = Antenatal care and family planning
station-consultation = Consultation
station-pharmacy = Pharmacy
station-office = Office
station-community = Community
station-feedback = Feedback
station-elsewhere = Elsewhere
supervision-answer = Answer
form-title = Kobo or ODK form
form-lead = Open an XLSForm workbook to see what it becomes as a checklist. Then print it or keep it; a form of the same name makes a new version.
form-file = An XLSForm
form-count =
    { $count ->
        [one] { $count } question.
       *[other] { $count } questions.
    }
form-languages = Languages: { $languages }.
form-whole = All of it is taken over.
form-notices =
    { $count ->
        [one] { $count } remark
       *[other] { $count } remarks
    }
form-at = { $sheet }, row { $row }
form-logic-relevant = the condition
form-logic-constraint = the constraint
form-logic-required = whether it is required
form-logic-calculation = the calculation
form-logic-choice-filter = the filter of choices
form-logic-rounds = the number of repeats
form-notice-duplicate-column = two columns have the heading “{ $heading }”. The first is read.
form-notice-unknown-type = the type “{ $kind }” is not known. The question stays and cannot be answered.
form-notice-from-file = its choices are in another file, { $file }. The question stays and cannot be answered.
form-notice-missing-include = a part of the form is in another file, { $file }. It is missing.
form-notice-no-type = the row has no type. It is left out.
form-notice-no-name = the row had no name. It got one.
form-notice-renamed = was called “{ $from }”, a name that is taken, reserved or impossible.
form-notice-missing-calculation = is to be worked out, and nothing says how.
form-notice-missing-list = the list of choices “{ $list }” is missing. The question stays and cannot be answered.
form-notice-misread = { $logic } cannot be read and is left out.
form-notice-unknown-function = { $logic } uses the function { $function }, which is not known here, and is left out.
form-notice-too-long = { $logic } is longer than is read and is left out.
form-notice-unknown-name = { $logic } asks for “{ $asked }”, which is not in the form, and is left out.
form-notice-too-deep = too many groups within one another. This one is put beside the last.
form-notice-stray-end = a group ends that never began.
form-notice-no-end = the group has no end. It ends with the form.
form-notice-loop = repeats for each choice of “{ $list }”. It is asked once.
form-notice-other-language = the language “{ $language }” is neither French nor English. Its texts are left out.
form-notice-media = the column “{ $heading }” asks for pictures or sounds. They are left out.
form-notice-not-a-mark = “{ $value }” is no weight, number or mark. It is left out.
form-notice-of-the-telephone = “{ $kind }” asks the telephone alone. Nobody answers it.
supervision-part = { $title } ({ $list })
form-questions = Questions
supervision-lists = Sheets to print
visit-yes = Yes
visit-no = No
visit-na = Not applicable
visit-at = Visit: { $place }
visit-own-at = Self-assessment: { $place }
visit-planned-for = planned for { $day }
visit-saving = Saving…
visit-saved = Saved
visit-returned-why = To correct: { $why }
visit-list-unknown = The checklist “{ $name }”, version { $version }, is not on this computer yet. Its answers are kept.
visit-correct-why = Why correct this closed visit? The correction stays visible.
visit-sections = Parts of the visit
visit-earlier = Earlier recommendations
visit-earlier-lead = Go through each with the team: it is done, with what shows it, or it goes on.
visit-earlier-who = { $who }, { $level }, { $day }
visit-earlier-done = Done on { $day }: { $evidence }
visit-earlier-carried = Goes on.
visit-earlier-close = It is done
visit-earlier-carry = It goes on
visit-earlier-next = On to the questions
visit-of = { $done } of { $count }
visit-where = { $section }, question { $at } of { $count }
visit-was = in { $month }: { $answer }
visit-was-later = The answer of the visit before is shown after yours.
visit-recommended = Recommendation: { $text } ({ $who })
visit-critical = Critical question
visit-critical-no = A critical “no” asks for a recommendation: what, who, when, by what means.
visit-recommend-hint = A recommendation becomes an action of the centre and comes back at the next visit.
visit-key-recommend = recommendation
visit-key-note = note
visit-key-later = later
visit-key-back = back
visit-disabled = This question cannot be answered here.
visit-read = Read
visit-count-of = of { $of }
visit-next = Next
visit-refused = This answer is not possible here. It is not kept.
visit-out-of-rule = This answer is kept, but it does not count: it is outside what the question allows.
visit-mark = Observation
visit-mark-real = real
visit-mark-simulated = simulated
visit-note = Note
visit-critical-count =
    { $count ->
        [one] { $count } critical “no”
       *[other] { $count } critical “no”
    }
visit-percent = { $percent }%
visit-class-weak = weak
visit-class-fair = fair
visit-class-good = good
visit-recommendations =
    { $count ->
        [one] { $count } recommendation
       *[other] { $count } recommendations
    }
visit-by-code = Enter from paper
visit-finish = Finish the visit…
visit-result = Result
code-lead = Type the code of a row of the sheet, then its answer. Without a code it is the next row. The end of the code is enough: “DIA-03” or “dia3”.
code-yes-no = 1 yes, 2 no
code-yes-no-na = 1 yes, 2 no, 3 not applicable
code-figure = answer
code-take = Keep the answer
code-close = Close
code-unknown = No row, or several, for “{ $code }”.
code-all = Every row has an answer.
code-refused = The answer of { $code } is not possible. It is not kept.
code-out-of-rule = The answer of { $code } is kept, but it does not count: it is outside what the question allows.
code-left =
    { $count ->
        [0] No row is left without an answer.
        [one] { $count } row is left without an answer.
       *[other] { $count } rows are left without an answer.
    }
code-lacking =
    { $count ->
        [one] { $count } critical “no” waits for a recommendation.
       *[other] { $count } critical “no” wait for a recommendation.
    }
visit-new-lead = Choose one to three checklists. What several of them ask is asked once.
visit-own-lead = Answer among yourselves, as the district would. The result stays apart from that of visits.
visit-begin = Begin now
visit-own-begin = Begin
visit-plan-day = Or plan it for
visit-plan = Plan the visit
visit-planned-title = Planned visit
visit-planned-lead = It begins with the first answer. Change its day, or call it off.
visit-move = Change the day
visit-move-day = New day
visit-move-why = Why change the day?
visit-call-off = Call the visit off
visit-call-off-why = Why call it off?
visit-called-off-why = Called off: { $why }
visit-restore = Plan the visit again
visit-restore-why = Visit planned again
visit-last-on = last visit on { $day }
visit-new = New visit
visit-own = Assess ourselves
visit-none = No visit yet
visit-none-coach = Begin a visit here, or print the sheet of a checklist to leave with paper.
visit-none-centre = Visits of the district show here after an exchange. You can also assess yourselves by the same checklists.
visit-row = visit of { $day }
visit-row-own = self-assessment of { $day }
visit-open =
    { $open ->
        [one] { $open } recommendation open of { $count }
       *[other] { $open } recommendations open of { $count }
    }
visit-state-planned = planned
visit-state-under-way = under way
visit-state-returned = to correct
visit-state-called-off = called off
visit-no-places = No centre to visit
visit-no-places-hint = The centres of the district appear here after a first exchange.
visit-coming = Planned and under way
visit-needed = Centres
visit-not-needed = Last visit on { $day }
visit-choose = Visit
visit-why-critical = Critical recommendation open: { $text }
visit-why-never = Never visited
visit-why-overdue = Last visit on { $day }, more than three months ago
visit-why-no-data = No data since { $month }
visit-why-no-data-ever = No data received
visit-why-signal = { $measure }: the chart goes the wrong way since { $since }
visit-why-silent = Its computer was last heard of on { $day }
visit-why-unsent = Its computer holds work that was not sent; last contact on { $day }
visit-why-unsent-ever = Its computer holds work that was not sent
visit-coverage = Visits, { $quarter }
visit-quarter-before = Quarter before
visit-quarter-after = Quarter after
visit-coverage-planned = planned
visit-coverage-done = done
visit-coverage-fed-back = fed back
visit-coverage-closed = without an open recommendation
visit-coverage-places =
    { $count ->
        [one] The district has { $count } centre.
       *[other] The district has { $count } centres.
    }
visit-coverage-none = None.
visit-answers = The answers
visit-go-on = Go on with the questions
visit-closed-by-own = closed on { $day }, signed by { $visitor }
visit-closed-by = closed on { $day }, signed by { $visitor } and { $received }
visit-lacks = Recommendation to be written
visit-compared = Self-assessment and visit
visit-agreement =
    { $alike ->
        [one] Agreement: { $percent }% ({ $alike } answer of { $both }).
       *[other] Agreement: { $percent }% ({ $alike } answers of { $both }).
    }
visit-compared-own = The self-assessment of { $day }
visit-compared-visit = The visit of { $day }
visit-differs = Visit: { $mine }. The centre: { $theirs }.
visit-differs-own = The centre: { $mine }. Visit: { $theirs }.
visit-close = Finish and sign
visit-still-open =
    { $count ->
        [one] { $count } question without an answer. It does not count in the score.
       *[other] { $count } questions without an answer. They do not count in the score.
    }
visit-still-lacking =
    { $count ->
        [one] { $count } critical “no” still waits for its recommendation.
       *[other] { $count } critical “no” still wait for their recommendation.
    }
visit-sign-visitor = For the visit: names
visit-sign-centre = For the centre: name
visit-sign-own = Who answered
visit-sign-hint = Names and signatures stand on the feedback sheet. Who has not signed here signs on paper.
visit-close-now = Finish the visit
visit-fed-back = Sheet given to the centre
visit-fed-back-on = Sheet given on { $day }
visit-return = Return for correction
visit-return-why = What is to be corrected?
visit-answers-history = Answers and their history
feedback-name = Feedback { $place } { $day }
feedback-title = Feedback sheet
feedback-own-title = Self-assessment
feedback-lists = Checklists
feedback-visitor = Visited by
feedback-note = Overall finding
feedback-critical = Critical items answered “no”
feedback-no-critical = None.
feedback-no-recommendation = No recommendation.
feedback-done = done on { $day }
feedback-scores = Scores
feedback-section = Part
feedback-score = Score
feedback-answered = Answers
feedback-scored = { $name }: { $score }
feedback-sign-visitor = Supervisor: { $name }, signature
feedback-sign-centre = Centre: { $name }, signature
filled-name = Answers { $place } { $day }
filled-title = Visit sheet, filled in
kind-visit = visit
kind-answer = answer of a visit
field-own-name = self-assessment
field-lists-name = checklists
field-planned-name = planned day
field-begun-name = begun
field-closed-name = closed
field-visitor-name = signed for the visit
field-received-name = signed for the centre
field-fed-back-name = fed back
field-note-name = note
field-returned-name = returned for correction
field-visit-name = visit
field-list-name = checklist
field-item-name = question
field-round-name = round
field-value-name = answer
field-mark-name = observation
mission-name = Mission report { $days }
mission-title = Supervision mission report
mission-between = { $first } to { $last }
mission-places = Centres visited
mission-team = Team
mission-whole = Overview
mission-one = { $place }, { $day }
mission-needs = What is expected of other levels
mission-owed = { $place }: { $text }
mission-sign = The supervisor: name, date and signature
action-from-visit = Visit of { $day }
visit-improve = Begin a cycle on it
visit-finding = Visit of { $day }: “no” to “{ $item }”
circuit-open =
    { $count ->
        [one] { $count } open recommendation
       *[other] { $count } open recommendations
    }
circuit-name = Supervision circuit
circuit-title = Supervision circuit
circuit-day = Day { $number }
circuit-discreet = Discreet form, without people’s names or dates
visit-figures = Charts and re-count
visit-figures-close = close
visit-figures-none = The team has no cycle under way with a measure.
visit-recount = Re-count in the register
visit-recount-lead = Count a month again in the register: the reported figure stays beside it, as it was on the day.
visit-recount-measure = Measure
visit-recount-month = Month
visit-recount-reported = Reported: { $figure }
visit-recount-nothing = nothing
visit-recount-note = Where the difference comes from
visit-recount-save = Keep the re-count
visit-recount-remove = Remove the re-count
visit-recount-said = Reported: { $reported }. Register: { $counted }.
visit-recount-same = The register says the same.
visit-recount-near =
    { $side ->
        [below] The register has { $percent }% less ({ $part ->
            [n] numerator
           *[d] denominator
        }), within the tolerance.
       *[above] The register has { $percent }% more ({ $part ->
            [n] numerator
           *[d] denominator
        }), within the tolerance.
    }
visit-recount-far =
    { $side ->
        [below] To be explained: the register has { $percent }% less ({ $part ->
            [n] numerator
           *[d] denominator
        }).
       *[above] To be explained: the register has { $percent }% more ({ $part ->
            [n] numerator
           *[d] denominator
        }).
    }
visit-recount-unreported = To be explained: zero was reported, the register has some.
visit-recount-line = { $measure }, { $month }: { $said }
visit-key-photo = photo
visit-photo-there = Photo taken
visit-sign-here = Sign here, with the mouse or a finger, or later on paper.
visit-sign-clear = Clear and sign again
visit-sign-drawn = Signature: { $name }
value-drawn = drawn signature
field-visitor-drawn-name = signature for the visit
field-received-drawn-name = signature for the centre

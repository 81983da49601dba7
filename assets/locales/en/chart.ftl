chart-of = Chart: { $measure }
chart-points = Points of the chart
chart-point = { $month }: { $value }
chart-point-counts = { $month }: { $counts }, that is { $value }
chart-point-empty = { $month }: nothing entered
chart-point-no-data = { $month }: no data, { $reason }
chart-unfinished = (under way)
chart-better = improvement
chart-worse = worsening
chart-goal = Goal
chart-median = Median
chart-scale = scale from 0 to { $top }
chart-mean = Mean
chart-line-median = the median
chart-line-mean = the mean
chart-limit-upper = upper limit
chart-limit-lower = lower limit
chart-numerator = number
chart-denominator = out of
chart-count = number
chart-part = Drawn here: { $part }
chart-redefined = definition changed
chart-source =
    Source: { $register }{ $column ->
        [none] .
       *[other] , “{ $column }”.
    }
chart-rule = { $rules }, on the median of the complete points.
chart-rule-limits = { $chart }: limits at 3 sigma. { $rules }, on the complete points.
chart-trial = Fewer than twelve points: the limits will still move.
chart-choice = Kind of chart
chart-suggested = Advice:
advice-defined = this measure is read on a run chart.
advice-small-numbers = fewer than five cases are expected at each point, limits would be too rough. Stay with the run chart.
advice-proportion = for a part of a whole, the P chart shows what chance explains with these numbers.
advice-large-proportion = with thousands of people at each point, the P′ chart corrects limits that would be too narrow.
advice-rate = for a rate, the U chart shows what chance explains with these numbers.
advice-large-rate = with thousands of people at each point, the U′ chart corrects limits that would be too narrow.
advice-count = for a number of events, the C chart shows what chance explains.
advice-measurement = for one measurement at each point, the I chart shows what chance explains.
advice-one-by-one = rare events, noted one by one: the chart shows what lies between them.
advice-rare-events = less than one case at each point: the G chart counts what lies between two cases, and tells more than months at zero.
advice-same-day = two events on one day, which a T chart cannot part. Stay with the run chart.
advice-several-values = several measurements a month: the X̄ chart shows their mean, the S chart beneath how far they lie apart.
unfit-no-denominator = No denominator.
unfit-not-a-part = It is not a part of a whole.
unfit-a-part = It is a part of a whole: take the P chart.
unfit-not-events = It does not count events.
unfit-sizes-differ = The number of people changes from point to point.
unfit-one-value = Only one value a month; several are needed.
unfit-one-by-one = Each value is one event already.
unfit-not-rare = They are not rare events to be spaced out.
unfit-several-at-once = Several cases fall into one period: what lies between them is not known.
unfit-few-events = Fewer than two intervals between cases.
unfit-no-days = The day of each case is not noted.
unfit-same-day = Two cases on one day: there is no time between them.
chart-unfit = “{ $chart }” can no longer be drawn of these figures. { $why } Here is the run chart.
chart-drawn-range = distance of each value from the one before
chart-drawn-mean = mean of the values of each month
chart-drawn-spread = standard deviation of the values of each month
chart-drawn-cases = “{ $cases }” between two cases, to within one period
chart-drawn-days = days between two cases
chart-unit-days = days
chart-hollow = Hollow: not complete yet.
caution-rains =
    { $months ->
        [one] This measure follows the rains, and only one month is seen: a sign may come from the season. Compare with the same month of last year.
       *[other] This measure follows the rains, and only { $months } months are seen: a sign may come from the season. Compare with the same month of last year.
    }
caution-hunger-gap =
    { $months ->
        [one] This measure follows the hunger gap, and only one month is seen: a sign may come from the season. Compare with the same month of last year.
       *[other] This measure follows the hunger gap, and only { $months } months are seen: a sign may come from the season. Compare with the same month of last year.
    }
caution-years-alike = The same months of the last two years stand alike: a sign may come from the season. Compare with the same month of last year.
caution-carried-over = A stock depends on that of the month before: the rules then find signs more often than there are.
chart-diamond = Diamond: value to check.
chart-table = { $measure }: values of the chart
chart-month = Period
chart-value = Value
chart-events = Trials
verdict-surveillance = This measure takes neither goal nor verdict: it tells of the disease, not of the care.
verdict-not-judged = This measure takes no goal: the choice belongs to the woman.
verdict-too-early =
    { $have ->
        [one] { $have } useful { $periods } of { $need }: too early to tell. Keep counting.
       *[other] { $have } useful { $periods } of { $need }: too early to tell. Keep counting.
    }
verdict-no-sign = No sign of change: chance is enough to explain this variation.
verdict-better = Improvement:
verdict-worse = Worsening:
verdict-changed = Change:
verdict-above = { $length } { $periods } in a row above { $line }, since { $since }.
verdict-below = { $length } { $periods } in a row below { $line }, since { $since }.
verdict-was-above = { $length } { $periods } in a row above { $line }, from { $since }; it is no longer so.
verdict-was-below = { $length } { $periods } in a row below { $line }, from { $since }; it is no longer so.
verdict-few-crossings = the line crosses { $line } only { $crossings } times; chance would make it cross at least { $needed } times.
verdict-better-found = A rise may also come from better detection.
verdict-outside-above =
    { $count ->
        [one] { $last } is higher than chance explains.
       *[other] { $count } { $periods } lie outside what chance explains; the last one, { $last }, above.
    }
verdict-outside-below =
    { $count ->
        [one] { $last } is lower than chance explains.
       *[other] { $count } { $periods } lie outside what chance explains; the last one, { $last }, below.
    }
reach-always = As it is, this process meets the goal ({ $goal }) every time.
reach-sometimes = As it is, this process meets the goal ({ $goal }) now and then, by chance.
reach-never = As it is, this process will not meet the goal ({ $goal }): something has to change.
reach-changing = Can it reach the goal? It will be known once a new phase has begun, for the process is changing.
reach-too-early = Can it reach the goal? { $have } complete points of { $need }: too early to tell.
rules-anhoej-2014 = Anhøj rules (2014)
rules-ihi-2011 = IHI rules (2011)
rules-mdc-2024 = Making Data Count (2024)
rules-western-electric-1956 = Western Electric rules (1956)
rules-nelson-1984 = Nelson rules (1984)
rules-anhoej-2014-hint = For everyone: what chance does not explain, by the number of points.
rules-ihi-2011-hint = Six points on one side, five that rise or fall.
rules-mdc-2024-hint = Seven points on one side, and points near the limits.
rules-western-electric-1956-hint = Four patterns, more false alarms.
rules-nelson-1984-hint = Eight patterns, for an analyst.
rule-outside = Outside the limits.
rule-run = Part of a long run on one side.
rule-trend = Part of a stretch that rises or falls.
rule-two-of-three = Two points of three near the same limit.
rule-four-of-five = Four points of five far from the centre, on one side.
rule-alternating = Part of a stretch that goes up and down in turn.
rule-beyond-one = Part of a stretch far from the centre, on both sides.
rule-within-one = Part of a stretch too close to the centre.
verdict-rising = { $length } { $periods } in a row rising, since { $since }.
verdict-falling = { $length } { $periods } in a row falling, since { $since }.
verdict-was-rising = { $length } { $periods } in a row rising, from { $since } on; no longer so.
verdict-was-falling = { $length } { $periods } in a row falling, from { $since } on; no longer so.
verdict-pattern-two-of-three = two points of three near the same limit, the last { $last }.
verdict-pattern-four-of-five = four points of five far from the mean, on one side, the last { $last }.
verdict-pattern-alternating = fourteen points up and down in turn, until { $last }: two sources mixed?
verdict-pattern-beyond-one = eight points far from the mean, on both sides, until { $last }: two sources mixed?
verdict-pattern-within-one = fifteen points too close to the mean, until { $last }: were the figures copied?
verdict-pattern-few-runs = the line changes sides more rarely than chance would make it.
verdict-pattern-many-runs = the line changes sides more often than chance would make it: two sources mixed?
chart-method-phases =
    { $count ->
        [one] A single phase.
       *[other] { $count } phases, each computed alone; the sentence speaks of the last.
    }
chart-method-frozen = Baseline frozen until { $month }.
chart-method-excluded =
    { $count ->
        [one] One point is left out.
       *[other] { $count } points are left out.
    }
chart-struck = Struck circle: point left out.
chart-left-out = (left out)
chart-mark-open = Open “{ $label }”
event-stock-out = Stock-out
event-strike = Strike
event-staff-change = Someone left or came
event-supervision = Supervision
event-rains = Rainy season
event-malaria-prevention = Malaria chemoprevention
event-vaccination-days = Vaccination days
event-ramadan = Ramadan
event-campaign = Campaign
event-other = Another event
event-named = { $word }: { $label }
event-on = { $word }, { $day }
event-between = { $word }, { $from } to { $to }
chart-phase-mark = New phase: { $reason }

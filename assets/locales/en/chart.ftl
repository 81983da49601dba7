chart-of = Chart: { $measure }
chart-points = Months of the chart
chart-point = { $month }: { $value }
chart-point-counts = { $month }: { $counts }, that is { $value }
chart-point-empty = { $month }: nothing entered
chart-point-no-data = { $month }: no data, { $reason }
chart-unfinished = (under way)
chart-better = improvement
chart-worse = worsening
chart-goal = Goal { $value }
chart-median = Median
chart-mean = Mean
chart-line-median = the median
chart-line-mean = the mean
chart-limit-upper = upper limit
chart-limit-lower = lower limit
chart-numerator = number
chart-denominator = out of
chart-count = number
chart-source =
    Source: { $register }{ $column ->
        [none] .
       *[other] , “{ $column }”.
    }
chart-rule = Anhøj rules (2014), on the median of the complete points.
chart-rule-limits = { $chart }: limits at 3 sigma and Anhøj rules (2014), on the complete points.
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
advice-one-by-one = rare events are read one by one, which figures by month do not tell. Stay with the run chart.
chart-hollow = Hollow: not complete yet.
chart-diamond = Diamond: value to check.
chart-table = { $measure }: values of the chart
chart-month = Month
chart-value = Value
chart-events = Trials
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
reach-always = As it is, this process meets the goal ({ $goal }) every month.
reach-sometimes = As it is, this process meets the goal ({ $goal }) in some months, by chance.
reach-never = As it is, this process will not meet the goal ({ $goal }): something has to change.
reach-changing = Can it reach the goal? It will be known once a new phase has begun, for the process is changing.
reach-too-early = Can it reach the goal? { $have } complete months of { $need }: too early to tell.

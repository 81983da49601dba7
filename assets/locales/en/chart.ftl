chart-of = Chart: { $measure }
chart-points = Months of the chart
chart-point = { $month }: { $value }
chart-point-counts = { $month }: { $counts }, that is { $value }
chart-point-empty = { $month }: nothing entered
chart-point-no-data = { $month }: no data, { $reason }
chart-unfinished = (month under way)
chart-better = improvement
chart-worse = worsening
chart-goal = Goal { $value }
chart-median = Median
chart-numerator = number
chart-denominator = out of
chart-count = number
chart-source =
    Source: { $register }{ $column ->
        [none] .
       *[other] , “{ $column }”.
    }
chart-rule = Anhøj rules (2014), on the median of the complete months.
chart-hollow = Hollow: month under way.
chart-diamond = Diamond: value to check.
chart-table = { $measure }: values of the chart
chart-month = Month
chart-value = Value
chart-events = Trials
verdict-not-judged = This measure takes no goal: the choice belongs to the woman.
verdict-too-early =
    { $have ->
        [one] { $have } useful month of { $need }: too early to tell. Keep counting.
       *[other] { $have } useful months of { $need }: too early to tell. Keep counting.
    }
verdict-no-sign = No sign of change: chance is enough to explain this variation.
verdict-better = Improvement:
verdict-worse = Worsening:
verdict-changed = Change:
verdict-above = { $length } months in a row above the median, since { $since }.
verdict-below = { $length } months in a row below the median, since { $since }.
verdict-was-above = { $length } months in a row above the median, from { $since }; it is no longer so.
verdict-was-below = { $length } months in a row below the median, from { $since }; it is no longer so.
verdict-few-crossings = the line crosses the median only { $crossings } times; chance would make it cross at least { $needed } times.
verdict-better-found = A rise may also come from better detection.

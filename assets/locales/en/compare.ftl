compare-open = Before and after
compare-name = Before and after
compare-title = Before and after: { $measure }
compare-print = Print
compare-empty = There is no before and after yet.
compare-empty-hint = Figures are needed on either side of a trial or a date.
compare-empty-act = Enter figures
compare-around = Before and after what?
compare-marks = On the chart
compare-mark = { $label }, { $period }
compare-dates = Another date
compare-before = Before
compare-after = After
compare-from = first
compare-to = last
compare-counted = counted
compare-median = median
compare-length = complete
compare-none = nothing
compare-points =
    { $count ->
        [one] { $number } point
       *[other] { $number } points
    }
compare-unit = { $number } { $unit }
compare-more = { $by } more than before. The true difference is probably between { $lower } and { $upper } more.
compare-less = { $by } less than before. The true difference is probably between { $upper } and { $lower } less.
compare-chance-more = { $by } more than before, but chance alone explains it: the true difference lies between { $lower } less and { $upper } more.
compare-chance-less = { $by } less than before, but chance alone explains it: the true difference lies between { $lower } less and { $upper } more.
compare-too-few = Too early to compare: { $need } complete points are needed before, and as many after.
compare-moving-before = Before, the measure was not stable (a run, or a point outside what chance explains): its middle means nothing there. Choose other dates.
compare-moving-after = After, the measure is not stable (a run, or a point outside what chance explains): its middle means nothing there. Choose other dates.
compare-moving-both = The measure is stable neither before nor after: its middle means nothing. Choose other dates.
compare-by-proportions = Difference of two proportions, 95% interval of Newcombe (1998, method 10):
compare-by-rates = Difference of two rates, 95% interval of Li and others (2011):
compare-by-months = Shift between the points of the two stretches, 95% interval of Hodges and Lehmann:
compare-sure = from { $lower } to { $upper }.

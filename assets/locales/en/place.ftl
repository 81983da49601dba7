place-below = Places supported
place-cycles =
    { $count ->
        [one] { $count } cycle
       *[other] { $count } cycles
    }
place-last-month = last figures: { $month }
place-no-month = no figures yet
place-open = Open
place-open-named = Open: { $place }
place-people = People
place-phone-read = See the telephone
place-phone-read-named = See the telephone of { $name }
place-phone-hide = Hide
place-phone-hide-named = Hide the telephone of { $name }
place-phone-add = Add a telephone
place-phone-add-named = Add the telephone of { $name }
place-phone-change = Change
place-phone-change-named = Change the telephone of { $name }
place-phone-label = Telephone of { $name }
place-phone-kept = telephone kept
place-phone-hint = Read only by the person, those in charge of the centre and the district. Each reading is noted.
place-phone-erase = Erase the number
place-phone-erase-ask = Erase this number for good? This laptop erases it at once; the others, at their next sync or stick. Backups that exist already keep it until new ones replace them.
place-phone-erase-act = Erase for good
place-add = Add a village
place-add-name = Name of the village
place-add-button = Add
place-reading = Reading
place-text = Text size
place-text-size = { $size }%
place-contrast = High contrast, for bright sun
place-reading-hint = Size and contrast last until the window closes.
place-export = Export the values
place-export-hint = A CSV file with all the values of this place, readable by a spreadsheet. No patient’s name exists in Ɲɛtaa.
place-export-act = Export
place-exported = The file is here: { $path }
place-version = Ɲɛtaa { $version }
place-removed = What was removed
place-removed-hint = Nothing is lost: a test, an idea or a comment that was removed can be put back.
place-removed-act = See what was removed
removed-title = What was removed
removed-lead = All that was removed here is kept, without limit of time. Putting a thing back gives it back as it was.
removed-none = Nothing was removed here.
removed-none-hint = What is removed from a cycle or a chart will come here.
removed-many = { $by } removed { $count } things at once, on { $when }.
removed-many-values = { $by } emptied the figures of { $count } cells at once, on { $when }.
removed-many-see = See
removed-many-restore = Put all back
removed-many-leave = It was meant
removed-many-back = { $count ->
        [one] { $count } thing is in its place again.
       *[other] { $count } things are in their place again.
    }
removed-many-lacking = { $count ->
        [one] One cell waits: its figures are not on this computer.
       *[other] { $count } cells wait: their figures are not on this computer.
    }
removed-by = removed by { $author }, { $when }
removed-restore = Put back
removed-restore-named = Put back: { $label }
removed-back = “{ $label }” is in its place again.

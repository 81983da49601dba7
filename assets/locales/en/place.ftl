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

rail-sections = Sections
rail-today = Today
rail-improve = Improve
rail-measure = Measure
rail-share = Share
rail-centre = Our centre
rail-district = Our district
rail-office = Our office
rail-sync = Sync
head-help = Help
head-place = Place: { $place }. Change place
practice-banner = Example: nothing is sent.
practice-detail = Try everything: your real work is kept apart.
fell-back = This laptop was found in an earlier state.
fell-back-again =
    { $saves ->
        [one] One save was missing; it is back
       *[other] { $saves } saves were missing; they are back
    } from the backup of { $moment }.
fell-back-part =
    { $saves ->
        [one] One save is missing that the backup of { $moment } should have; not all of it could be read.
       *[other] { $saves } saves are missing that the backup of { $moment } should have; not all of it could be read.
    }
fell-back-since = What was written after { $moment } may be missing too: look at what you typed last.
fell-back-disk = The disk did not keep what it said it had written, or an old file was put in its place. If it happens again, have the laptop looked at.
fell-back-heed = I have read this
practice-leave = Leave the example
state-practice = Example
state-practice-detail = Nothing is sent
state-not-enrolled = Not connected yet
state-kept-here = Kept on this laptop
state-saves-here =
    { $count ->
        [one] { $count } entry kept here
       *[other] { $count } entries kept here
    }
state-up-to-date = Up to date
state-waiting =
    { $count ->
        [one] { $count } to send
       *[other] { $count } to send
    }
state-problem = Could not send
state-contact = Contact: { $day }
state-never-sent = Never sent
state-sending = Sending…
state-revoked = Laptop withdrawn
state-problem-count =
    { $count ->
        [one] { $count } to look at
       *[other] { $count } to look at
    }
state-carried =
    { $count ->
        [one] { $count } on a stick
       *[other] { $count } on a stick
    }
state-held =
    { $count ->
        [one] { $count } waiting for another
       *[other] { $count } waiting for others
    }
state-review = Values to choose
sure-question = Much would be removed
sure-yes = Yes, go on
sure-no = Change nothing

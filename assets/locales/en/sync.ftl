sync-kick = Sync
sync-sending = Sending…
sync-sending-detail = You may go on working. If the network fails, sending resumes where it was.
sync-sending-button = Sending…
sync-practice = The example never sends anything. Leave it to return to your work.
sync-not-enrolled = Everything is saved on this laptop. It is not connected to a server yet.
sync-safe = Everything is saved on this laptop.
sync-tries-again = The server has too many visitors at the moment. Everything is saved on this laptop, which will try again by itself on { $moment }. You can also send at once.
sync-since = The oldest entry has been waiting since { $moment }.
sync-all-sent = Everything is sent, and everything that was there is here.
sync-clock = The clock of this laptop is { $minutes } minutes off the server’s. Your entries are kept; set the clock.
sync-review =
    { $count ->
        [one] { $count } place where two people wrote
       *[other] { $count } places where two people wrote
    }
sync-waiting = What is waiting
sync-changes =
    { $count ->
        [one] { $count } change
       *[other] { $count } changes
    }
sync-held =
    { $count ->
        [one] { $count } entry received waits for another that has not come yet.
       *[other] { $count } entries received wait for others that have not come yet.
    }
sync-now = Send now
sync-now-hint = Sends what is waiting and receives what others wrote.
sync-contact = Last contact
sync-never = No contact yet.
sync-days-ago =
    { $days ->
        [one] { $days } day ago
       *[other] { $days } days ago
    }
sync-server = Server: { $server }
sync-log = Last exchanges
sync-whole-log = Whole history
sync-result =
    { $sent ->
        [one] { $sent } entry sent
       *[other] { $sent } entries sent
    }, { $received } received, { $size }
sync-bytes = { $count } bytes
sync-kilobytes = { $count } kB
enrol-title = Connect this laptop
enrol-lead = The district gives you an address and an invitation code, which works once.
enrol-server = Server address
enrol-code = Invitation code
enrol-act = Connect
enrol-hint = Nothing is lost if this fails.
enrol-busy = Connecting to the server…
field-name-name = name
field-level-name = level
field-parent-name = place above
field-code-name = code
field-aliases-name = other names
field-same-as-name = same place
field-role-name = role
field-place-name = place
field-template-name = template
field-area-name = area
field-title-name = title
field-problem-name = problem
field-aim-who-name = aim, who
field-aim-what-name = aim, what
field-aim-from-name = aim, from
field-aim-to-name = aim, to
field-aim-by-name = aim, date
field-cause-name = cause
field-opened-name = opening date
field-status-name = status
field-cycle-name = cycle
field-post-name = post
field-since-name = start
field-until-name = end
field-indicator-name = measure
field-position-name = position
field-goal-name = goal
field-period-name = month
field-stratum-name = group
field-source-name = source
field-numerator-name = numerator
field-denominator-name = denominator
field-no-data-name = no data
field-explanation-name = explanation
field-text-name = text
field-said-name = text
field-phone-name = telephone
field-idea-name = idea
field-who-name = who
field-scale-name = how many, with whom
field-starts-name = start
field-ends-name = end
field-prediction-name = prediction
field-data-plan-name = what is counted
field-happened-name = what happened
field-seen-n-name = number seen
field-seen-d-name = out of how many
field-comparison-name = comparison
field-learned-name = what was learned
field-decision-name = decision
field-decided-name = decision date
field-trial-name = trial
field-what-name = what was done
field-conditions-name = conditions
field-cost-name = cost
field-evidence-name = evidence
field-main-cause-name = main cause
field-sex-name = sex
field-community-name = seat for the community
field-driver-name = driver
field-effort-name = effort
field-effect-name = effect expected
field-votes-name = votes
field-caption-name = caption
field-picture-name = picture
field-image-name = picture
field-observation-name = observation
field-category-name = family
field-standing-name = how sure we are
field-record-name = link
field-population-name = number of rows
field-size-name = rows drawn
field-seed-name = seed
field-first-name = first period
field-last-name = last period
field-version-name = version of the definition
field-variant-name = local definition
field-about-name = subject
field-day-name = day
field-reason-name = reason
field-chart-name = chart
field-rules-name = rules
field-sort-name = sort
field-due-name = by when
field-means-name = means
field-payer-name = who pays
field-started-name = begun on
field-given-up-name = why given up
field-reply-name = answer
field-venue-name = venue
field-extent-name = scale
field-after-name = goes on from
field-score-name = progress
field-agenda-name = agenda
field-notes-name = what was said
field-meeting-name = meeting
field-origin-name = finding
field-done-name = done on
field-deleted-name = removed
sync-clock-days = The clock of this laptop is { $days } days off the server’s. Your entries are kept; set the date and the time.
sync-clock-do = Click the time at the bottom of the laptop’s screen, then “Adjust date and time”. You may go on working and sending.
sync-big-waiting =
    { $count ->
        [one] { $count } entry waits
       *[other] { $count } entries wait
    }
sync-big-carried =
    { $count ->
        [one] { $count } entry on a stick
       *[other] { $count } entries on a stick
    }
sync-big-held =
    { $count ->
        [one] { $count } entry received waits for another
       *[other] { $count } entries received wait for others
    }
sync-big-problem =
    { $count ->
        [one] { $count } entry to look at
       *[other] { $count } entries to look at
    }
sync-carried-lead = Everything is saved on this laptop. What left on a stick will be “received” when the district or the server has said so.
sync-held-lead = Everything from here is sent. What was received is kept, and will show when the rest comes.
sync-carried-some =
    { $count ->
        [one] one of them on a stick, with no word yet
       *[other] { $count } of them on a stick, with no word yet
    }
sync-revoked = The district has withdrawn this laptop. What stands below has not reached the server yet: everything is kept here.
sync-review-safe = All values are kept.
sync-review-act = Review
sync-open = Open
sync-open-named = Open: { $name }
sync-retry = Send again
sync-retry-named = Send again: { $name }
sync-export = Export what is waiting
sync-waits = Received, and waiting for other entries
sync-waits-why = These entries came before those they build on. They are kept, and will show by themselves.
sync-waits-one = An entry
sync-waits-for = Waits for { $whom }
sync-waits-of =
    { $count ->
        [one] an entry of { $place }
       *[other] { $count } entries of { $place }
    }
sync-waits-late =
    { $count ->
        [one] One entry has been waiting for more than 30 days. Ask its place to send, by the network or on a stick.
       *[other] { $count } entries have been waiting for more than 30 days. Ask their places to send, by the network or on a stick.
    }
sync-aside = Put aside
sync-aside-lead = Nothing is lost: what could not be let in is kept apart, with its reason.
sync-aside-of =
    { $count ->
        [one] An entry of { $from }, { $place }
       *[other] { $count } entries of { $from }, { $place }
    }
aside-scope = Written for a place that this laptop may not write for.
aside-scope-do = The district can accept it or give the right: show them this line.
aside-revoked = Written on a laptop that the district had withdrawn.
aside-revoked-do = The district looks at these entries and can accept them.
aside-author-revoked = Written by someone whose access the district had ended.
aside-author-revoked-do = The district looks at these entries and can accept them. What follows waits with them.
aside-fork = Two copies of one laptop each wrote by itself.
aside-fork-do = Nothing to do: they are written again under a new name.
aside-unknown-sender = Comes from a laptop that nobody here knows.
aside-unknown-sender-do = If you know it, trust it on the USB stick page.
aside-newer = Comes from a newer version of Ɲɛtaa.
aside-newer-do = Install the new version: these entries will then come in by themselves.
aside-damaged = Arrived damaged.
aside-damaged-do = Ask that place to send again. If it comes back, tell your coach “{ $id }”.
sync-cancel = Stop sending
sync-stopping = Stopping…
sync-cancel-safe = What is gone is gone; the rest waits here. Nothing is lost.
stage-asking = Calling the server…
stage-sending = Sending: { $done } of { $total } entries, { $size }
stage-receiving = Receiving: { $done } of { $total } entries, { $size }
stage-receiving-some =
    { $done ->
        [one] Receiving: { $done } entry, { $size }
       *[other] Receiving: { $done } entries, { $size }
    }
stage-history = Receiving older history, { $size }
sync-megabytes = { $count } MB
sync-gigabytes = { $count } GB
log-title = Log of exchanges
log-lead = Every sending and receiving, by the network or by stick. The log stays after a restart.
log-none = No exchange yet.
log-none-hint = The first exchange, by the network or by stick, will be written here.
log-export = Export the log
log-export-hint = Without names of people or contents: it may be shown to whoever helps.
log-took = { $what }, in { $seconds } s
log-removed = { $what }. Others removed { $count } things at once: see “What was removed”.
log-nothing = Nothing to send, nothing new, { $size }
log-successor = The server was replaced. This laptop has recognised the new one; nothing is lost.
log-stick-out =
    { $sent ->
        [one] { $sent } entry copied onto a stick, { $size }
       *[other] { $sent } entries copied onto a stick, { $size }
    }
log-stick-in =
    { $received ->
        [one] { $received } entry taken from a stick, { $size }
       *[other] { $received } entries taken from a stick, { $size }
    }
review-position = Review, { $at } of { $count }
review-done = Chosen. { $said }
review-ask-many = All values are kept. Which one should be shown?
review-out-of = { $n } of { $d }
review-of = of { $d }
review-written = { $place }, { $moment }
review-choose-text = Show this text
review-choose-one = Choose…
review-ask-closed = Both texts are kept locked and cannot be read here. Ask for the right one, and write it.
review-right = Write the right text
review-third = Type a third value
review-third-act = Show this one
review-later = Later
review-why = Why several values
review-why-said = { $one } and { $other } wrote without having received each other’s entry yet. Nobody erased anything.
review-changes = What the choice changes
review-changes-text = What is read under “{ $what }”. The other texts stay in the history.
review-none = Nothing to choose.
review-none-hint = When two people write in the same place without seeing each other, both values are kept and the question comes here.
review-back = Back to sync
devices-title = Who has not synced
devices-lead = What each laptop said at its last contact. Silence often comes from the network or the power, not from people.
devices-none = No laptop yet.
devices-none-hint = The laptops that the server invited will appear here after the next exchange.
devices-late = No word for a while
devices-late-do = A visit with a stick brings their work back, without a network.
devices-never = Never in contact
devices-fresh = Have been in touch
devices-never-seen = Never seen
devices-today = Seen today
devices-seen =
    { $days ->
        [one] Seen { $days } day ago
       *[other] Seen { $days } days ago
    }
devices-not-seen =
    { $days ->
        [one] Not seen for { $days } day
       *[other] Not seen for { $days } days
    }
devices-waiting =
    { $count ->
        [one] { $count } entry was waiting
       *[other] { $count } entries were waiting
    }
devices-nothing-waited = Nothing was waiting
sync-aside-some =
    { $count ->
        [one] An entry, { $place }
       *[other] { $count } entries, { $place }
    }
sync-refused = The server put it aside.
aside-full = Too many entries of this laptop already lie aside on the server.
aside-full-do = The district must look at those first: call your coach.
stage-snapshot = Receiving the place as it is today: { $done } of { $total }
stage-snapshot-some = Receiving the place as it is today, { $size }
review-title-many = { $about }: several people wrote.
sync-copied-since = Since { $day } this laptop goes under a new name: it is a copy, or was restored from a backup.
sync-copied-do = This keeps things from getting mixed up. There is nothing for you to do; everything is kept.
sync-copied = This laptop is a copy, or was restored from a backup. It goes under a new name.
sync-stick = USB stick…
sync-stick-hint = Send and receive without a network.
stick-title = USB stick
stick-lead = What you write travels encrypted. Whoever carries the stick can neither read nor change it.
stick-which = Which stick?
stick-named = Stick “{ $name }”
stick-free = { $size } free
stick-ours = used by Ɲɛtaa before
stick-other = Another folder
stick-path = Folder
stick-none = Plug in the stick: it will appear here by itself.
stick-send = Put on the stick
stick-send-what =
    { $count ->
        [one] { $count } entry waits to be received by the district or the server.
       *[other] { $count } entries wait to be received by the district or the server.
    }
stick-send-nothing = Nothing waits here. The stick can still carry what others lack.
stick-send-safe = You may do it again as often as you like: nothing counts twice.
stick-send-act = Copy onto the stick
stick-sending = Copying onto the stick… Do not remove it.
stick-sent =
    { $count ->
        [one] { $count } entry of { $place } is on the stick. It will be “received” when the district or the server has said so.
       *[other] { $count } entries of { $place } are on the stick. They will be “received” when the district or the server has said so.
    }
stick-sent-nothing = No entry of { $place } was waiting. The stick carries what others may lack.
stick-sent-for = Readable only by: { $names }.
stick-sent-files =
    { $count ->
        [one] One file, { $size }.
       *[other] { $count } files, { $size }.
    }
stick-verified = Read back from the stick: all is there.
stick-remove = You may remove the stick.
stick-receive = Take from the stick
stick-receive-first = Choose the stick first.
stick-receive-none = No file of Ɲɛtaa on this stick.
stick-receive-act = Take what is new
stick-receiving = Reading the stick… Do not remove it.
stick-file-new = new
stick-file-new-saves =
    { $count ->
        [one] new, { $count } entry
       *[other] new, { $count } entries
    }
stick-file-unknown = unknown laptop
stick-file-not-for-us = for others: stays on the stick
stick-file-sealed = Encrypted file
stick-file-number = sending { $number }
stick-trust = Trust the laptop of { $person }, { $place }?
stick-trust-means = Say yes if this person is in front of you, or if you know this laptop. What it sends for its place will come in here. If you say no, nothing comes in and the file stays on the stick.
stick-trust-yes = Yes, I know it
stick-trust-no = No
stick-trusted =
    { $count ->
        [one] One more laptop will be trusted.
       *[other] { $count } more laptops will be trusted.
    }
stick-got =
    { $count ->
        [one] { $count } new entry was taken from the stick.
       *[other] { $count } new entries were taken from the stick.
    }
stick-got-nothing = Nothing new on the stick.
stick-got-known =
    { $count ->
        [one] { $count } was here already.
       *[other] { $count } were here already.
    }
stick-got-receipts =
    { $count ->
        [one] { $count } receipt has come.
       *[other] { $count } receipts have come.
    }
stick-got-not-for-us =
    { $count ->
        [one] One file is for others: it stays on the stick.
       *[other] { $count } files are for others: they stay on the stick.
    }
stick-damaged = { $file }: { $why }
cards-title =
    { $count ->
        [one] One trusted laptop
       *[other] { $count } trusted laptops
    }
cards-lead = What these laptops put on a stick for their place comes in here.
cards-forget = Trust no longer
cards-forget-named = Trust no longer: { $person }
devices-stick = Prepare a stick
aside-gap = Came before what precedes it.
aside-gap-do = Nothing to do: it will come in by itself when the rest arrives.
stick-file-card = card of a known laptop
stick-sent-card = Nobody is known here yet who could read your entries: only the card of this laptop is on the stick. Your entries stay here.
stick-sent-card-next = On the other laptop: take from the stick, say yes, copy onto the stick. Then here: take from the stick, say yes, and copy again.
stick-got-trusted =
    { $count ->
        [one] One more laptop is known here.
       *[other] { $count } more laptops are known here.
    }
stick-got-aside =
    { $count ->
        [one] { $count } entry lies aside, with its reason on the Sync page.
       *[other] { $count } entries lie aside, with their reasons on the Sync page.
    }
stick-reason-damaged = damaged: ask for a new copy
stick-reason-newer = of a newer version of Ɲɛtaa: install it first
stick-reason-too-large = too large: ask for a new copy
stick-reason-signature = not written by whom it names: nothing comes in
review-changes-value = What is read for { $month }, in the grid and on the chart. The other values stay in the history.
enrol-root = A certificate came with the invitation
enrol-root-hint = Choose the file. This laptop will then believe that server only.
devices-never-do = No laptop of these centres has been heard of yet: ask whether the code, the network or the laptop is missing.
stick-sent-others =
    { $count ->
        [one] The stick also carries one entry that others may not have yet.
       *[other] The stick also carries { $count } entries that others may not have yet.
    }
stick-server = the server
stick-files =
    { $count ->
        [one] One file to look at on the stick:
       *[other] { $count } files to look at on the stick:
    }
stick-files-known =
    { $count ->
        [one] One file was taken already.
       *[other] { $count } files were taken already.
    }
stick-file-known = already taken
sync-revoked-do = Send it, put these entries on a stick, or export them: someone at the district looks at them and can accept them. Once everything is handed in, this laptop keeps nothing.
sync-revoked-left = The district withdrew this laptop on { $day }. Everything saved on it was handed in to the server, then erased from here.
sync-revoked-left-do = Nothing is lost. Someone at the district looks at the last entries and can accept them. To work here again, ask your coach for an invitation: what the server holds will come back.
enrol-again = With a new invitation this laptop comes back under a new name, and your place’s data with it.
stage-stick = Opening the stick…
stage-stick-out = Copying: file { $at } of { $total }, { $size }
stage-stick-in = Reading: file { $at } of { $total }, { $size }
stick-cancel = Stop copying
stick-cancel-safe = Do not pull the stick out. Stopping waits for the end of the file in hand: what went through is whole.
stick-send-stopped = Copying was stopped. The files already on the stick are whole; start again whenever you like.
stick-receive-stopped = Reading was stopped. What was taken is kept; the rest is still on the stick.
demand-title = Read one centre
demand-lead = You receive the sums of all centres. Tick a centre to read its cycles and figures too. You read; you do not write there.
demand-none = No centre to read yet.
demand-none-hint = Centres appear here after an exchange, as soon as one of their laptops is known to the server.
demand-search = Find a centre or a district
demand-not-found = No centre is called “{ $wanted }”.
demand-no-district = Unknown district
demand-no-name = Centre without a name yet
demand-here = here
demand-coming = comes with the next exchange
demand-leaving = leaves with the next exchange
demand-next =
    { $count ->
        [one] One centre changes with the next exchange.
       *[other] { $count } centres change with the next exchange.
    }
sync-aside-unknown =
    { $count ->
        [one] One entry of a place unknown here
       *[other] { $count } entries of a place unknown here
    }
stick-files-more =
    { $count ->
        [one] And one more file.
       *[other] And { $count } more files.
    }
issue-title = Connect through the coach, without a network
issue-title-coach = Connect a laptop, without a network
issue-lead = A stick is enough: this laptop writes a request, the district’s coach answers, and work begins. The server confirms at the first contact.
issue-lead-coach = A new laptop of a centre in your district has written a request onto a stick. Make sure of the person, compare the signs, then answer.
issue-stick = Stick
issue-folder = Another folder
issue-folder-path = Path of the folder
issue-asked = Requests on this stick
issue-new-place = { $place }, new in the district
issue-check = Read these signs to each other:
issue-answer = Connect
issue-answer-again = Connect again
issue-answer-named = Connect the laptop of { $name }
issue-none = No request on this stick.
issue-none-hint = On the new laptop: Send and receive, then “Without a network: through the coach”.
issue-answered = The answer for { $name } is on the stick, with what you have of their centre.
issue-tell = Say these signs to the person, aloud:
issue-left =
    { $count ->
        [0] You can connect no more laptops without the server.
        [one] You can connect one more laptop without the server.
       *[other] You can connect { $count } more laptops without the server.
    }
issue-ask = 1. Ask
issue-ask-act = Write the request
issue-carry = The request is on the stick. Bring it to the coach, who sees the same signs.
issue-take = 2. Take the answer
issue-take-check = The ten signs that the coach says
issue-take-act = Begin
enrol-by-coach = Without a network: through the coach, with a stick
sync-provisional = Connected by your coach. The server confirms at the first contact; until then your entries are provisional.

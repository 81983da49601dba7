sync-kick = Sync
sync-sending = Sending…
sync-sending-detail = You may go on working. If the network fails, sending resumes where it was.
sync-sending-button = Sending…
sync-practice = The example never sends anything. Leave it to return to your work.
sync-not-enrolled = Everything is saved on this computer. It is not connected to a server yet.
sync-safe = Everything is saved on this computer.
sync-since = The oldest entry has been waiting since { $moment }.
sync-all-sent = Everything is sent, and everything that was there is here.
sync-clock = The clock of this computer is { $minutes } minutes off the server’s. Your entries are kept; set the clock.
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
enrol-title = Connect this computer
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
field-idea-name = idea
field-who-name = who
field-scale-name = scale
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
field-about-name = subject
field-day-name = day
field-deleted-name = removed

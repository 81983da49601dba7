handover-title = Hand over
handover-lead = Who leaves, who comes, and what is open. What was written keeps the name of who wrote it.
handover-last = On { $day }, { $from } handed over to { $to }.
handover-who = Who leaves, who comes
handover-leaver = Who leaves
handover-comer = Who comes
handover-someone-new = Someone new
handover-pin = The PIN of { $name }, typed by them alone
handover-open = What is open
handover-open-lead = What is ticked goes to the person who comes, from today.
handover-trial = Trial: { $what }
handover-member = Team: { $what }
handover-untitled = without a title
handover-no-post = without a post
handover-nobody-carries = Nobody is written in this cycle.
handover-no-cycle = No cycle is open.
handover-due =
    { $count ->
        [0] Nothing to do is pressing.
        [one] One thing to do.
       *[other] { $count } things to do.
    }
handover-questions =
    { $count ->
        [0] No question about a value is open.
        [one] One question about a value is open.
       *[other] { $count } questions about values are open.
    }
handover-waiting =
    { $count ->
        [0] Everything is sent.
        [one] One entry waits to be sent.
       *[other] { $count } entries wait to be sent.
    }
handover-since = The oldest: { $when }.
handover-see = See
handover-from-until = from { $since } to { $until }
handover-until = until { $until }
handover-from = since { $since }
handover-access = Access to this laptop
handover-access-of = From then on, for { $name }
handover-ends = Access ends
handover-ends-hint = The PIN opens nothing here any more
handover-keeps = Stays in the team
handover-keeps-hint = Still comes in, as a member
handover-act = Hand over
handover-after = The person who comes is in at once, with their PIN. Then print the page.
handover-page-open = The page to print
handover-page-print = Print
handover-page-title = Hand-over page
handover-page-day = On
handover-page-from = From
handover-page-to = To
handover-page-cycles = Open cycles
handover-page-no-verdict = No values yet.
handover-page-due = To do
handover-page-nothing-due = Nothing is pressing.
handover-page-access = Who may come in
handover-page-help = Where to find help
handover-page-no-help = The district
handover-page-signs = Signature { $name }

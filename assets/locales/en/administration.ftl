administration-title = Administration
administration-enter = Log in
administration-leave = Log out
administration-as = { $name }, { $role }, { $place }
administration-lead = You log in here with your own name, as it is entered at the server. The first time, type the code that you were given; you will then choose your passphrase.
administration-name = Your name
administration-secret = Passphrase, or the code that you were given
administration-choose = The code is good. Choose your passphrase: at least twelve letters, such as a short sentence that nobody would guess.
administration-chosen = New passphrase
administration-again = The same once more
administration-no-server = This laptop is not connected to a server.
administration-no-server-hint = Connect it first with an invitation code, from “Synchronise”.
administration-laptops = Laptops
administration-invite = Invite
administration-people = People
administration-aside = Kept aside
administration-move = Move a centre
administration-journal = Who did what
administration-find = Find a place
administration-find-person = Find a person or a place
administration-find-deed = Find in the list
administration-late = Not heard of for { $days } days
administration-count =
    { $count ->
        [one] { $count } laptop
       *[other] { $count } laptops
    }
administration-none = No laptop
administration-none-hint = No laptop of your places is connected yet.
administration-none-found = Nothing fits this search. Clear it to see everything again.
administration-today = today
administration-roles = Roles
administration-roles-named = Roles on the laptop of { $place }
administration-roles-lead = Whoever enrolled this laptop may hold other roles. A role that is taken away takes along what it alone showed, once what was waiting has been sent.
administration-held = { $role }: { $place }
administration-role-add = Add a role
administration-role-give = Give this role
administration-role-take = Take away
administration-role-take-named = Take away the role: { $role }
administration-coaches-too = This person also coaches the district
administration-revoke = Revoke
administration-revoke-named = Revoke { $place }
administration-revoke-ask = The laptop of { $place } will be given nothing more. What it still sends will be kept aside, and nothing is deleted. This cannot be undone: it would need a new invitation.
administration-revoke-person-ask = { $name } will not come in on any laptop again. What they still write will be kept aside; what they wrote stays.
administration-reason = Why?
administration-laptops-too = Revoke the laptops that they enrolled too: nobody else works there
administration-revoked = The laptop of { $place } is revoked.
administration-revoked-person = { $name } is revoked.
administration-revoked-on = revoked { $day }
administration-copies =
    { $count ->
        [one] A copy of this laptop goes on under another name. Revoke it too if it is not yours.
       *[other] { $count } copies of this laptop go on under other names. Revoke them too if they are not yours.
    }
administration-enrolled-too =
    { $count ->
        [one] One laptop that they enrolled is revoked too.
       *[other] { $count } laptops that they enrolled are revoked too.
    }
administration-enrolled-go-on =
    { $count ->
        [one] One laptop that they enrolled goes on. Revoke it if nobody else works there.
       *[other] { $count } laptops that they enrolled go on. Revoke them if nobody else works there.
    }
administration-nobody = Nobody
administration-nobody-hint = People appear here as soon as their laptop has been in contact with the server.
administration-for = Whom is the laptop for?
administration-for-team = A centre’s team
administration-for-coach = The district’s coach
administration-for-region = A regional directorate
administration-for-nation = The national directorate
administration-for-partner = A partner
administration-where = Where?
administration-in = In: { $place }
administration-facility = Name of the centre
administration-facility-hint = A centre that is connected already keeps what it has; a new name makes the centre in the district.
administration-invite-act = Make an invitation
administration-once = The code will not be shown again. Print it, or write it down now.
administration-slip = Invitation to connect a laptop to Ɲɛtaa
administration-slip-place = Place
administration-slip-role = Role
administration-slip-until = Good until
administration-slip-how = On the laptop, open “Synchronise”, then “Connect this laptop”, and type the address and the code. The code is good once.
administration-slip-certificate = Choose the programme’s certificate too, which is handed over with this sheet on a USB stick.
administration-aside-lead = What the server did not let in. Nothing is lost: look at it, speak with the team, then accept what is right.
administration-aside-none = Nothing is kept aside
administration-aside-none-hint = Everything that came from your places was accepted.
administration-saves =
    { $count ->
        [one] { $count } save
       *[other] { $count } saves
    }
administration-look = Look
administration-look-named = Look at what is kept aside for { $place }
administration-unreadable = It takes a newer version to read it.
administration-hidden = content for those who follow this place
administration-release = Accept
administration-release-ask = Accept these saves: they will go to everyone who works with this place, and you answer for them.
administration-released = What waited for { $place } is accepted.
administration-move-lead = The centre and all of its work come under the other district. Nothing is lost, not even what is sent later.
administration-which = Which centre?
administration-to = To which district?
administration-move-act = Move
administration-moved = { $place }: moved to { $district }.
administration-no-deed = No line
administration-no-deed-hint = What everyone does at the server for your places appears here.
deed-administrator-added = Someone entered for administration
deed-code-given = New entry code given
deed-administrator-disabled = Access to administration ended
deed-passphrase-chosen = First log-in, passphrase chosen
deed-logged-in = Log-in to administration
deed-login-refused = Log-in refused
deed-logged-out = Log-out of administration
deed-invited = Laptop invited
deed-laptop-revoked = Laptop revoked
deed-person-revoked = Person revoked
deed-post-given = Further role given
deed-post-taken = Role taken away
deed-facility-moved = Centre put under another district
deed-aside-read = Read what is kept aside
deed-aside-released = Let in what was kept aside
deed-bundle-in = Stick received
deed-bundle-out = Stick written
deed-backed-up = Server backed up
deed-restored = Server put back from a backup
deed-heir-named = Heir of the server named
deed-succeeded = Server key replaced

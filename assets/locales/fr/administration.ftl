administration-title = Administration
administration-enter = Entrer
administration-leave = Sortir
administration-as = { $name }, { $role }, { $place }
administration-lead = Vous entrez ici avec votre propre nom, tel qu’il est inscrit sur le serveur. La première fois, écrivez le code que l’on vous a donné ; vous choisirez ensuite votre phrase de passe.
administration-name = Votre nom
administration-secret = Phrase de passe, ou code reçu
administration-choose = Le code est bon. Choisissez votre phrase de passe : au moins douze lettres, par exemple une petite phrase que personne ne devinerait.
administration-chosen = Nouvelle phrase de passe
administration-again = La même, encore une fois
administration-no-server = Cet ordinateur n’est pas relié à un serveur.
administration-no-server-hint = Reliez-le d’abord avec un code d’invitation, depuis « Synchroniser ».
administration-laptops = Ordinateurs
administration-invite = Inviter
administration-people = Personnes
administration-aside = Mis de côté
administration-move = Rattacher un centre
administration-journal = Qui a fait quoi
administration-find = Chercher un lieu
administration-find-person = Chercher une personne ou un lieu
administration-find-deed = Chercher dans la liste
administration-late = Sans nouvelles depuis { $days } jours
administration-count =
    { $count ->
        [one] { $count } ordinateur
       *[other] { $count } ordinateurs
    }
administration-none = Aucun ordinateur
administration-none-hint = Aucun ordinateur de vos lieux n’est encore relié.
administration-none-found = Rien ne correspond à cette recherche. Effacez-la pour tout revoir.
administration-today = aujourd’hui
administration-roles = Rôles
administration-roles-named = Rôles sur l’ordinateur de { $place }
administration-roles-lead = La personne qui a relié cet ordinateur peut avoir d’autres rôles. Un rôle retiré emporte ce que lui seul montrait, après l’envoi de ce qui attendait.
administration-held = { $role } : { $place }
administration-role-add = Ajouter un rôle
administration-role-give = Donner ce rôle
administration-role-take = Enlever
administration-role-take-named = Enlever le rôle : { $role }
administration-coaches-too = Cette personne est aussi coach du district
administration-revoke = Retirer
administration-revoke-named = Retirer { $place }
administration-revoke-ask = L’ordinateur de { $place } ne recevra plus rien. Ce qu’il envoie encore sera mis de côté, rien n’est effacé. On ne peut pas revenir en arrière : il faudra une nouvelle invitation.
administration-revoke-person-ask = { $name } n’entrera plus sur aucun ordinateur. Ce que cette personne écrit encore sera mis de côté, ce qu’elle a écrit reste.
administration-reason = Pourquoi ?
administration-laptops-too = Retirer aussi les ordinateurs que cette personne a reliés : personne d’autre n’y travaille
administration-revoked = L’ordinateur de { $place } est retiré.
administration-revoked-person = { $name } est retirée ou retiré.
administration-revoked-on = retiré le { $day }
administration-copies =
    { $count ->
        [one] Une copie de cet ordinateur continue sous un autre nom. Retirez-la aussi si elle n’est pas la vôtre.
       *[other] { $count } copies de cet ordinateur continuent sous d’autres noms. Retirez-les aussi si elles ne sont pas les vôtres.
    }
administration-enrolled-too =
    { $count ->
        [one] Un ordinateur relié par cette personne est retiré aussi.
       *[other] { $count } ordinateurs reliés par cette personne sont retirés aussi.
    }
administration-enrolled-go-on =
    { $count ->
        [one] Un ordinateur relié par cette personne continue. Retirez-le si personne d’autre n’y travaille.
       *[other] { $count } ordinateurs reliés par cette personne continuent. Retirez-les si personne d’autre n’y travaille.
    }
administration-nobody = Personne
administration-nobody-hint = Les personnes paraissent ici dès que leur ordinateur a pris contact avec le serveur.
administration-for = Pour qui est l’ordinateur ?
administration-for-team = Équipe d’un centre
administration-for-coach = Coach du district
administration-for-region = Direction régionale
administration-for-nation = Direction nationale
administration-for-partner = Partenaire
administration-where = Où ?
administration-in = Dans : { $place }
administration-facility = Nom du centre
administration-facility-hint = Un centre déjà relié garde ce qu’il a ; un nouveau nom crée le centre dans le district.
administration-invite-act = Faire une invitation
administration-once = Le code ne sera plus montré. Imprimez-le, ou écrivez-le maintenant.
administration-slip = Invitation à relier un ordinateur à Ɲɛtaa
administration-slip-place = Lieu
administration-slip-role = Rôle
administration-slip-until = Valable jusqu’au
administration-slip-how = Sur l’ordinateur, ouvrez « Synchroniser », puis « Relier cet ordinateur », et écrivez l’adresse et le code. Le code sert une seule fois.
administration-slip-certificate = Choisissez aussi le certificat du programme, qui est remis avec cette feuille sur une clé USB.
administration-aside-lead = Ce que le serveur n’a pas laissé entrer. Rien n’est perdu : regardez, parlez avec l’équipe, puis acceptez ce qui est juste.
administration-aside-none = Rien n’est mis de côté
administration-aside-none-hint = Tout ce qui est arrivé de vos lieux a été accepté.
administration-saves =
    { $count ->
        [one] { $count } enregistrement
       *[other] { $count } enregistrements
    }
administration-look = Regarder
administration-look-named = Regarder ce qui est mis de côté pour { $place }
administration-unreadable = Une version plus récente est nécessaire pour le lire.
administration-hidden = contenu réservé à ceux qui suivent ce lieu
administration-release = Accepter
administration-release-ask = Accepter ces enregistrements : ils iront chez tous ceux qui travaillent avec ce lieu, et vous en répondez.
administration-released = Ce qui attendait pour { $place } est accepté.
administration-move-lead = Le centre et tout son travail passent sous l’autre district. Rien n’est perdu, même ce qui sera envoyé plus tard.
administration-which = Quel centre ?
administration-to = Vers quel district ?
administration-move-act = Rattacher
administration-moved = { $place } : rattaché à { $district }.
administration-no-deed = Aucune ligne
administration-no-deed-hint = Ici paraît ce que chacun fait sur le serveur pour vos lieux.
deed-administrator-added = Inscription d’une personne à l’administration
deed-code-given = Nouveau code d’accès donné
deed-administrator-disabled = Accès à l’administration retiré
deed-passphrase-chosen = Première entrée, phrase de passe choisie
deed-logged-in = Entrée à l’administration
deed-login-refused = Entrée refusée
deed-logged-out = Sortie de l’administration
deed-invited = Invitation d’un ordinateur
deed-laptop-revoked = Retrait d’un ordinateur
deed-person-revoked = Retrait d’une personne
deed-post-given = Rôle donné en plus
deed-post-taken = Rôle retiré
deed-facility-moved = Centre rattaché à un autre district
deed-aside-read = Lecture de ce qui est mis de côté
deed-aside-released = Acceptation de ce qui était mis de côté
deed-bundle-in = Clé USB reçue
deed-bundle-out = Clé USB écrite
deed-backed-up = Sauvegarde du serveur
deed-restored = Serveur remis d’une sauvegarde
deed-heir-named = Héritier du serveur nommé
deed-succeeded = Clé du serveur remplacée

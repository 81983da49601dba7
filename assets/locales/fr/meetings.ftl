meetings-title = Réunions
meetings-none = Aucune réunion notée.
meetings-none-hint = « Tenir la réunion » ouvre la page du jour : l’ordre du jour y est déjà.
meeting-hold = Tenir la réunion
meeting-of = Réunion du { $day }
meeting-no-day = Sans date
meeting-mode = Grand écran
meeting-print = Imprimer
meeting-venue = Où ?
meeting-who = Qui est là ?
meeting-present =
    { $all ->
        [0] Personne n’est encore noté.
        [one] Une personne : { $women } F, { $men } H, { $community } pour la communauté
       *[other] { $all } personnes : { $women } F, { $men } H, { $community } pour la communauté
    }
meeting-decided =
    { $count ->
        [0] rien de décidé
        [one] une décision
       *[other] { $count } décisions
    }
meeting-sex-f = Femme
meeting-sex-m = Homme
meeting-community = Pour la communauté
meeting-remove-named = Retirer { $name }
meeting-removed = Retiré : { $name }
meeting-team-hint = L’équipe : une touche par personne.
meeting-add = Ajouter une personne présente
meeting-add-button = Ajouter
meeting-add-placeholder = Une autre personne
meeting-agenda = Ordre du jour
meeting-agenda-hint = Fait de ce qui est dû. Une ligne par point.
meeting-agenda-actions =
    { $count ->
        [one] Une action en cours à revoir
       *[other] { $count } actions en cours à revoir
    }
meeting-last = Décidé le { $day }
meeting-carried = Actions en cours
meeting-decisions = Ce que nous décidons
meeting-decide = Que décidons-nous ?
meeting-decide-both = Pour une action, dites qui et pour quand.
meeting-who-when = { $who }, pour le { $day }
meeting-chart-then = Le graphique tel qu’il était le { $day }
meeting-notes = Ce qui s’est dit
meeting-notes-hint = Quelques mots suffisent. Aucun nom de patiente ou de patient.
meeting-leave = Quitter
meeting-step = { $step } sur { $count }
meeting-back = Avant
meeting-next = Suite
meeting-since = Depuis la dernière fois
meeting-due = Ce qui nous attend
meeting-decided-title = Ce que nous avons décidé
meeting-nothing-decided = Rien encore. Écrivez la première décision ci-dessous.

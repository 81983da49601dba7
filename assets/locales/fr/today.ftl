today-hello =
    Bonjour { $name }. { $count ->
        [0] Rien ne presse aujourd’hui.
        [1] Une chose aujourd’hui.
        [2] Deux choses aujourd’hui.
        [3] Trois choses aujourd’hui.
        [4] Quatre choses aujourd’hui.
        [5] Cinq choses aujourd’hui.
       *[other] { $count } choses aujourd’hui.
    }
today-minutes = { $minutes } min
today-nothing = Tout est fait. Bravo à l’équipe.
today-suggestion = Revoir un cycle avec l’équipe
today-hello-reader = Bonjour { $name }.
today-reads = Ici, vous lisez sans rien changer.
today-reads-act = Voir les cycles
today-start-cycle = Commencer un premier cycle
today-start-cycle-detail = Choisissez un soin à améliorer : un modèle apporte l’objectif, les mesures et des idées.
today-start-cycle-act = Commencer
today-review-values =
    { $count ->
        [one] Deux personnes ont écrit à un endroit : à choisir
       *[other] Des valeurs à choisir à { $count } endroits
    }
today-review-values-detail = Les valeurs de chacun sont gardées. Dites laquelle montrer.
today-review-values-act = Choisir
today-send-work =
    Envoyer au district : { $count ->
        [one] une saisie attend
       *[other] { $count } saisies attendent
    }
today-send-work-detail = La plus ancienne est du { $since }. Sans réseau, une clé USB suffit.
today-send-work-act = Envoyer
today-backfill =
    Reprendre les 12 derniers mois : { $count ->
        [one] une mesure
       *[other] { $count } mesures
    }
today-backfill-detail = Dix mois dans le registre suffisent pour un premier verdict.
today-backfill-act = Saisir
today-enter-month =
    Saisir { $month } : { $count ->
        [one] une mesure en attente
       *[other] { $count } mesures en attente
    }
today-enter-month-detail =
    { $filled ->
        [one] { $filled } mesure sur { $expected } est déjà saisie.
       *[other] { $filled } mesures sur { $expected } sont déjà saisies.
    }
today-enter-month-act = Saisir
today-study-trial = Étudier l’essai « { $title } »
today-study-trial-detail = Il devait finir le { $ends }. Comparez ce que vous avez vu avec ce que vous pensiez. Cycle : { $cycle }.
today-study-trial-act = Étudier
today-decide = Décider de l’essai « { $title } »
today-decide-detail = Vous avez comparé. Que gardez-vous ? Cycle : { $cycle }.
today-decide-act = Décider
today-explain-sign = { $cycle } : un signe de changement
today-explain-sign-detail =
    { $length } points de suite { $side ->
        [above] au-dessus
       *[below] au-dessous
    } de la médiane depuis { $since }. Qu’est-ce qui l’explique ?
today-explain-sign-act = Répondre
today-complete-aim = Compléter l’objectif : { $cycle }
today-complete-aim-detail = Pour qui, quoi, de combien à combien, jusqu’à quand.
today-complete-aim-act = Compléter
today-plan-trial = Planifier un premier essai : { $cycle }
today-plan-trial-detail = Petit : une personne, une garde, une semaine.
today-plan-trial-act = Planifier
today-do-action = { $text }
today-do-action-detail = { $who }, pour le { $due }. Est-ce fait ?
today-do-action-act = Répondre
today-all-actions = Toutes les actions ({ $count })
today-owed =
    { $level ->
        [asaco] L’ASACO vous doit
        [commune] La commune vous doit
        [region] La région vous doit
       *[district] Le district vous doit
    } { $count ->
        [one] une réponse
       *[other] { $count } réponses
    }
today-owed-first = « { $text } »
today-owed-act = Voir
today-owes =
    { $count ->
        [one] Vous devez une réponse
       *[other] Vous devez { $count } réponses
    }
today-owes-whom = à { $places }
today-owes-act = Répondre
today-recheck = Le gain tient-il ? { $looked }
today-recheck-detail = { $trial } : { $months } mois après la décision d’adopter. { $who }, pour le { $due }.
today-recheck-act = Regarder
today-visit-soon = Visite prévue : { $place }
today-visit-soon-detail = Le { $day }. Relisez les recommandations précédentes et imprimez la fiche.
today-visit-soon-act = Préparer
today-visit-under-way = Visite à terminer : { $place }
today-visit-under-way-detail = Commencée le { $day }. Toutes les réponses sont gardées.
today-visit-under-way-act = Continuer
today-visit-returned = Visite à corriger : { $place }
today-visit-returned-detail = Du { $day }. { $why }
today-visit-returned-act = Corriger
today-pause = Se poser ensemble : { $month }
today-pause-detail = Le trimestre est fini. Qu’attendiez-vous, que s’est-il passé, pourquoi, et que ferez-vous ?
today-pause-act = Commencer

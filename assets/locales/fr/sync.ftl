sync-kick = Synchroniser
sync-sending = Envoi en cours…
sync-sending-detail = Vous pouvez continuer à travailler. Si le réseau tombe, l’envoi reprendra où il en est.
sync-sending-button = Envoi…
sync-practice = L’exemple n’envoie jamais rien. Quittez-le pour retrouver votre travail.
sync-not-enrolled = Tout est enregistré sur cet ordinateur. Il n’est pas encore relié à un serveur.
sync-safe = Tout est enregistré sur cet ordinateur.
sync-since = La plus ancienne saisie attend depuis le { $moment }.
sync-all-sent = Tout est envoyé, et tout ce qui était là-bas est ici.
sync-clock = L’heure de cet ordinateur s’écarte de { $minutes } minutes de celle du serveur. Vos saisies sont gardées ; réglez l’heure.
sync-review =
    { $count ->
        [one] { $count } endroit où deux personnes ont écrit
       *[other] { $count } endroits où deux personnes ont écrit
    }
sync-waiting = Ce qui attend
sync-changes =
    { $count ->
        [one] { $count } changement
       *[other] { $count } changements
    }
sync-held =
    { $count ->
        [one] { $count } saisie reçue attend une autre saisie qui n’est pas encore arrivée.
       *[other] { $count } saisies reçues attendent d’autres saisies qui ne sont pas encore arrivées.
    }
sync-now = Envoyer maintenant
sync-now-hint = Envoie ce qui attend et reçoit ce que les autres ont écrit.
sync-contact = Dernier contact
sync-never = Aucun contact encore.
sync-days-ago =
    { $days ->
        [one] il y a { $days } jour
       *[other] il y a { $days } jours
    }
sync-server = Serveur : { $server }
sync-log = Derniers envois
sync-whole-log = Tout l’historique
sync-result =
    { $sent ->
        [one] { $sent } saisie envoyée
       *[other] { $sent } saisies envoyées
    }, { $received ->
        [one] { $received } reçue
       *[other] { $received } reçues
    }, { $size }
sync-bytes = { $count } octets
sync-kilobytes = { $count } ko
enrol-title = Relier cet ordinateur
enrol-lead = Le district vous donne une adresse et un code d’invitation, qui sert une fois.
enrol-server = Adresse du serveur
enrol-code = Code d’invitation
enrol-act = Relier
enrol-hint = Rien n’est perdu si cela échoue.
enrol-busy = Connexion au serveur…
field-name-name = nom
field-level-name = niveau
field-parent-name = lieu au-dessus
field-code-name = code
field-aliases-name = autres noms
field-same-as-name = même lieu
field-role-name = rôle
field-place-name = lieu
field-template-name = modèle
field-area-name = domaine
field-title-name = titre
field-problem-name = problème
field-aim-who-name = objectif, qui
field-aim-what-name = objectif, quoi
field-aim-from-name = objectif, départ
field-aim-to-name = objectif, arrivée
field-aim-by-name = objectif, date
field-cause-name = cause
field-opened-name = date d’ouverture
field-status-name = état
field-cycle-name = cycle
field-post-name = fonction
field-since-name = début
field-until-name = fin
field-indicator-name = mesure
field-position-name = rang
field-goal-name = but
field-period-name = mois
field-stratum-name = groupe
field-source-name = source
field-numerator-name = numérateur
field-denominator-name = dénominateur
field-no-data-name = pas de donnée
field-explanation-name = explication
field-text-name = texte
field-idea-name = idée
field-who-name = qui
field-scale-name = échelle
field-starts-name = début
field-ends-name = fin
field-prediction-name = prédiction
field-data-plan-name = ce qui est compté
field-happened-name = ce qui s’est passé
field-seen-n-name = nombre vu
field-seen-d-name = sur combien
field-comparison-name = comparaison
field-learned-name = ce qui est appris
field-decision-name = décision
field-decided-name = date de décision
field-trial-name = essai
field-what-name = ce qui a été fait
field-conditions-name = conditions
field-cost-name = coût
field-evidence-name = preuve
field-about-name = sujet
field-day-name = jour
field-deleted-name = retiré
